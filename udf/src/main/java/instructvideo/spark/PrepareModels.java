package instructvideo.spark;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import instructvideo.clip.ClipModel;
import instructvideo.clip.ClipTextModel;
import instructvideo.clip.ClipTokenizer;
import instructvideo.diffusion.DdimScheduler;
import instructvideo.diffusion.PartialChain;
import instructvideo.diffusion.TextToVideoPipeline;
import instructvideo.nn.BlockRunner;
import instructvideo.random.CounterRandom;
import instructvideo.random.CounterRandom.Purpose;
import instructvideo.reward.RewardCheckpoint;
import instructvideo.vae.AutoencoderKL;
import instructvideo.video.PixelTransform;
import instructvideo.video.RgbFrame;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The models that make a sample of a prompt and a video, one prompt at a time, so that its bits do
 * not depend on its neighbours. The UNet is loaded when the first video has to be sampled.
 */
final class PrepareModels implements AutoCloseable {

  private final PrepareSetup setup;
  private final NDManager manager;
  private final TextToVideoPipeline pipeline;
  private final ClipTokenizer tokenizer;
  private final ClipTextModel textEncoder;
  private final AutoencoderKL vae;
  private final SortedMap<String, TextTower> rewards = new TreeMap<>();
  private final float[] negativeEmbeds;
  private PartialChain chain;

  PrepareModels(PrepareSetup setup) throws IOException {
    this.setup = setup;
    manager = NDManager.newBaseManager(TaskDevice.get(), "PyTorch");
    pipeline = new TextToVideoPipeline(manager, HadoopFiles.local(setup.model()), DataType.FLOAT32);
    tokenizer = pipeline.tokenizer();
    textEncoder = pipeline.textEncoder();
    vae = pipeline.vae();
    for (String name : setup.reward().checkpoints().keySet()) {
      if (!setup.reward().heads().containsKey(name)) { // a head reads no prompt
        rewards.put(name, tower(name));
      }
    }

    negativeEmbeds = promptEmbeds(setup.sampler().negativePrompt());
  }

  /** The half of a reward model that reads prompts. */
  private record TextTower(ClipModel model, ClipTokenizer tokenizer) {}

  private TextTower tower(String name) throws IOException {
    RewardCheckpoint checkpoint = RewardFiles.open(setup.reward(), name);
    return new TextTower(
        checkpoint.loadTextTower(manager, DataType.FLOAT32), checkpoint.tokenizer());
  }

  /** Of the negative prompt, (n, d), row-major. */
  float[] negativeEmbeds() {
    return negativeEmbeds;
  }

  /** Tokens of a prompt's embedding, n. */
  int promptTokens() {
    return tokenizer.encode("").length;
  }

  /** The text encoder's last hidden state of a prompt, (n, d), row-major. */
  float[] promptEmbeds(String prompt) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray ids = scope.create(tokenizer.encode(prompt)).expandDims(0);
      return textEncoder.forward(ids).toFloatArray();
    }
  }

  /** Each reward's feature of a prompt, of length one. */
  Map<String, float[]> textFeatures(String prompt) {
    Map<String, float[]> features = new TreeMap<>();
    for (Map.Entry<String, TextTower> reward : rewards.entrySet()) {
      try (NDManager scope = manager.newSubManager()) {
        NDArray ids = scope.create(reward.getValue().tokenizer.encode(prompt)).expandDims(0);
        NDArray feature = reward.getValue().model.textFeatures(ids);
        features.put(reward.getKey(), feature.toFloatArray());
      }
    }

    return features;
  }

  /**
   * Scaled latents of a video, (4, f, h, w).
   *
   * @param frames decoded pictures of any size
   */
  Latents encode(List<RgbFrame> frames) {
    PixelTransform transform = new PixelTransform(setup.video().height(), setup.video().width());
    List<float[]> latents = new ArrayList<>();
    Shape image = new Shape(1, 3, setup.video().height(), setup.video().width());
    Shape shape = null;
    for (RgbFrame frame : frames) {
      try (NDManager scope = manager.newSubManager()) {
        FloatBuffer pixels = FloatBuffer.wrap(transform.apply(scope, frame));
        NDArray encoded = vae.encode(scope.create(pixels, image));
        shape = encoded.getShape(); // (1, 4, h, w)
        latents.add(encoded.toFloatArray());
      }
    }

    return Latents.ofFrames(latents, shape.slice(1));
  }

  /** A video of the base model: the full DDIM chain from noise of the prompt's own. */
  Latents sample(String id, float[] promptEmbeds) throws IOException {
    if (chain == null) {
      DdimScheduler scheduler =
          new DdimScheduler(pipeline.noiseSchedule(), setup.sampler().ddimSteps());
      chain = new PartialChain(pipeline.unet(Map.of()), scheduler, setup.sampler());
    }

    Shape shape = latentsShape();
    CounterRandom random = CounterRandom.of(setup.seed(), 0, id, 0, Purpose.INITIAL_NOISE);
    float[] noise = random.gaussians(Math.toIntExact(shape.size()));
    FloatBuffer embeds = FloatBuffer.allocate(promptEmbeds.length + negativeEmbeds.length);
    embeds.put(promptEmbeds).put(negativeEmbeds).flip();
    long tokens = promptTokens();
    try (NDManager scope = manager.newSubManager()) {
      Shape embedsShape = new Shape(2, tokens, promptEmbeds.length / tokens);
      NDArray x =
          chain.sample(
              scope.create(FloatBuffer.wrap(noise), shape),
              scope.create(embeds, embedsShape),
              step -> stepNoise(scope, id, step, shape));
      return new Latents(x.toFloatArray(), shape.slice(1).getShape());
    }
  }

  private NDArray stepNoise(NDManager scope, String id, int step, Shape shape) {
    CounterRandom random = CounterRandom.of(setup.seed(), step, id, 0, Purpose.STEP_NOISE);
    return scope.create(FloatBuffer.wrap(random.gaussians(Math.toIntExact(shape.size()))), shape);
  }

  /** (1, 4, f, h, w), measured by encoding a black picture. */
  private Shape latentsShape() {
    try (NDManager scope = manager.newSubManager()) {
      Shape image = new Shape(1, 3, setup.video().height(), setup.video().width());
      NDArray encoded =
          BlockRunner.FREEING.run(
              in -> vae.encode(in.head()), scope.zeros(image, DataType.FLOAT32));
      Shape s = encoded.getShape();
      return new Shape(1, s.get(1), setup.video().frames(), s.get(2), s.get(3));
    }
  }

  @Override
  public void close() {
    tokenizer.close();
    rewards.values().forEach(reward -> reward.tokenizer.close());
    manager.close();
  }
}
