package instructvideo.unet;

import instructvideo.nn.ParameterShapes;
import java.util.List;
import java.util.SortedMap;

/** The tensors of a UNet3DConditionModel, from its config alone, in diffusers' names. */
final class UNetShapes {

  /** diffusers' own constant: the config does not say it. */
  private static final int TRANSFORMER_IN_HEADS = 8;

  private final UNetConfig config;
  private final ParameterShapes shapes = new ParameterShapes();
  private final long temb;

  UNetShapes(UNetConfig config) {
    this.config = config;
    temb = 4L * config.blockOutChannels().get(0);
  }

  /** The shape of each by name. */
  SortedMap<String, long[]> all() {
    List<Integer> channels = config.blockOutChannels();
    int first = channels.get(0);
    int last = channels.get(channels.size() - 1);
    shapes.linear("time_embedding.linear_1", first, temb);
    shapes.linear("time_embedding.linear_2", temb, temb);
    shapes.conv2d("conv_in", config.inChannels(), first, 3);
    long inner = (long) TRANSFORMER_IN_HEADS * config.attentionHeadDim();
    transformer(shapes.at("transformer_in"), first, inner, inner);
    for (int level = 0; level < channels.size(); level++) {
      downBlock(level, channels.get(Math.max(level - 1, 0)), channels.get(level));
      upBlock(level);
    }

    ParameterShapes mid = shapes.at("mid_block");
    layer(mid, 0, last, last, true);
    layer(mid, 1, last, last, false);
    shapes.norm("conv_norm_out", first);
    shapes.conv2d("conv_out", first, config.outChannels(), 3);
    return shapes.byName();
  }

  private void downBlock(int level, long in, long out) {
    ParameterShapes block = shapes.at("down_blocks." + level);
    for (int i = 0; i < config.layersPerBlock(); i++) {
      layer(block, i, i == 0 ? in : out, out, config.downAttention().get(level));
    }

    if (level < config.blockOutChannels().size() - 1) {
      block.conv2d("downsamplers.0.conv", out, out, 3);
    }
  }

  /**
   * Its layers take what the way down left: of this level, and the last of them of the level above,
   * by size.
   */
  private void upBlock(int level) {
    List<Integer> channels = config.blockOutChannels();
    int last = channels.size() - 1;
    long out = channels.get(last - level);
    long below = channels.get(Math.min(last - level + 1, last));
    long above = channels.get(Math.max(last - level - 1, 0));
    ParameterShapes block = shapes.at("up_blocks." + level);
    for (int i = 0; i <= config.layersPerBlock(); i++) {
      long skip = i == config.layersPerBlock() ? above : out;
      layer(block, i, (i == 0 ? below : out) + skip, out, config.upAttention().get(level));
    }

    if (level < last) {
      block.conv2d("upsamplers.0.conv", out, out, 3);
    }
  }

  /** A resnet and a temporal convolution, and where there is attention, both transformers. */
  private void layer(ParameterShapes block, int index, long in, long out, boolean attention) {
    ParameterShapes resnet = block.at("resnets." + index);
    resnet.norm("norm1", in);
    resnet.conv2d("conv1", in, out, 3);
    resnet.linear("time_emb_proj", temb, out);
    resnet.norm("norm2", out);
    resnet.conv2d("conv2", out, out, 3);
    if (in != out) {
      resnet.conv2d("conv_shortcut", in, out, 1);
    }

    temporalConv(block.at("temp_convs." + index), out);
    if (attention) {
      long inner = out / config.attentionHeadDim() * config.attentionHeadDim();
      transformer(block.at("attentions." + index), out, inner, config.crossAttentionDim());
      transformer(block.at("temp_attentions." + index), out, inner, inner);
    }
  }

  private static void temporalConv(ParameterShapes conv, long channels) {
    for (int i = 1; i <= 4; i++) {
      conv.norm("conv%d.0".formatted(i), channels);
      String name = "conv%d.%d".formatted(i, i == 1 ? 2 : 3);
      conv.tensor(name + ".weight", channels, channels, 3, 1, 1);
      conv.tensor(name + ".bias", channels);
    }
  }

  private static void transformer(ParameterShapes module, long channels, long inner, long context) {
    module.norm("norm", channels);
    module.linear("proj_in", channels, inner);
    ParameterShapes block = module.at("transformer_blocks.0");
    attention(block.at("attn1"), inner, inner);
    attention(block.at("attn2"), inner, context);
    for (String norm : List.of("norm1", "norm2", "norm3")) {
      block.norm(norm, inner);
    }

    block.linear("ff.net.0.proj", inner, 8L * inner);
    block.linear("ff.net.2", 4L * inner, inner);
    module.linear("proj_out", inner, channels);
  }

  private static void attention(ParameterShapes attention, long inner, long context) {
    attention.linearNoBias("to_q", inner, inner);
    attention.linearNoBias("to_k", context, inner);
    attention.linearNoBias("to_v", context, inner);
    attention.linear("to_out.0", inner, inner);
  }
}
