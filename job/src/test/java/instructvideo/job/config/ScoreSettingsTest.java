package instructvideo.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import instructvideo.spark.ScoreSettings;
import instructvideo.spark.ScoreSetup;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** SQL and Spark ML score by the defaults of the command line. */
class ScoreSettingsTest {

  @Test
  void defaultsAreThoseOfReferenceConf() {
    Config reference = Settings.load("", "", Map.of()).resolved();
    ScoreSettings.DEFAULTS.forEach(
        (key, value) -> assertThat(reference.getString(key)).as(key).isEqualTo(value));
  }

  @Test
  void rewardsAreThoseOfReferenceConf() {
    RunConfig run = Settings.load("", "", Map.of()).run();
    ScoreSettings settings = ScoreSettings.of("", Map.of());
    assertThat(settings.reward()).isEqualTo(run.reward());
    ScoreSetup setup = settings.setup(settings.reward());
    assertThat(setup.interpolation()).isEqualTo(run.score().interpolation());
    assertThat(setup.precision()).isEqualTo(run.precision());
    assertThat(setup.decodeTimeout()).isEqualTo(run.score().decodeTimeout());
    assertThat(setup.batch()).isEqualTo(run.score().batch());
  }
}
