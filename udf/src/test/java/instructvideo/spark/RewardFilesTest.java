package instructvideo.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import instructvideo.error.InvalidInputException;
import instructvideo.nn.TorchEngine;
import instructvideo.reward.FrameBatch;
import instructvideo.reward.ImageReward;
import instructvideo.reward.Interpolation;
import instructvideo.reward.RewardConfig;
import instructvideo.reward.RewardSum;
import instructvideo.testing.Fixtures;
import instructvideo.testing.RewardFixtures;
import instructvideo.video.RgbFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Scores of pictures of many sizes against open_clip's, and which rewards a config makes. */
class RewardFilesTest {

  private static final float COSINE = 1e-6f;
  private static final float HEAD = 1e-5f;

  /** Between a picture alone and the same in a batch: rounding of products of other shapes. */
  private static final float NEIGHBOURS = 1e-6f;

  @TempDir private Path temp;

  @BeforeAll
  static void start() {
    TorchEngine.start(1);
  }

  private static Path model(String name, String file) {
    return Fixtures.path("cases/" + name + "/reward").resolve(file);
  }

  private static RewardConfig config(
      Map<String, String> checkpoints,
      Map<String, String> heads,
      Map<String, String> fit,
      Map<String, String> sums,
      Path openClipConfig) {
    String config = openClipConfig == null ? "" : openClipConfig.toString();
    return new RewardConfig(checkpoints, heads, fit, sums, config, 4, 1, Interpolation.BILINEAR);
  }

  /** The four rewards of a case: both layouts, and both heads on OpenCLIP's. */
  private static RewardConfig config(String name, String fit) {
    Map<String, String> checkpoints = new HashMap<>();
    for (String reward : List.of("openclip", "linear", "mlp")) {
      checkpoints.put(reward, model(name, "HPS_v2.pt").toString());
    }

    checkpoints.put("hf", model(name, "hf").toString());
    Map<String, String> fits = new HashMap<>();
    checkpoints.keySet().forEach(reward -> fits.put(reward, fit));
    Map<String, String> heads =
        Map.of("linear", RewardFixtures.LINEAR.toString(), "mlp", RewardFixtures.MLP.toString());
    return config(checkpoints, heads, fits, Map.of(), model(name, "config.json"));
  }

  private static RewardConfig user(String path) {
    return config(Map.of("brightness", path), Map.of(), Map.of(), Map.of(), null);
  }

  private static Map<String, float[]> score(
      RewardConfig config, Interpolation interpolation, List<RgbFrame> frames, List<String> prompts)
      throws IOException {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      List<ImageReward> rewards =
          RewardFiles.load(config, interpolation, DataType.FLOAT32, manager);
      Map<String, float[]> scores = new HashMap<>();
      try (NDManager scope = manager.newSubManager()) {
        FrameBatch batch = new FrameBatch(scope, frames, prompts);
        rewards.forEach(reward -> scores.put(reward.name(), reward.score(batch)));
        assertThat(batch.preprocessNanos() > 0)
            .isEqualTo(rewards.stream().anyMatch(reward -> !reward.name().equals("brightness")));
      }

      rewards.forEach(ImageReward::close);
      return scores;
    }
  }

  static Stream<Arguments> transforms() {
    return Stream.of("square", "wide", "tall")
        .flatMap(
            name ->
                Stream.of("pad", "crop")
                    .flatMap(
                        fit ->
                            Arrays.stream(Interpolation.values())
                                .map(mode -> Arguments.of(name, fit, mode))));
  }

  @ParameterizedTest
  @MethodSource("transforms")
  void scoresAreThoseOfOpenClip(String name, String fit, Interpolation interpolation)
      throws IOException {
    Map<String, float[]> actual =
        score(config(name, fit), interpolation, RewardFixtures.frames(), RewardFixtures.prompts());
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      var expected = RewardFixtures.tensors(manager, "scores.safetensors");
      String key = name + "." + fit + "." + interpolation.name().toLowerCase(Locale.ROOT) + ".";
      float[] cosines = expected.get(key + "clip").toFloatArray();
      assertThat(actual.get("openclip")).containsExactly(cosines, within(COSINE));
      assertThat(actual.get("hf")).containsExactly(cosines, within(COSINE));
      for (String head : List.of("linear", "mlp")) {
        float[] scores = expected.get(key + head).toFloatArray();
        assertThat(actual.get(head)).as(head).containsExactly(scores, within(HEAD));
      }
    }
  }

  @Test
  void neighboursDoNotMatter() throws IOException {
    List<RgbFrame> frames = RewardFixtures.frames();
    List<String> prompts = RewardFixtures.prompts();
    RewardConfig config = config("wide", "pad");
    float[] together = score(config, Interpolation.BICUBIC, frames, prompts).get("openclip");
    float largest = 0;
    for (int i = 0; i < frames.size(); i++) {
      float[] alone =
          score(config, Interpolation.BICUBIC, frames.subList(i, i + 1), prompts.subList(i, i + 1))
              .get("openclip");
      largest = Math.max(largest, Math.abs(alone[0] - together[i]));
    }

    System.out.printf("alone and in a batch: %.1e%n", largest);
    assertThat(largest).isLessThan(NEIGHBOURS);
  }

  @Test
  void promptsAreComputedOnce() throws IOException {
    List<RgbFrame> frames = RewardFixtures.frames();
    List<String> prompts = RewardFixtures.prompts();
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      ImageReward reward =
          RewardFiles.load(
                  config("square", "pad"), Interpolation.BICUBIC, DataType.FLOAT32, manager)
              .get(0);
      float[] first = reward.score(new FrameBatch(manager, frames, prompts));
      reward.close(); // the tokenizer: a prompt that is not kept could not be read
      assertThat(reward.score(new FrameBatch(manager, frames, prompts))).isEqualTo(first);
    }
  }

  @Test
  void headsReadNoPrompts() throws IOException {
    List<RgbFrame> frames = RewardFixtures.frames();
    List<String> none = Collections.nCopies(frames.size(), null);
    RewardConfig config =
        config(
            Map.of("mlp", model("square", "hf").toString()),
            Map.of("mlp", RewardFixtures.MLP.toString()),
            Map.of(),
            Map.of(),
            null);
    float[] scores = score(config, Interpolation.BICUBIC, frames, none).get("mlp");
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      float[] cropped =
          RewardFixtures.tensors(manager, "scores.safetensors")
              .get("square.crop.bicubic.mlp")
              .toFloatArray();
      assertThat(scores).containsExactly(cropped, within(HEAD));
    }

    assertThatThrownBy(() -> score(config("square", "pad"), Interpolation.BICUBIC, frames, none))
        .hasMessage("Invalid batch: reward hf needs a prompt");
  }

  @Test
  void usersClassIsFoundByItsName() throws IOException {
    Path factor = Files.writeString(temp.resolve("factor.txt"), "10\n");
    List<RgbFrame> frames =
        List.of(
            new RgbFrame(2, 1, new byte[] {0, 0, 0, -1, -1, -1}),
            new RgbFrame(1, 1, new byte[] {-1, -1, -1}));
    List<String> none = Arrays.asList(null, null);

    assertThat(score(user(""), Interpolation.BICUBIC, frames, none).get("brightness"))
        .containsExactly(0.5f, 1);
    assertThat(score(user(factor.toString()), Interpolation.BICUBIC, frames, none))
        .hasEntrySatisfying("brightness", scores -> assertThat(scores).containsExactly(5, 10));
  }

  @Test
  void usersClassHasNoGradientAndNoHead() throws IOException {
    assertThatThrownBy(() -> RewardFiles.checkDifferentiable(user(""), "brightness"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot train on reward brightness: class instructvideo.testing.Brightness only scores,"
                + " it has no gradient; give a CLIP model, with or without --head");
    RewardConfig headed =
        config(Map.of("brightness", ""), Map.of("brightness", "x"), Map.of(), Map.of(), null);
    assertThatThrownBy(() -> RewardFiles.id(headed, "brightness"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("Invalid --head: brightness");
  }

  @Test
  void nameWithoutPathAndClassIsRefused() {
    RewardConfig config = config(Map.of("sharpness", ""), Map.of(), Map.of(), Map.of(), null);
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      assertThatThrownBy(
              () -> RewardFiles.load(config, Interpolation.BICUBIC, DataType.FLOAT32, manager))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage(
              "Invalid --reward: sharpness; give it as NAME=PATH, or put a class of that name on"
                  + " the class path with --jars (it has brightness)");
    }
  }

  @Test
  void idsTellWhatARewardIs() throws IOException {
    Path copy = Files.copy(model("square", "HPS_v2.pt"), temp.resolve("renamed.pt"));
    RewardConfig square = config("square", "pad");
    RewardConfig moved =
        config(
            Map.of("other", copy.toString()),
            Map.of(),
            Map.of("other", "crop"),
            Map.of(),
            model("square", "config.json"));
    String id = RewardFiles.id(square, "openclip");

    assertThat(id).matches("[0-9a-f]{32}");
    assertThat(RewardFiles.id(moved, "other")).as("whatever its name and fit").isEqualTo(id);
    List<String> ids = new ArrayList<>();
    for (String name : List.of("openclip", "hf", "linear", "mlp")) {
      ids.add(RewardFiles.id(square, name));
    }

    ids.add(RewardFiles.id(config("wide", "pad"), "openclip"));
    ids.add(RewardFiles.id(user(""), "brightness"));
    ids.add(RewardFiles.id(user(copy.toString()), "brightness"));
    ids.add(sumId("0.5*a+0.25*b"));
    ids.add(sumId("0.25*a+0.5*b"));
    assertThat(ids).doesNotHaveDuplicates();
    assertThat(sumId("0.25*b + 0.5*a")).isEqualTo(sumId("0.5*a+0.25*b"));
  }

  private String sumId(String sum) throws IOException {
    Map<String, String> rewards =
        Map.of("a", model("square", "hf").toString(), "b", model("wide", "hf").toString());
    RewardConfig config = config(rewards, Map.of(), Map.of(), Map.of("s", sum), null);
    assertThat(RewardFiles.ids(config).keySet()).containsExactly("a", "b", "s");
    return RewardFiles.ids(config).get("s");
  }

  /** The config of a state dict is not that of a directory beside it. */
  @Test
  void configIsForStateDictsAlone() throws IOException {
    Path config = model("square", "config.json");
    Map<String, String> rewards =
        Map.of(
            "hps", model("square", "HPS_v2.pt").toString(),
            "clip", model("tall", "hf").toString());
    RewardConfig both = config(rewards, Map.of(), Map.of(), Map.of(), config);
    RewardConfig alone =
        config(Map.of("clip", rewards.get("clip")), Map.of(), Map.of(), Map.of(), null);

    assertThat(RewardFiles.id(both, "clip")).isEqualTo(RewardFiles.id(alone, "clip"));
    assertThat(
            score(both, Interpolation.BICUBIC, RewardFixtures.frames(), RewardFixtures.prompts()))
        .containsOnlyKeys("hps", "clip");
  }

  @Test
  void sumOfFloatsIsMadeInDouble() {
    RewardSum sum = RewardSum.parse("s", "0.1*a - b", List.of("a", "b"));

    assertThat(sum.apply(name -> name.equals("a") ? 3f : 0.5f)).isEqualTo(0.1 * 3 - 0.5);
  }
}
