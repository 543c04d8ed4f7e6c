package instructvideo.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import instructvideo.error.InvalidInputException;
import instructvideo.format.SafeTensors;
import instructvideo.nn.BlockRunner;
import instructvideo.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextToVideoPipelineTest {

  private static final String UNET = "unet/diffusion_pytorch_model.safetensors";
  private static final String VAE = "vae/diffusion_pytorch_model.safetensors";
  private static final String TEXT_ENCODER = "text_encoder/model.safetensors";

  @TempDir private Path directory;

  @BeforeEach
  void copy() throws IOException {
    Path source = Fixtures.path("cases/square/pipeline");
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = directory.resolve(source.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
  }

  @Test
  void wholePipelinePasses() throws IOException {
    TextToVideoPipeline.check(directory);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model_index.json|\"TextToVideoSDPipeline\"|\"StableDiffusionPipeline\"|_class_name is"
            + " \"StableDiffusionPipeline\"; built here: TextToVideoSDPipeline",
        "model_index.json|\"UNet3DConditionModel\"|\"UNetMotionModel\"|unet is UNetMotionModel;"
            + " built here: UNet3DConditionModel",
        "unet/config.json|\"UNet3DConditionModel\"|\"UNet2DConditionModel\"|_class_name is"
            + " \"UNet2DConditionModel\"; built here: UNet3DConditionModel",
        "unet/config.json|\"DownBlock3D\"|\"DownBlockMotion\"|down_block_types is"
            + " \"DownBlockMotion\"; built here: CrossAttnDownBlock3D",
        "unet/config.json|\"silu\"|\"gelu\"|act_fn is \"gelu\"; built here: silu",
        "unet/config.json|\"num_attention_heads\": null|\"num_attention_heads\":"
            + " 4|num_attention_heads is 4; built here: null",
        "unet/config.json|\"attention_head_dim\": 4|\"attention_head_dim\": [4,"
            + " 4]|attention_head_dim",
        "vae/config.json|\"AutoencoderKL\"|\"AutoencoderTiny\"|_class_name is \"AutoencoderTiny\";"
            + " built here: AutoencoderKL",
        "vae/config.json|\"DownEncoderBlock2D\"|\"AttnDownEncoderBlock2D\"|down_block_types is"
            + " \"AttnDownEncoderBlock2D\"",
        "text_encoder/config.json|\"gelu\"|\"relu\"|hidden_act is \"relu\"; built here: quick_gelu,"
            + " gelu",
        "text_encoder/config.json|\"CLIPTextModel\"|\"T5EncoderModel\"|architectures is"
            + " \"T5EncoderModel\"; built here: CLIPTextModel",
        "scheduler/scheduler_config.json|\"epsilon\"|\"v_prediction\"|prediction_type is"
            + " \"v_prediction\"; built here: epsilon",
        "scheduler/scheduler_config.json|\"scaled_linear\"|\"linear\"|beta_schedule is \"linear\";"
            + " built here: scaled_linear",
        "unet/config.json|{|{{|no JSON",
        "vae/config.json|\"layers_per_block\": 1|\"layers_per_block\": 2|missing (decoder.up_blocks"
      })
  void whatIsNotBuiltIsNamed(String name, String from, String to, String message)
      throws IOException {
    Path file = directory.resolve(name);
    String config = Files.readString(file);
    assertThat(config).contains(from);
    Files.writeString(file, config.replace(from, to));

    assertThatThrownBy(() -> TextToVideoPipeline.check(directory))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message)
        .hasMessageContaining(directory.toString());
  }

  @Test
  void tensorsThatAreNotTheModelsAreListed() throws IOException {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Map<String, NDArray> tensors = read(manager, UNET);
      tensors.put("conv_in.scale", tensors.remove("conv_in.bias"));
      tensors.put("conv_out.bias", manager.zeros(new Shape(3)));
      replace(UNET, tensors);
    }

    assertThatThrownBy(() -> TextToVideoPipeline.check(directory))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot load %s: its tensors are not those of the UNet3DConditionModel in its config: 1"
                + " missing (conv_in.bias); 1 not known (conv_in.scale); 1 of another shape"
                + " (conv_out.bias is [3], not [4])",
            directory.resolve(UNET));
  }

  @Test
  void namesOfEarlierVersionsAreRead() throws IOException {
    rename(
        VAE,
        name ->
            name.replace("attentions.0.to_q.", "attentions.0.query.")
                .replace(".to_out.0.", ".proj_attn."));
    rename(TEXT_ENCODER, name -> "text_model." + name);

    TextToVideoPipeline.check(directory);
  }

  @Test
  void decoderAloneDecodes() throws IOException {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      TextToVideoPipeline pipeline = new TextToVideoPipeline(manager, directory, DataType.FLOAT32);
      NDArray latents = manager.ones(new Shape(1, 4, 2, 2));

      assertThat(pipeline.vaeDecoder().decode(latents, BlockRunner.DIRECT).toFloatArray())
          .isEqualTo(pipeline.vae().decode(latents, BlockRunner.DIRECT).toFloatArray());
    }
  }

  /** 3 by 5: each up block's output has the size of the skip connection that it meets. */
  @Test
  void latentsThatHalvingsDoNotDivideKeepTheirSize() throws IOException {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      TextToVideoPipeline pipeline = new TextToVideoPipeline(manager, directory, DataType.FLOAT32);
      NDArray latents = manager.ones(new Shape(1, 4, 2, 3, 5));
      NDArray embeds = manager.ones(new Shape(1, 77, 16));

      NDArray eps = pipeline.unet(Map.of()).forward(latents, 1, embeds, BlockRunner.DIRECT);

      assertThat(eps.getShape()).isEqualTo(latents.getShape());
      assertThat(eps.abs().max().getFloat()).isBetween(1e-6f, 1e3f);
    }
  }

  private Map<String, NDArray> read(NDManager manager, String name) throws IOException {
    return new TreeMap<>(SafeTensors.read(manager, directory.resolve(name), DataType.FLOAT32));
  }

  /** Deleted first: the tensors may still lie in the old file's mapped pages. */
  private void replace(String name, Map<String, NDArray> tensors) throws IOException {
    Files.delete(directory.resolve(name));
    SafeTensors.write(directory.resolve(name), tensors);
  }

  private void rename(String name, UnaryOperator<String> toOther) throws IOException {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Map<String, NDArray> renamed = new TreeMap<>();
      read(manager, name).forEach((key, tensor) -> renamed.put(toOther.apply(key), tensor));
      replace(name, renamed);
    }
  }
}
