package instructvideo.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import instructvideo.error.InvalidInputException;
import instructvideo.nn.Precision;
import instructvideo.optim.OptimizerConfig;
import instructvideo.reward.Interpolation;
import instructvideo.train.RoundsConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SettingsTest {

  @Test
  void defaultsAreThePublishedValues() {
    RunConfig run = load().run();

    assertThat(run.seed()).isZero();
    assertThat(run.precision()).isEqualTo(Precision.FLOAT32);
    assertThat(run.sampler().ddimSteps()).isEqualTo(20);
    assertThat(run.sampler().startingPartial()).isEqualTo(0.6);
    assertThat(run.sampler().guidanceScale()).isEqualTo(3);
    assertThat(run.sampler().gradSteps()).isEqualTo(1);
    assertThat(run.sampler().offsetNoise()).isEqualTo(0.1);
    assertThat(run.reward().segments()).isEqualTo(4);
    assertThat(run.reward().lambdaTar()).isEqualTo(1);
    assertThat(run.reward().interpolation()).isEqualTo(Interpolation.BILINEAR);
    assertThat(run.lora().rank()).isEqualTo(4);
    assertThat(run.lora().alpha()).isEqualTo(4);
    assertThat(run.lora().targetModules()).containsExactly("to_q", "to_k", "to_v", "to_out.0");
    assertThat(run.optimizer().name()).isEqualTo(OptimizerConfig.Name.ADAMW);
    assertThat(run.optimizer().lr()).isEqualTo(1e-5);
    assertThat(run.optimizer().clipNorm()).isEqualTo(1);
    assertThat(run.optimizer().warmupSteps()).isEqualTo(10);
    assertThat(run.train().rounds()).isEqualTo(10);
    assertThat(run.train().batch()).isEqualTo(2);
    assertThat(run.train().outer()).isEqualTo(RoundsConfig.Outer.AVERAGE);
    assertThat(run.video().frames()).isEqualTo(16);
    assertThat(run.video().fps()).isEqualTo(8);
    assertThat(run.prepare().maxRejectFraction()).isEqualTo(0.1);
  }

  @Test
  void alphaFollowsTheRankUnlessGiven() {
    assertThat(load("lora.rank=16").run().lora().scale()).isEqualTo(1);
    assertThat(load("lora.rank=16", "lora.alpha=8").run().lora().scale()).isEqualTo(0.5);
  }

  @Test
  void commandLineWinsOverTheFile() {
    Settings settings = Settings.load("seed = 5, train.rounds = 7", "a.conf", Map.of("seed", "6"));

    assertThat(settings.run().seed()).isEqualTo(6);
    assertThat(settings.run().train().rounds()).isEqualTo(7);
    assertThat(settings.isGiven("train.rounds")).isTrue();
    assertThat(settings.isGiven("train.workers")).isFalse();
  }

  @Test
  void uriNeedsNoQuotes() {
    Settings settings = load("reward.checkpoints.hpsv2=s3a://bucket/HPS_v2.pt", "out=s3a://b/x//y");

    assertThat(settings.run().reward().checkpoints())
        .containsExactly(Map.entry("hpsv2", "s3a://bucket/HPS_v2.pt"));
    assertThat(settings.run().out()).isEqualTo("s3a://b/x//y");
  }

  @Test
  void listIsHocon() {
    assertThat(load("lora.target-modules=[to_q, to_v]").run().lora().targetModules())
        .containsExactly("to_q", "to_v");
  }

  @Test
  void unknownKeyNamesTheNearest() {
    assertThatThrownBy(() -> load("sampler.guidance-scal=3"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Unknown key sampler.guidance-scal (the command line); the nearest known key is "
                + "sampler.guidance-scale");
    assertThatThrownBy(() -> load("rank=3")).hasMessageContaining("known key is lora.rank");
    assertThatThrownBy(() -> Settings.load("a = 1\ntrain {\n round = 3\n}", "x.conf", Map.of()))
        .hasMessageContaining("(x.conf line");
  }

  @Test
  void badValuesAreNamed() {
    assertThatThrownBy(() -> load("train.rounds=ten"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("train.rounds");
    assertThatThrownBy(() -> load("sampler.starting-partial=1.5"))
        .hasMessage("Invalid setting: sampler.starting-partial must be in (0, 1], is 1.5");
    assertThatThrownBy(() -> load("optimizer.name=adam"))
        .hasMessage("Invalid optimizer.name: adam; must be one of [adamw, sgd]");
    assertThatThrownBy(() -> Settings.load("seed = ", "x.conf", Map.of()))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void everyKeyHasAHelpText() {
    assertThat(Flags.allKeys()).allSatisfy(flag -> assertThat(flag.help()).isNotBlank());
  }

  /** Names that scripts rely on. */
  @Test
  void optionsKeepTheirNames() {
    Set<String> names = new TreeSet<>();
    Flags.allKeys().forEach(flag -> names.add(flag.name()));

    assertThat(names)
        .containsAll(
            List.of(
                ("--frames --height --width --fps --segments --lambda-tar --interpolation"
                        + " --guidance-scale --ddim-steps --starting-partial --grad-steps --rank"
                        + " --alpha --optimizer --lr --batch --rounds --local-steps --workers"
                        + " --outer --seed --precision --keep --master")
                    .split(" ")));
  }

  private static Settings load(String... overrides) {
    Map<String, String> map = new LinkedHashMap<>();
    for (String override : overrides) {
      int equals = override.indexOf('=');
      map.put(override.substring(0, equals), override.substring(equals + 1));
    }

    return Settings.load("", "", map);
  }

  @Test
  void optionsOfOneNameAreTheCommandsOwn() {
    assertThat(Flags.of("top", List.of("--reward")).get(0).key()).isEqualTo("top.reward");
    assertThat(Flags.of("train", List.of("--reward")).get(0).key()).isEqualTo("reward.checkpoints");
    assertThat(Flags.of("score", List.of("--videos")).get(0).key()).isEqualTo("score.videos");
    assertThat(Flags.of("prepare", List.of("--videos")).get(0).key()).isEqualTo("prepare.videos");
    assertThat(Flags.of("train", List.of("--interpolation")).get(0).key())
        .isEqualTo("reward.interpolation");
  }
}
