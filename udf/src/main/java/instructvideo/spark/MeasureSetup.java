package instructvideo.spark;

import instructvideo.reward.RewardConfig;
import instructvideo.reward.RewardSum;
import instructvideo.spark.ScoreRows.RewardIds;
import instructvideo.video.FrameChoice;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How executors measure videos.
 *
 * @param score rewards, the frames that they score and how
 * @param features name of the reward whose image features are compared, "" for none
 * @param ids of each reward and sum
 */
public record MeasureSetup(ScoreSetup score, String features, TreeMap<String, RewardIds> ids)
    implements Serializable {

  public MeasureSetup {
    if (!score.frames().needsCount()) {
      throw new IllegalArgumentException("Invalid frames: %s".formatted(score.frames()));
    }

    if (!features.isEmpty() && !score.reward().checkpoints().containsKey(features)) {
      throw new IllegalArgumentException("Invalid features: %s is no reward".formatted(features));
    }
  }

  /**
   * Opens the rewards and finds out what they are.
   *
   * @param features name of the reward whose image features are compared, "" for none
   * @throws instructvideo.error.InvalidInputException if a reward is missing, damaged or does not
   *     fit
   */
  public static MeasureSetup of(ScoreSetup score, String features) throws IOException {
    RewardConfig config = score.reward();
    Map<String, String> weights = RewardFiles.ids(config);
    TreeMap<String, RewardIds> ids = new TreeMap<>();
    for (String name : config.checkpoints().keySet()) {
      ids.put(name, new RewardIds(weights.get(name), score.settingsId(name)));
    }

    for (RewardSum sum : config.rewardSums()) {
      ids.put(sum.name(), new RewardIds(weights.get(sum.name()), score.settingsId(sum)));
    }

    return new MeasureSetup(score, features, ids);
  }

  /** What decides the numbers besides the video and its prompt, by reward. */
  TreeMap<String, String> identity() {
    TreeMap<String, String> identity = new TreeMap<>();
    ids.forEach((name, id) -> identity.put(name, id.rewardId() + " " + id.settingsId()));
    if (!features.isEmpty()) {
      identity.put("", "features " + identity.get(features)); // no reward has this name
    }

    return identity;
  }

  /** Each reward as a sum of one term, then the sums. */
  List<RewardSum> results() {
    RewardConfig config = score.reward();
    Stream<RewardSum> rewards = config.checkpoints().keySet().stream().map(RewardSum::of);
    return Stream.concat(rewards, config.rewardSums().stream()).toList();
  }

  /** The scored frames of a video. */
  int[] indices(int frames, String video) {
    FrameChoice choice = score.frames();
    return choice.indices(frames, video);
  }
}
