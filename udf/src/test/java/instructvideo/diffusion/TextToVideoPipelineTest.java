package instructvideo.diffusion;

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
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextToVideoPipelineTest {
  @TempDir private Path directory;

  @BeforeEach
  void copy() throws IOException {
    Path var1 = Fixtures.path("cases/square/pipeline");

    try (Stream var2 = Files.walk(var1)) {
      for (Path var4 : var2::iterator) {
        Path var5 = directory.resolve(var1.relativize(var4).toString());
        if (!Files.isDirectory(var5)) {
          Files.copy(var4, var5);
        }
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
  void whatIsNotBuiltIsNamed(String var1, String var2, String var3, String var4)
      throws IOException {
    Path var5 = directory.resolve(var1);
    String var6 = Files.readString(var5);
    Assertions.assertThat(var6).contains(new CharSequence[] {var2});
    Files.writeString(var5, var6.replace(var2, var3));
    ((AbstractThrowableAssert)
            Assertions.assertThatThrownBy(() -> TextToVideoPipeline.check(directory))
                .isInstanceOf(InvalidInputException.class))
        .hasMessageContaining(var4)
        .hasMessageContaining(directory.toString());
  }

  @Test
  void tensorsThatAreNotTheModelsAreListed() throws IOException {
    Path var1 = directory.resolve("unet/diffusion_pytorch_model.safetensors");
    try (NDManager var2 = NDManager.newBaseManager("PyTorch")) {
      TreeMap var3 = new TreeMap<>(SafeTensors.read(var2, var1, DataType.FLOAT32));
      NDArray var4 = (NDArray) var3.remove("conv_in.bias");
      var3.put("conv_in.scale", var4);
      var3.put("conv_out.bias", var2.zeros(new Shape(new long[] {3L})));
      Files.delete(var1);
      SafeTensors.write(var1, var3);
    }

    ((AbstractThrowableAssert)
            Assertions.assertThatThrownBy(() -> TextToVideoPipeline.check(directory))
                .isInstanceOf(InvalidInputException.class))
        .hasMessage(
            "Cannot load %s: its tensors are not those of the UNet3DConditionModel in its config: 1"
                + " missing (conv_in.bias); 1 not known (conv_in.scale); 1 of another shape"
                + " (conv_out.bias is [3], not [4])",
            new Object[] {var1});
  }

  @Test
  void namesOfEarlierVersionsAreRead() throws IOException {
    rename("vae/diffusion_pytorch_model.safetensors", "attentions.0.to_q.", "attentions.0.query.");
    rename("vae/diffusion_pytorch_model.safetensors", ".to_out.0.", ".proj_attn.");
    rename("text_encoder/model.safetensors", "", "text_model.");
    TextToVideoPipeline.check(directory);
  }

  @Test
  void decoderAloneDecodes() throws IOException {
    try (NDManager var1 = NDManager.newBaseManager("PyTorch")) {
      TextToVideoPipeline var2 = new TextToVideoPipeline(var1, directory, DataType.FLOAT32);
      NDArray var3 = var1.ones(new Shape(new long[] {1L, 4L, 2L, 2L}));
      Assertions.assertThat(var2.vaeDecoder().decode(var3, BlockRunner.DIRECT).toFloatArray())
          .isEqualTo(var2.vae().decode(var3, BlockRunner.DIRECT).toFloatArray());
    }
  }

  @Test
  void latentsThatHalvingsDoNotDivideKeepTheirSize() throws IOException {
    try (NDManager var1 = NDManager.newBaseManager("PyTorch")) {
      TextToVideoPipeline var2 = new TextToVideoPipeline(var1, directory, DataType.FLOAT32);
      NDArray var3 = var1.ones(new Shape(new long[] {1L, 4L, 2L, 3L, 5L}));
      NDArray var4 = var1.ones(new Shape(new long[] {1L, 77L, 16L}));
      NDArray var5 = var2.unet(Map.of()).forward(var3, 1L, var4, BlockRunner.DIRECT);
      Assertions.assertThat(var5.getShape()).isEqualTo(var3.getShape());
      Assertions.assertThat(var5.abs().max().getFloat(new long[0])).isBetween(1.0E-6F, 1000.0F);
    }
  }

  private void rename(String var1, String var2, String var3) throws IOException {
    Path var4 = directory.resolve(var1);
    TreeMap var5 = new TreeMap();
    try (NDManager var6 = NDManager.newBaseManager("PyTorch")) {
      SafeTensors.read(var6, var4, DataType.FLOAT32)
          .forEach(
              (var3x, var4x) ->
                  var5.put(var2.isEmpty() ? var3 + var3x : var3x.replace(var2, var3), var4x));
      Files.delete(var4);
      SafeTensors.write(var4, var5);
    }
  }
}
