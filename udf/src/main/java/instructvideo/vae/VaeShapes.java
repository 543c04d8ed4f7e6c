package instructvideo.vae;

import instructvideo.nn.ParameterShapes;
import java.util.List;
import java.util.SortedMap;

/** The tensors of an AutoencoderKL, from its config alone, in diffusers' names. */
final class VaeShapes {

  private final VaeConfig config;
  private final ParameterShapes shapes = new ParameterShapes();

  VaeShapes(VaeConfig config) {
    this.config = config;
  }

  /** The shape of each by name. */
  SortedMap<String, long[]> all() {
    long latents = config.latentChannels();
    shapes.conv2d("quant_conv", 2 * latents, 2 * latents, 1);
    shapes.conv2d("post_quant_conv", latents, latents, 1);
    encoder(shapes.at("encoder"));
    decoder(shapes.at("decoder"));
    return shapes.byName();
  }

  private void encoder(ParameterShapes encoder) {
    List<Integer> channels = config.blockOutChannels();
    int last = channels.size() - 1;
    encoder.conv2d("conv_in", config.inChannels(), channels.get(0), 3);
    for (int level = 0; level <= last; level++) {
      ParameterShapes block = encoder.at("down_blocks." + level);
      resnets(
          block,
          channels.get(Math.max(level - 1, 0)),
          channels.get(level),
          config.layersPerBlock());
      if (level < last) {
        block.conv2d("downsamplers.0.conv", channels.get(level), channels.get(level), 3);
      }
    }

    middle(encoder.at("mid_block"), channels.get(last));
    encoder.norm("conv_norm_out", channels.get(last));
    encoder.conv2d("conv_out", channels.get(last), 2L * config.latentChannels(), 3);
  }

  private void decoder(ParameterShapes decoder) {
    List<Integer> channels = config.blockOutChannels();
    int last = channels.size() - 1;
    decoder.conv2d("conv_in", config.latentChannels(), channels.get(last), 3);
    middle(decoder.at("mid_block"), channels.get(last));
    for (int level = 0; level <= last; level++) {
      ParameterShapes block = decoder.at("up_blocks." + level);
      long out = channels.get(last - level);
      resnets(
          block, channels.get(Math.min(last - level + 1, last)), out, config.layersPerBlock() + 1);
      if (level < last) {
        block.conv2d("upsamplers.0.conv", out, out, 3);
      }
    }

    decoder.norm("conv_norm_out", channels.get(0));
    decoder.conv2d("conv_out", channels.get(0), config.outChannels(), 3);
  }

  private static void middle(ParameterShapes block, long channels) {
    resnets(block, channels, channels, 2);
    ParameterShapes attention = block.at("attentions.0");
    attention.norm("group_norm", channels);
    for (String name : List.of("to_q", "to_k", "to_v", "to_out.0")) {
      attention.linear(name, channels, channels);
    }
  }

  private static void resnets(ParameterShapes block, long in, long out, int count) {
    for (int i = 0; i < count; i++) {
      long from = i == 0 ? in : out;
      ParameterShapes resnet = block.at("resnets." + i);
      resnet.norm("norm1", from);
      resnet.conv2d("conv1", from, out, 3);
      resnet.norm("norm2", out);
      resnet.conv2d("conv2", out, out, 3);
      if (from != out) {
        resnet.conv2d("conv_shortcut", from, out, 1);
      }
    }
  }
}
