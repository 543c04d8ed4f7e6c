package instructvideo.reward;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import instructvideo.clip.ClipModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Loads built-in rewards on one device. Those of the same weights share them, so that a batch's
 * features are computed once for a linear head, an MLP and a cosine.
 */
public final class RewardModels {

  private final NDManager manager;
  private final DataType type;
  private final Interpolation interpolation;
  private final Map<Path, ClipModel> models = new HashMap<>();
  private final Map<Path, PromptFeatures> prompts = new HashMap<>();

  /**
   * Nothing is loaded yet.
   *
   * @param manager owner of all weights
   * @param type of the towers' weights and activations; heads and features are float32
   */
  public RewardModels(NDManager manager, DataType type, Interpolation interpolation) {
    this.manager = manager;
    this.type = type;
    this.interpolation = interpolation;
  }

  /**
   * Rewards that score batches, by name. They end together: one that is closed closes the tokenizer
   * of those that share its weights.
   */
  public Map<String, ImageReward> imageRewards(Collection<RewardSource> sources)
      throws IOException {
    Set<Path> read = new HashSet<>();
    for (RewardSource source : sources) {
      if (source.needsPrompt()) {
        read.add(source.checkpoint().weights());
      }
    }

    Map<String, ImageReward> rewards = new HashMap<>();
    for (RewardSource source : sources) {
      boolean reads = read.contains(source.checkpoint().weights());
      ClipReward clip = clip(source, reads);
      rewards.put(source.name(), imageReward(source, clip));
    }

    return rewards;
  }

  /** A reward to train on: the image tower alone, since training has the features of prompts. */
  public FrameReward frameReward(RewardSource source) throws IOException {
    ClipReward clip = clip(source, false);
    return source.head() == null ? clip : aesthetic(source, clip);
  }

  private ImageReward imageReward(RewardSource source, ClipReward clip) throws IOException {
    return source.head() == null
        ? new ClipImageReward(source.name(), clip, promptFeatures(source.checkpoint(), clip.clip()))
        : new AestheticImageReward(source.name(), aesthetic(source, clip));
  }

  private ClipReward clip(RewardSource source, boolean reads) throws IOException {
    RewardCheckpoint checkpoint = source.checkpoint();
    ClipModel model = models.get(checkpoint.weights());
    if (model == null) {
      model =
          reads ? checkpoint.loadTowers(manager, type) : checkpoint.loadImageTower(manager, type);
      models.put(checkpoint.weights(), model);
    }

    return new ClipReward(
        model, new ImagePreprocessor(model.imageSize(), interpolation, source.fit()));
  }

  private AestheticReward aesthetic(RewardSource source, ClipReward clip) throws IOException {
    int width = source.checkpoint().featureSize();
    return new AestheticReward(clip, AestheticHead.load(manager, source.head(), width));
  }

  private PromptFeatures promptFeatures(RewardCheckpoint checkpoint, ClipModel model)
      throws IOException {
    PromptFeatures features = prompts.get(checkpoint.weights());
    if (features == null) {
      features = new PromptFeatures(model, checkpoint.tokenizer());
      prompts.put(checkpoint.weights(), features);
    }

    return features;
  }
}
