package instructvideo.job.demo;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import instructvideo.error.InvalidInputException;
import instructvideo.job.config.RunConfig;
import instructvideo.job.config.Settings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The settings of a demo: demo.conf, with what the user gives before it.
 *
 * @param conf all that decides the result, as text; kept in the demo's directory
 * @param confName the file of it, for messages
 * @param execution settings of how it is run, which may change from start to start
 */
record DemoSettings(String conf, String confName, Map<String, String> execution) {

  /** The name of the reward in the demo. */
  static final String REWARD = "tinyworld";

  /** The name of the one that nothing is trained on. */
  static final String HELD_OUT = "heldout";

  /** The name of the adapter. */
  static final String ADAPTER = "tuned";

  private static final String THREADS = "1";
  private static final String MASTER = "local[2]";

  private static final List<String> EXECUTION = List.of("master", "threads");

  /**
   * The settings of a demo.
   *
   * @param given by the user
   * @param seed in place of the user's
   * @throws InvalidInputException if they are not valid, or the clips would not be square
   */
  static DemoSettings of(DemoFiles files, Settings given, long seed) {
    Map<String, String> execution = new LinkedHashMap<>();
    execution.put("threads", THREADS);
    if (System.getProperty("spark.master") == null) {
      execution.put("master", MASTER);
    }
    for (String key : EXECUTION) {
      if (given.isGiven(key)) {
        execution.put(key, given.given().getString(key));
      }
    }
    String conf = conf(files, given.given(), seed);
    DemoSettings settings = new DemoSettings(conf, files.conf().toString(), execution);
    RunConfig config = settings.load(Map.of()).run();
    if (config.video().height() != config.video().width()) {
      throw InvalidInputException.of(
          "Invalid video.width: %d; the demo's clips are square, give video.height (%d)",
          config.video().width(), config.video().height());
    }
    return settings;
  }

  /** Those of the prepare stage. */
  Settings prepare(DemoFiles files) {
    return load(out(files.data()));
  }

  /**
   * Those of the train stage.
   *
   * @param run directory that it writes
   * @param variant settings by key that differ
   */
  Settings train(DemoFiles files, Path run, Map<String, String> variant) {
    Map<String, String> more = new LinkedHashMap<>(variant);
    more.putAll(out(run));
    more.put("data", files.data().toString());
    return load(more);
  }

  /**
   * Those of the evaluate stage.
   *
   * @param adapters directories of runs by name
   */
  Settings evaluate(DemoFiles files, Map<String, Path> adapters) {
    Map<String, String> more = new LinkedHashMap<>(out(files.evaluation()));
    adapters.forEach((name, run) -> more.put(Settings.key("adapter.paths", name), run.toString()));
    more.put(Settings.key("evaluate.prompts", "held-out"), files.testCaptions().toString());
    more.put(Settings.key("reward.checkpoints", HELD_OUT), files.heldOutReward().toString());
    more.put("evaluate.trained", REWARD);
    more.put("evaluate.lossless", "true"); // half the colour's resolution shows at 32 x 32
    RunConfig config = load(Map.of()).run();
    more.put("evaluate.ddim-steps", String.valueOf(config.sampler().ddimSteps()));
    more.put("evaluate.videos-per-prompt", String.valueOf(config.demo().copies()));
    return load(more);
  }

  /** All of them, with more from the demo itself. */
  Settings load(Map<String, String> more) {
    Map<String, String> overrides = new LinkedHashMap<>(execution);
    overrides.putAll(more);
    return Settings.load(conf, confName, overrides);
  }

  private static Map<String, String> out(Path out) {
    return Map.of("out", out.toString());
  }

  private static String conf(DemoFiles files, Config given, long seed) {
    Config config = given.withoutPath("out").withoutPath("data");
    config = config.withValue("seed", ConfigValueFactory.fromAnyRef(seed));
    config = config.withoutPath("demo.variants").withoutPath("demo.seeds");
    for (String key : EXECUTION) {
      config = config.withoutPath(key);
    }
    config = config.withFallback(ConfigFactory.parseResources(DemoSettings.class, "demo.conf"));
    config = with(config, "model", files.model());
    config = with(config, Settings.key("reward.checkpoints", REWARD), files.reward());
    config = with(config, "prepare.prompts", files.prompts());
    config = with(config, "prepare.videos", files.videos());
    ConfigRenderOptions plain =
        ConfigRenderOptions.defaults().setOriginComments(false).setComments(false).setJson(false);
    return config.root().render(plain);
  }

  private static Config with(Config config, String key, Path path) {
    return config.withValue(key, ConfigValueFactory.fromAnyRef(path.toString()));
  }
}
