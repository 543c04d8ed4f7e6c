package instructvideo.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
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
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RewardCheckpointTest {

  private static final Path CASE = Fixtures.path("cases/square");
  private static final Path OPEN_CLIP = CASE.resolve("reward/HPS_v2.pt");
  private static final Path OPEN_CLIP_CONFIG = CASE.resolve("reward/config.json");

  @TempDir private Path directory;

  @BeforeEach
  void copy() throws IOException {
    for (String name : new String[] {"config.json", "model.safetensors"}) {
      Files.copy(CASE.resolve("reward/hf").resolve(name), directory.resolve(name));
    }
  }

  @Test
  void ownVocabularyIsUsed() throws IOException {
    for (String name : new String[] {"vocab.json", "merges.txt", "tokenizer_config.json"}) {
      Files.copy(CASE.resolve("pipeline/tokenizer").resolve(name), directory.resolve(name));
    }

    try (ClipTokenizer tokenizer = RewardCheckpoint.open(directory, "").tokenizer()) {
      assertThat(tokenizer.encode("")).startsWith(912, 913).endsWith(0);
    }
  }

  @Test
  void withoutVocabularyItIsOpenClips() throws IOException {
    try (ClipTokenizer tokenizer = RewardCheckpoint.open(directory, "").tokenizer()) {
      assertThat(tokenizer.encode("a cat")).startsWith(49406, 320, 2368, 49407, 0);
    }
  }

  /** "module." is put before all names by DistributedDataParallel, "text." by CustomTextCLIP. */
  @ParameterizedTest
  @ValueSource(strings = {"module.", "text."})
  void otherLayoutsOfOpenClip(String prefix) throws IOException {
    Path other = directory.resolve("other.safetensors");
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Map<String, NDArray> renamed = new TreeMap<>();
      StateDict.read(manager, OPEN_CLIP, DataType.FLOAT32)
          .forEach((name, tensor) -> renamed.put(renamed(name, prefix), tensor));
      SafeTensors.write(other, renamed);

      assertThat(textFeatures(manager, other)).isEqualTo(textFeatures(manager, OPEN_CLIP));
    }
  }

  @Test
  void whatIsNotBuiltIsNamed() throws IOException {
    Files.writeString(directory.resolve("config.json"), "{\"model_type\":\"siglip\"}");
    refused(directory, "", "model_type is \"siglip\"; built here: clip");
    Path coca = directory.resolve("coca.json");
    String config = Files.readString(OPEN_CLIP_CONFIG);
    Files.writeString(
        coca, config.replace("\"embed_dim\"", "\"multimodal_cfg\": {}, \"embed_dim\""));
    refused(OPEN_CLIP, coca.toString(), "multimodal_cfg is {}; built here: null");
  }

  @Test
  void tensorsOfAnotherModelAreRefused() throws IOException {
    refused(OPEN_CLIP, "ViT-H-14", "are not those of the OpenCLIP model in its config");
    refused(OPEN_CLIP, "ViT-X-99", "reward.config is a JSON file or one of ViT-H-14,");
    Path unknown = Files.createDirectory(directory.resolve("unknown")).resolve("other.pt");
    new TorchFiles()
        .tensor("visual.proj", new float[] {1, 2}, new long[] {2, 1}, 1, 1)
        .write(unknown);
    refused(unknown, "", "its tensors are those of none of ViT-H-14, ViT-H-14-quickgelu,");
  }

  private static String renamed(String name, String prefix) {
    boolean isNotText = name.startsWith("visual.") || name.equals("logit_scale");
    return prefix.equals("text.") && isNotText ? name : prefix + name;
  }

  /** Of "a cat". */
  private static float[] textFeatures(NDManager manager, Path checkpoint) throws IOException {
    ClipModel model =
        RewardCheckpoint.open(checkpoint, OPEN_CLIP_CONFIG.toString())
            .loadTextTower(manager, DataType.FLOAT32);
    long[] ids = Arrays.copyOf(new long[] {49406, 320, 2368, 49407}, 77);
    return model.textFeatures(manager.create(ids, new Shape(1, 77))).toFloatArray();
  }

  private static void refused(Path checkpoint, String config, String message) {
    assertThatThrownBy(() -> RewardCheckpoint.open(checkpoint, config))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }
}
