package instructvideo.job.demo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import instructvideo.clip.ClipTextModel;
import instructvideo.clip.ClipTokenizer;
import instructvideo.diffusion.DdimScheduler;
import instructvideo.diffusion.PartialChain;
import instructvideo.diffusion.TextToVideoPipeline;
import instructvideo.job.Durations;
import instructvideo.job.config.RunConfig;
import instructvideo.lora.LoraAdapter;
import instructvideo.lora.LoraState;
import instructvideo.nn.BlockRunner;
import instructvideo.nn.LoraWeights;
import instructvideo.nn.TorchEngine;
import instructvideo.random.CounterRandom;
import instructvideo.reward.ClipReward;
import instructvideo.reward.RewardCheckpoint;
import instructvideo.vae.AutoencoderKL;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class HeldOutVideos {
  private static final int LATENT_CHANNELS = 4;
  private static final int VIDEOS_PER_PASS = 8;
  private final DemoFiles files;
  private final RunConfig config;

  HeldOutVideos(DemoFiles files, RunConfig config) {
    this.files = files;
    this.config = config;
  }

  int count() {
    return requests().size();
  }

  List<Evaluation.Video> generate(Optional<LoraState> adapter) throws IOException {
    TorchEngine.start(config.threads());
    List<HeldOutVideos.Request> requests = this.requests();
    List<Evaluation.Video> videos = new ArrayList<>();
    long start = System.nanoTime();
    NDManager manager = NDManager.newBaseManager("PyTorch");

    try (ClipTokenizer tokenizer = pipeline(manager).tokenizer();
        ClipTokenizer rewardTokenizer = rewardCheckpoint().tokenizer(); ) {
      HeldOutVideos.Models models = load(manager, adapter, tokenizer, rewardTokenizer);

      for (int i = 0; i < requests.size(); i += VIDEOS_PER_PASS) {
        int end = Math.min(i + VIDEOS_PER_PASS, requests.size());
        videos.addAll(generate(models, requests.subList(i, end)));
        double seconds = (System.nanoTime() - start) / 1.0E9;
        double left = seconds / end * (requests.size() - end);
        System.err.printf(
            "      %d of %d videos%s%n",
            end, requests.size(), left == 0.0 ? "" : ", ETA " + Durations.text(left));
      }
    } catch (Throwable e) {
      if (manager != null) {
        try {
          manager.close();
        } catch (Throwable var16) {
          e.addSuppressed(var16);
        }
      }

      throw e;
    }

    if (manager != null) {
      manager.close();
    }

    return videos;
  }

  private List<HeldOutVideos.Request> requests() {
    List<HeldOutVideos.Request> requests = new ArrayList<>();

    for (Subject subject : Subject.test().subList(0, config.demo().captions())) {
      for (int copy = 0; copy < config.demo().copies(); copy++) {
        requests.add(new HeldOutVideos.Request(subject.caption(), copy));
      }
    }

    return requests;
  }

  private TextToVideoPipeline pipeline(NDManager manager) {
    return new TextToVideoPipeline(manager, files.model(), DataType.FLOAT32);
  }

  private RewardCheckpoint rewardCheckpoint() throws IOException {
    return RewardCheckpoint.open(files.reward(), "");
  }

  private HeldOutVideos.Models load(
      NDManager manager,
      Optional<LoraState> adapter,
      ClipTokenizer tokenizer,
      ClipTokenizer rewardTokenizer)
      throws IOException {
    TextToVideoPipeline pipeline = this.pipeline(manager);
    Map<String, LoraWeights> lora =
        adapter
            .<Map<String, LoraWeights>>map(
                state -> LoraAdapter.of(manager, state, config.lora().scale()).byModule())
            .orElse(Map.of());
    DdimScheduler scheduler =
        new DdimScheduler(pipeline.noiseSchedule(), config.sampler().ddimSteps());
    return new HeldOutVideos.Models(
        manager,
        new PartialChain(pipeline.unet(lora), scheduler, config.sampler()),
        pipeline.vae(),
        rewardCheckpoint().load(manager, DataType.FLOAT32, config.reward().interpolation()),
        tokenizer,
        rewardTokenizer,
        pipeline.textEncoder());
  }

  private List<Evaluation.Video> generate(
      HeldOutVideos.Models models, List<HeldOutVideos.Request> requests) {
    List<Evaluation.Video> videos = new ArrayList<>();
    try (NDManager scope = models.manager.newSubManager()) {
      NDArray latents =
          models.chain.sample(noise(scope, requests), embeds(models, scope, requests));

      for (int i = 0; i < requests.size(); i++) {
        NDArray frames = latents.get(new long[] {i}).transpose(new int[] {1, 0, 2, 3}).duplicate();
        NDArray pixels = models.vae.decode(frames, BlockRunner.FREEING);
        String caption = requests.get(i).caption;
        NDArray text = textFeatures(models, scope, caption);
        float[] cosines = models.reward.cosine(pixels, text, BlockRunner.FREEING).toFloatArray();
        double mean = 0.0;

        for (float cosine : cosines) {
          mean += cosine / cosines.length;
        }

        int size = config.video().height();
        videos.add(
            Evaluation.Video.of(
                caption, mean, new Clip(cosines.length, size, pixels.toFloatArray())));
      }
    }

    return videos;
  }

  private NDArray noise(NDManager scope, List<HeldOutVideos.Request> requests) {
    int frames = config.video().frames();
    int size = config.video().height() / LATENT_CHANNELS;
    NDList rows = new NDList();

    for (HeldOutVideos.Request request : requests) {
      String name = "held-out " + request.caption + " " + request.copy;
      float[] values =
          CounterRandom.of(config.seed(), 0, name, 0, CounterRandom.Purpose.INITIAL_NOISE)
              .gaussians(LATENT_CHANNELS * frames * size * size);
      rows.add(scope.create(values, new Shape(new long[] {4L, frames, size, size})));
    }

    return NDArrays.stack(rows);
  }

  private NDArray embeds(
      HeldOutVideos.Models models, NDManager scope, List<HeldOutVideos.Request> requests) {
    NDList ids = new NDList();
    requests.forEach(request -> ids.add(scope.create(models.tokenizer.encode(request.caption))));
    long[] negative = models.tokenizer.encode(config.sampler().negativePrompt());
    requests.forEach(request -> ids.add(scope.create(negative)));
    return models.textEncoder.forward(NDArrays.stack(ids));
  }

  private static NDArray textFeatures(
      HeldOutVideos.Models models, NDManager scope, String caption) {
    NDArray ids = scope.create(models.rewardTokenizer.encode(caption)).expandDims(0);
    return models.reward.clip().textFeatures(ids);
  }

  private record Models(
      NDManager manager,
      PartialChain chain,
      AutoencoderKL vae,
      ClipReward reward,
      ClipTokenizer tokenizer,
      ClipTokenizer rewardTokenizer,
      ClipTextModel textEncoder) {}

  private record Request(String caption, int copy) {}
}
