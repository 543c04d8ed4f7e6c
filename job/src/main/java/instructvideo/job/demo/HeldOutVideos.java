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

/**
 * Videos of held-out captions: drawn over the whole chain from pure noise, and scored by the
 * reward.
 */
final class HeldOutVideos {

  private static final int LATENT_CHANNELS = 4;

  /** Pixels along each side to a latent. */
  private static final int PIXELS_PER_LATENT = 4;

  private static final int VIDEOS_PER_PASS = 8;

  private final DemoFiles files;
  private final RunConfig config;

  HeldOutVideos(DemoFiles files, RunConfig config) {
    this.files = files;
    this.config = config;
  }

  /** How many videos there are. */
  int count() {
    return requests().size();
  }

  /** Makes the videos; the same noise for each, with an adapter or without. */
  List<Evaluation.Video> generate(Optional<LoraState> adapter) throws IOException {
    TorchEngine.start(config.threads());
    List<Request> requests = requests();
    List<Evaluation.Video> videos = new ArrayList<>();
    long start = System.nanoTime();
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        ClipTokenizer tokenizer = pipeline(manager).tokenizer();
        ClipTokenizer rewardTokenizer = rewardCheckpoint().tokenizer()) {
      Models models = load(manager, adapter, tokenizer, rewardTokenizer);
      for (int i = 0; i < requests.size(); i += VIDEOS_PER_PASS) {
        int end = Math.min(i + VIDEOS_PER_PASS, requests.size());
        videos.addAll(generate(models, requests.subList(i, end)));
        report(end, requests.size(), (System.nanoTime() - start) / 1e9);
      }
    }
    return videos;
  }

  private static void report(int done, int all, double seconds) {
    double left = seconds / done * (all - done);
    String eta = done == all ? "" : ", ETA " + Durations.text(left);
    System.err.printf("      %d of %d videos%s%n", done, all, eta);
  }

  private List<Request> requests() {
    List<Request> requests = new ArrayList<>();
    for (Subject subject : Subject.test().subList(0, config.demo().captions())) {
      for (int copy = 0; copy < config.demo().copies(); copy++) {
        requests.add(new Request(subject.caption(), copy));
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

  private Models load(
      NDManager manager,
      Optional<LoraState> adapter,
      ClipTokenizer tokenizer,
      ClipTokenizer rewardTokenizer)
      throws IOException {
    TextToVideoPipeline pipeline = pipeline(manager);
    Map<String, LoraWeights> lora =
        adapter
            .map(state -> LoraAdapter.of(manager, state, config.lora().scale()).byModule())
            .orElse(Map.of());
    DdimScheduler scheduler =
        new DdimScheduler(pipeline.noiseSchedule(), config.sampler().ddimSteps());
    return new Models(
        manager,
        new PartialChain(pipeline.unet(lora), scheduler, config.sampler()),
        pipeline.vae(),
        rewardCheckpoint().load(manager, DataType.FLOAT32, config.reward().interpolation()),
        tokenizer,
        rewardTokenizer,
        pipeline.textEncoder());
  }

  private List<Evaluation.Video> generate(Models models, List<Request> requests) {
    List<Evaluation.Video> videos = new ArrayList<>();
    try (NDManager scope = models.manager.newSubManager()) {
      NDArray latents =
          models.chain.sample(
              noise(scope, requests), embeds(models, scope, requests), step -> null);
      for (int i = 0; i < requests.size(); i++) {
        NDArray frames = latents.get(i).transpose(1, 0, 2, 3).duplicate();
        NDArray pixels = models.vae.decode(frames, BlockRunner.FREEING);
        videos.add(score(models, scope, requests.get(i).caption, pixels));
      }
    }
    return videos;
  }

  /** pixels: (frames, 3, size, size) in [0, 1]. */
  private Evaluation.Video score(Models models, NDManager scope, String caption, NDArray pixels) {
    NDArray text = textFeatures(models, scope, caption);
    float[] cosines = models.reward.score(pixels, text, BlockRunner.FREEING).toFloatArray();
    double mean = 0;
    for (float cosine : cosines) {
      mean += cosine / cosines.length;
    }
    Clip clip = new Clip(cosines.length, config.video().height(), pixels.toFloatArray());
    return Evaluation.Video.of(caption, mean, clip);
  }

  /** (videos, 4, frames, height / 4, width / 4). */
  private NDArray noise(NDManager scope, List<Request> requests) {
    int frames = config.video().frames();
    int size = config.video().height() / PIXELS_PER_LATENT;
    NDList rows = new NDList();
    for (Request request : requests) {
      String name = "held-out " + request.caption + " " + request.copy;
      float[] values =
          CounterRandom.of(config.seed(), 0, name, 0, CounterRandom.Purpose.INITIAL_NOISE)
              .gaussians(LATENT_CHANNELS * frames * size * size);
      rows.add(scope.create(values, new Shape(LATENT_CHANNELS, frames, size, size)));
    }
    return NDArrays.stack(rows);
  }

  /** (2 * videos, tokens, width): of the captions, then of the negative prompt. */
  private NDArray embeds(Models models, NDManager scope, List<Request> requests) {
    NDList ids = new NDList();
    requests.forEach(request -> ids.add(scope.create(models.tokenizer.encode(request.caption))));
    long[] negative = models.tokenizer.encode(config.sampler().negativePrompt());
    requests.forEach(request -> ids.add(scope.create(negative)));
    return models.textEncoder.forward(NDArrays.stack(ids));
  }

  private static NDArray textFeatures(Models models, NDManager scope, String caption) {
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

  /** A video to make: which of those of a caption. */
  private record Request(String caption, int copy) {}
}
