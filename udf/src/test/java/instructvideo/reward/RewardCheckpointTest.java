package instructvideo.reward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import instructvideo.clip.ClipModel;
import instructvideo.clip.ClipTokenizer;
import instructvideo.error.InvalidInputException;
import instructvideo.format.SafeTensors;
import instructvideo.format.StateDict;
import instructvideo.testing.Fixtures;
import instructvideo.testing.TorchFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RewardCheckpointTest {
  private static final Path CASE = Fixtures.path("cases/square");
  @TempDir private Path directory;

  @BeforeEach
  void copy() throws IOException {
    for (String var4 : new String[] {"config.json", "model.safetensors"}) {
      Files.copy(CASE.resolve("reward/hf").resolve(var4), directory.resolve(var4));
    }
  }

  @Test
  void ownVocabularyIsUsed() throws IOException {
    for (String var4 : new String[] {"vocab.json", "merges.txt", "tokenizer_config.json"}) {
      Files.copy(CASE.resolve("pipeline/tokenizer").resolve(var4), directory.resolve(var4));
    }

    try (ClipTokenizer var7 = RewardCheckpoint.open(directory, "").tokenizer()) {
      long[] var8 = var7.encode("");
      Assertions.assertThat(var8).startsWith(new long[] {912L, 913L}).endsWith(new long[] {0L});
    }
  }

  @Test
  void withoutVocabularyItIsOpenClips() throws IOException {
    try (ClipTokenizer var1 = RewardCheckpoint.open(directory, "").tokenizer()) {
      Assertions.assertThat(var1.encode("a cat"))
          .startsWith(new long[] {49406L, 320L, 2368L, 49407L, 0L});
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"module.", "text."})
  void otherLayoutsOfOpenClip(String var1) throws IOException {
    Path var2 = CASE.resolve("reward/config.json");
    Path var3 = directory.resolve("other.safetensors");
    try (NDManager var4 = NDManager.newBaseManager("PyTorch")) {
      Path var5 = CASE.resolve("reward/HPS_v2.pt");
      TreeMap var6 = new TreeMap();
      StateDict.read(var4, var5, DataType.FLOAT32)
          .forEach(
              (var2x, var3x) -> {
                boolean var4x = var2x.startsWith("visual.") || var2x.equals("logit_scale");
                var6.put(var1.equals("text.") && var4x ? var2x : var1 + var2x, var3x);
              });
      SafeTensors.write(var3, var6);
      NDArray var7 = var4.create(new long[][] {{49406L, 320L, 2368L, 49407L}});
      ClipModel var8 =
          RewardCheckpoint.open(var3, var2.toString()).loadTextTower(var4, DataType.FLOAT32);
      ClipModel var9 =
          RewardCheckpoint.open(var5, var2.toString()).loadTextTower(var4, DataType.FLOAT32);
      NDArray var10 = var7.concat(var4.zeros(var7.getShape(), DataType.INT64).repeat(1, 19L), 1);
      var10 = var10.get(":, :77", new Object[0]);
      Assertions.assertThat(var8.textFeatures(var10).toFloatArray())
          .isEqualTo(var9.textFeatures(var10).toFloatArray());
    }
  }

  @Test
  void whatIsNotBuiltIsNamed() throws IOException {
    Path var1 = directory.resolve("config.json");
    Files.writeString(var1, "{\"model_type\":\"siglip\"}");
    refused(directory, "", "model_type is \"siglip\"; built here: clip");
    Path var2 = directory.resolve("coca.json");
    String var3 = Files.readString(CASE.resolve("reward/config.json"));
    Files.writeString(var2, var3.replace("\"embed_dim\"", "\"multimodal_cfg\": {}, \"embed_dim\""));
    Path var4 = CASE.resolve("reward/HPS_v2.pt");
    refused(var4, var2.toString(), "multimodal_cfg is {}; built here: null");
    refused(var4, "ViT-H-14", "are not those of the OpenCLIP model in its config");
    refused(var4, "ViT-X-99", "reward.config is a JSON file or one of ViT-H-14,");
    Path var5 = directory.resolve("unknown").resolve("other.pt");
    Files.createDirectory(var5.getParent());
    new TorchFiles()
        .tensor("visual.proj", new float[] {1.0F, 2.0F}, new long[] {2L, 1L}, 1L, 1L)
        .write(var5);
    refused(var5, "", "its tensors are those of none of ViT-H-14, ViT-H-14-quickgelu,");
  }

  private static void refused(Path var0, String var1, String var2) {
    ((AbstractThrowableAssert)
            Assertions.assertThatThrownBy(() -> RewardCheckpoint.open(var0, var1))
                .isInstanceOf(InvalidInputException.class))
        .hasMessageContaining(var2);
  }
}
