package instructvideo.spark;

import instructvideo.diffusion.SamplerConfig;
import instructvideo.reward.RewardConfig;
import instructvideo.video.VideoConfig;
import java.io.Serializable;

/**
 * What an executor needs to prepare samples.
 *
 * @param key of the models: an executor keeps them as long as it stays the same
 * @param model URI of the diffusers directory
 * @param reward all of its checkpoints get a column of text features
 * @param seed of the noise that videos are sampled from
 * @param threads CPU threads of one tensor operation, 0 for all
 */
public record PrepareSetup(
    String key,
    String model,
    RewardConfig reward,
    VideoConfig video,
    SamplerConfig sampler,
    long seed,
    int threads)
    implements Serializable {}
