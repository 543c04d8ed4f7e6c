package instructvideo.spark;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import instructvideo.error.InvalidInputException;
import instructvideo.format.Fingerprint;
import instructvideo.reward.FrameReward;
import instructvideo.reward.ImageReward;
import instructvideo.reward.Interpolation;
import instructvideo.reward.OpenClipModels;
import instructvideo.reward.RewardCheckpoint;
import instructvideo.reward.RewardConfig;
import instructvideo.reward.RewardModels;
import instructvideo.reward.RewardSource;
import instructvideo.reward.RewardSum;
import instructvideo.reward.SumReward;
import instructvideo.reward.UserRewards;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rewards at URIs, brought to this host. */
public final class RewardFiles {

  private RewardFiles() {}

  /**
   * Opens the CLIP model of a reward.
   *
   * @param name of the reward, a key of the config's checkpoints
   * @throws InvalidInputException if it is missing, damaged or another model
   */
  public static RewardCheckpoint open(RewardConfig config, String name) throws IOException {
    String given = config.config();
    boolean file = !given.isEmpty() && !OpenClipModels.isBuiltIn(given);
    String uri = config.checkpoints().get(name);
    if (uri.isBlank()) {
      throw InvalidInputException.of(
          "Invalid --reward: %s; give it as NAME=PATH, or put a class of that name on the class"
              + " path with --jars (it has %s)",
          name, UserRewards.names().isEmpty() ? "none" : String.join(", ", UserRewards.names()));
    }

    return RewardCheckpoint.open(
        HadoopFiles.local(uri), file ? HadoopFiles.local(given).toString() : given);
  }

  /**
   * Opens a built-in reward: its CLIP model and, if it has one, its head.
   *
   * @throws InvalidInputException if something is missing, damaged or does not fit
   */
  public static RewardSource source(RewardConfig config, String name) throws IOException {
    String head = config.heads().get(name);
    Path file = head == null ? null : HadoopFiles.local(head);
    return RewardSource.of(name, open(config, name), file, config.fitOf(name));
  }

  /**
   * Loads every reward of a config for scoring, in the order of their names; sums are the caller's.
   *
   * @param interpolation of pictures; the config's own is training's
   * @param type of the towers' weights and activations
   * @param manager owner of all weights, on the device that scores
   * @throws InvalidInputException if one is missing, damaged or does not fit
   */
  public static List<ImageReward> load(
      RewardConfig config, Interpolation interpolation, DataType type, NDManager manager)
      throws IOException {
    List<RewardSource> sources = new ArrayList<>();
    for (String name : config.checkpoints().keySet()) {
      if (userReward(config, name).isEmpty()) {
        sources.add(source(config, name));
      }
    }

    Map<String, ImageReward> builtIn =
        new RewardModels(manager, type, interpolation).imageRewards(sources);
    List<ImageReward> rewards = new ArrayList<>();
    for (String name : config.checkpoints().keySet()) {
      ImageReward loaded = builtIn.get(name);
      rewards.add(loaded == null ? loadUser(config, name, manager) : loaded);
    }

    return rewards;
  }

  /**
   * Loads what training follows: a reward, or a sum of rewards.
   *
   * @throws InvalidInputException if one is missing, damaged, does not fit or has no gradient
   */
  static FrameReward load(RewardConfig config, RewardSum target, DataType type, NDManager manager)
      throws IOException {
    RewardModels models = new RewardModels(manager, type, config.interpolation());
    List<SumReward.Term> terms = new ArrayList<>();
    for (Map.Entry<String, Double> term : target.terms().entrySet()) {
      checkDifferentiable(config, term.getKey());
      FrameReward reward = models.frameReward(source(config, term.getKey()));
      terms.add(new SumReward.Term(term.getValue(), reward));
    }

    SumReward.Term first = terms.get(0);
    return terms.size() == 1 && first.factor() == 1 ? first.reward() : new SumReward(terms);
  }

  /**
   * What each reward and each sum is, wherever it lies, as 32 hexadecimal digits: of its weights,
   * its head and the model config that is given to them; of a user's class without weights, of the
   * class's name; of a sum, of its terms. Fit and interpolation are not in it.
   *
   * @return by name, first the rewards, then the sums
   * @throws InvalidInputException if something is missing, damaged or does not fit
   */
  public static Map<String, String> ids(RewardConfig config) throws IOException {
    Map<String, String> ids = new LinkedHashMap<>();
    for (String name : config.checkpoints().keySet()) {
      ids.put(name, id(config, name));
    }

    config.rewardSums().forEach(sum -> ids.put(sum.name(), id(sum, ids)));
    return ids;
  }

  /**
   * What a reward is; see {@link #ids}.
   *
   * @param name of a reward, not of a sum
   */
  public static String id(RewardConfig config, String name) throws IOException {
    Optional<ImageReward> user = userReward(config, name);
    if (user.isEmpty()) {
      return source(config, name).fingerprint();
    }

    String uri = config.checkpoints().get(name);
    String type = user.get().getClass().getName();
    return uri.isBlank()
        ? Fingerprint.of(List.of(type))
        : Fingerprint.of(List.of(type, Fingerprint.of(HadoopFiles.local(uri))));
  }

  /**
   * Refuses a reward whose score cannot be back-propagated.
   *
   * @throws InvalidInputException naming the class
   */
  public static void checkDifferentiable(RewardConfig config, String name) {
    Optional<ImageReward> user = userReward(config, name);
    if (user.isPresent()) {
      throw InvalidInputException.of(
          "Cannot train on reward %s: class %s only scores, it has no gradient; give a CLIP model,"
              + " with or without --head",
          name, user.get().getClass().getName());
    }
  }

  private static String id(RewardSum sum, Map<String, String> ids) {
    List<String> parts = new ArrayList<>();
    sum.terms().forEach((name, factor) -> parts.add(factor + "*" + ids.get(name)));
    parts.sort(null); // the order of the terms does not matter
    return Fingerprint.of(parts);
  }

  /** A new instance of the user's class of that name; it wins over a checkpoint. */
  private static Optional<ImageReward> userReward(RewardConfig config, String name) {
    Optional<ImageReward> user = UserRewards.find(name);
    if (user.isPresent() && config.heads().containsKey(name)) {
      throw InvalidInputException.of(
          "Invalid --head: %s; the reward %s is class %s, which takes none",
          name, name, user.get().getClass().getName());
    }

    return user;
  }

  private static ImageReward loadUser(RewardConfig config, String name, NDManager manager)
      throws IOException {
    String uri = config.checkpoints().get(name);
    ImageReward reward = userReward(config, name).orElseThrow();
    reward.load(manager, uri.isBlank() ? null : HadoopFiles.local(uri));
    return reward;
  }
}
