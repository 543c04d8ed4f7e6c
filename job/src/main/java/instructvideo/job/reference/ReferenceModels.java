package instructvideo.job.reference;

import ai.djl.ndarray.NDManager;
import instructvideo.diffusion.DdimScheduler;
import instructvideo.diffusion.PartialChain;
import instructvideo.diffusion.SamplerConfig;
import instructvideo.diffusion.TextToVideoPipeline;
import instructvideo.lora.LoraAdapter;
import instructvideo.nn.Precision;
import instructvideo.reward.ClipReward;
import instructvideo.reward.RewardCheckpoint;
import instructvideo.reward.TemporalAttenuation;
import instructvideo.reward.VideoReward;
import instructvideo.train.PhaseClock;
import instructvideo.train.TrainStep;
import java.io.IOException;

/**
 * The models of a case, loaded as training loads them.
 *
 * @param reward where its weights are
 */
record ReferenceModels(ReferenceCase golden, RewardCheckpoint reward, Precision precision) {

  TextToVideoPipeline pipeline(NDManager manager) {
    return new TextToVideoPipeline(manager, golden.pipeline(), precision.type());
  }

  ClipReward reward(NDManager manager) throws IOException {
    return reward.load(manager, precision.type(), golden.settings().frameInterpolation());
  }

  TrainStep trainStep(NDManager manager, LoraAdapter adapter, ClipReward clip) throws IOException {
    TextToVideoPipeline pipeline = pipeline(manager);
    SamplerConfig sampler = golden.settings().sampler();
    DdimScheduler scheduler = new DdimScheduler(pipeline.noiseSchedule(), sampler.ddimSteps());
    PartialChain chain = new PartialChain(pipeline.unet(adapter.byModule()), scheduler, sampler);
    TemporalAttenuation attenuation = new TemporalAttenuation(golden.settings().lambdaTar());
    VideoReward videoReward =
        new VideoReward(pipeline.vae(), clip, attenuation, precision.gradientScale());
    return new TrainStep(chain, videoReward, new PhaseClock());
  }
}
