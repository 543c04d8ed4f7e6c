package instructvideo.spark;

import instructvideo.diffusion.SamplerConfig;
import instructvideo.lora.LoraConfig;
import instructvideo.nn.Precision;
import instructvideo.optim.OptimizerConfig;
import instructvideo.reward.RewardConfig;
import instructvideo.reward.RewardSum;
import instructvideo.train.LocalTrainer;
import instructvideo.train.RoundsConfig;
import java.io.Serializable;
import java.util.List;
import java.util.SortedMap;

/**
 * What an executor needs to train, the same in all rounds.
 *
 * @param key of the run: an executor keeps its models as long as it stays the same
 * @param model URI of the diffusers directory
 * @param target the reward or the sum of rewards that is followed
 * @param reward of all rewards that are terms of the target
 * @param shapes of the LoRA weights by name; their values are the round's
 * @param negativeEmbeds of the negative prompt, (n, d), row-major
 * @param promptTokens n
 * @param threads CPU threads of one tensor operation, 0 for all
 */
public record TrainSetup(
    String key,
    String model,
    RewardSum target,
    RewardConfig reward,
    Precision precision,
    SamplerConfig sampler,
    LoraConfig lora,
    OptimizerConfig optimizer,
    RoundsConfig rounds,
    long seed,
    SortedMap<String, long[]> shapes,
    float[] negativeEmbeds,
    int promptTokens,
    int threads)
    implements Serializable {

  /** The rewards whose text features a sample needs, in the order of the target's terms. */
  List<String> textRewards() {
    return target.terms().keySet().stream()
        .filter(name -> !reward.heads().containsKey(name))
        .toList();
  }

  LocalTrainer.Inputs inputs() {
    return new LocalTrainer.Inputs(seed, reward.segments(), negativeEmbeds, promptTokens);
  }
}
