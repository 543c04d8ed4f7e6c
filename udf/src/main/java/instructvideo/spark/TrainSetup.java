package instructvideo.spark;

import instructvideo.diffusion.SamplerConfig;
import instructvideo.lora.LoraConfig;
import instructvideo.lora.LoraState;
import instructvideo.nn.Precision;
import instructvideo.optim.OptimizerConfig;
import instructvideo.reward.RewardConfig;
import instructvideo.train.LocalTrainer;
import instructvideo.train.RoundsConfig;
import java.io.Serializable;

/**
 * What an executor needs to train, the same in all rounds.
 *
 * @param key of the run: an executor keeps its models as long as it stays the same
 * @param model URI of the diffusers directory
 * @param rewardName whose text features are in the table
 * @param shapes of the LoRA weights
 * @param negativeEmbeds of the negative prompt, (n, d), row-major
 * @param promptTokens n
 * @param threads CPU threads of one tensor operation, 0 for all
 */
public record TrainSetup(
    String key,
    String model,
    String rewardName,
    RewardConfig reward,
    Precision precision,
    SamplerConfig sampler,
    LoraConfig lora,
    OptimizerConfig optimizer,
    RoundsConfig rounds,
    long seed,
    LoraState shapes,
    float[] negativeEmbeds,
    int promptTokens,
    int threads)
    implements Serializable {

  LocalTrainer.Inputs inputs() {
    return new LocalTrainer.Inputs(seed, reward.segments(), negativeEmbeds, promptTokens);
  }
}
