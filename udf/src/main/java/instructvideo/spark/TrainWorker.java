package instructvideo.spark;

import ai.djl.ndarray.NDManager;
import instructvideo.diffusion.DdimScheduler;
import instructvideo.diffusion.PartialChain;
import instructvideo.diffusion.TextToVideoPipeline;
import instructvideo.lora.LoraAdapter;
import instructvideo.nn.TorchEngine;
import instructvideo.reward.FrameReward;
import instructvideo.reward.TemporalAttenuation;
import instructvideo.reward.VideoReward;
import instructvideo.train.LocalTrainer;
import instructvideo.train.Phase;
import instructvideo.train.PhaseClock;
import instructvideo.train.TrainState;
import instructvideo.train.TrainStep;
import instructvideo.train.TrainingSample;
import instructvideo.train.WorkerResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;

/** The models of an executor: loaded for its first round, kept for those that follow. */
final class TrainWorker implements AutoCloseable {

  private static final KeptModels<TrainWorker> MODELS = new KeptModels<>();

  private final NDManager manager;
  private final LocalTrainer trainer;

  private TrainWorker(TrainSetup setup) throws IOException {
    manager = NDManager.newBaseManager(TaskDevice.get(), "PyTorch");
    PhaseClock clock = new PhaseClock();
    long start = System.nanoTime();
    LoraAdapter adapter = LoraAdapter.zeros(manager, setup.shapes(), setup.lora().scale());
    trainer =
        new LocalTrainer(
            manager,
            trainStep(setup, adapter, clock),
            adapter,
            setup.optimizer(),
            setup.rounds(),
            setup.inputs());
    clock.add(Phase.LOAD, (System.nanoTime() - start) / 1e9);
  }

  /**
   * The local steps of one partition. There is one gradient collector in a JVM: partitions that
   * share an executor take turns, each with all cores.
   */
  static WorkerResult train(TrainSetup setup, TrainState state, Iterator<TrainingSample> samples) {
    TorchEngine.start(setup.threads());
    try {
      return MODELS.use(
          setup.key(), () -> new TrainWorker(setup), worker -> worker.trainer.run(state, samples));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    manager.close();
  }

  private TrainStep trainStep(TrainSetup setup, LoraAdapter adapter, PhaseClock clock)
      throws IOException {
    TextToVideoPipeline pipeline =
        new TextToVideoPipeline(
            manager, HadoopFiles.local(setup.model()), setup.precision().type());
    DdimScheduler scheduler =
        new DdimScheduler(pipeline.noiseSchedule(), setup.sampler().ddimSteps());
    PartialChain chain =
        new PartialChain(pipeline.unet(adapter.byModule()), scheduler, setup.sampler());
    FrameReward reward =
        RewardFiles.load(setup.reward(), setup.target(), setup.precision().type(), manager);
    TemporalAttenuation attenuation = new TemporalAttenuation(setup.reward().lambdaTar());
    return new TrainStep(
        chain,
        new VideoReward(
            pipeline.vaeDecoder(), reward, attenuation, setup.precision().gradientScale()),
        clock);
  }
}
