package instructvideo.spark;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import instructvideo.clip.ClipTextModel;
import instructvideo.clip.ClipTokenizer;
import instructvideo.diffusion.DdimScheduler;
import instructvideo.diffusion.NoiseSchedule;
import instructvideo.diffusion.PartialChain;
import instructvideo.diffusion.SamplerConfig;
import instructvideo.diffusion.TextToVideoPipeline;
import instructvideo.lora.LoraAdapter;
import instructvideo.nn.BlockRunner;
import instructvideo.random.CounterRandom;
import instructvideo.random.CounterRandom.Purpose;
import instructvideo.unet.UNet3DConditionModel;
import instructvideo.vae.AutoencoderKL;
import instructvideo.video.RgbFrame;
import instructvideo.video.VideoConfig;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The models that make videos of prompts, one video at a time, so that its bits do not depend on
 * its neighbours. All adapters share the frozen tensors of one UNet.
 */
final class GenerateModels implements AutoCloseable {

  private static final int KEPT_PROMPTS = 64;

  private final NDManager manager;
  private final TextToVideoPipeline pipeline;
  private final ClipTokenizer tokenizer;
  private final ClipTextModel textEncoder;
  private final AutoencoderKL vae;
  private final NoiseSchedule schedule;
  private final Map<String, NDArray> unetTensors;
  private final UNet3DConditionModel base;
  private final Map<String, Adapted> adapted = new HashMap<>(); // by identity()
  private final Map<String, float[]> promptEmbeds =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, float[]> eldest) {
          return size() > KEPT_PROMPTS;
        }
      };

  GenerateModels(GenerateSetup setup) throws IOException {
    manager = NDManager.newBaseManager(TaskDevice.get(), "PyTorch");
    pipeline =
        new TextToVideoPipeline(
            manager, HadoopFiles.local(setup.model()), setup.precision().type());
    tokenizer = pipeline.tokenizer();
    // As prepare does it: a prompt's embedding has the same bits in training and here.
    textEncoder =
        new TextToVideoPipeline(manager, pipeline.directory(), DataType.FLOAT32).textEncoder();
    vae = pipeline.vaeDecoder();
    schedule = pipeline.noiseSchedule();
    unetTensors = pipeline.unetTensors();
    base = pipeline.unet(unetTensors, Map.of());
  }

  /** A UNet with an adapter, and the owner of what it has of its own. */
  private record Adapted(NDManager owner, UNet3DConditionModel unet) {}

  /**
   * Makes a video.
   *
   * @return its frames, or none if they are not finite
   */
  List<RgbFrame> frames(GenerateSetup setup, GenerateItem item) {
    SamplerConfig sampler = setup.sampler().fullChain(item.ddimSteps());
    DdimScheduler scheduler = new DdimScheduler(schedule, item.ddimSteps());
    PartialChain chain = new PartialChain(unet(setup, item), scheduler, sampler);
    VideoConfig video = setup.video();
    Shape shape = pipeline.latentsShape(video.frames(), video.height(), video.width());
    try (NDManager scope = manager.newSubManager()) {
      NDArray embeds = embeds(scope, item.prompt(), sampler.negativePrompt());
      NDArray noise = noise(scope, setup, item, 0, Purpose.INITIAL_NOISE, shape);
      NDArray latents =
          chain.sample(
              noise, embeds, step -> noise(scope, setup, item, step, Purpose.STEP_NOISE, shape));
      return decode(latents, video);
    }
  }

  /** A function of seed, step, prompt's id and copy alone: adapters start from equal noise. */
  private static NDArray noise(
      NDManager scope,
      GenerateSetup setup,
      GenerateItem item,
      int step,
      Purpose purpose,
      Shape shape) {
    CounterRandom random =
        CounterRandom.of(setup.seed(), step, item.promptId(), item.copy(), purpose);
    float[] values = random.gaussians(Math.toIntExact(shape.size()));
    return scope.create(FloatBuffer.wrap(values), shape);
  }

  private UNet3DConditionModel unet(GenerateSetup setup, GenerateItem item) {
    GenerateAdapter adapter = setup.adapter(item);
    if (adapter == null || !adapter.isEffective()) {
      return base;
    }

    String identity = identity(adapter, setup.isMerged());
    if (!adapted.containsKey(identity)) {
      freeOthers(setup);
      adapted.put(identity, adapt(adapter, setup.isMerged()));
    }

    return adapted.get(identity).unet;
  }

  private Adapted adapt(GenerateAdapter adapter, boolean isMerged) {
    NDManager owner = manager.newSubManager();
    LoraAdapter lora = LoraAdapter.of(owner, adapter.lora(), adapter.scale() * adapter.strength());
    return new Adapted(
        owner,
        isMerged
            ? pipeline.unet(lora.merged(unetTensors), Map.of())
            : pipeline.unet(unetTensors, lora.byModule()));
  }

  /** Frees adapters that a setup has not got: in training there is another one at each look. */
  private void freeOthers(GenerateSetup setup) {
    List<String> wanted =
        setup.adapters().values().stream()
            .map(adapter -> identity(adapter, setup.isMerged()))
            .toList();
    Iterator<Map.Entry<String, Adapted>> entries = adapted.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<String, Adapted> entry = entries.next();
      if (!wanted.contains(entry.getKey())) {
        entry.getValue().owner.close();
        entries.remove();
      }
    }
  }

  private static String identity(GenerateAdapter adapter, boolean isMerged) {
    return adapter.id() + " " + adapter.strength() + " " + isMerged;
  }

  /** Of the prompt, then of the negative prompt, (2, n, d). */
  private NDArray embeds(NDManager scope, String prompt, String negativePrompt) {
    float[] wanted = promptEmbeds(prompt);
    float[] unwanted = promptEmbeds(negativePrompt);
    FloatBuffer both = FloatBuffer.allocate(wanted.length + unwanted.length);
    both.put(wanted).put(unwanted).flip();
    long tokens = tokenizer.encode("").length;
    return scope.create(both, new Shape(2, tokens, wanted.length / tokens));
  }

  private float[] promptEmbeds(String prompt) {
    float[] known = promptEmbeds.get(prompt);
    if (known != null) {
      return known;
    }

    try (NDManager scope = manager.newSubManager()) {
      NDArray ids = scope.create(tokenizer.encode(prompt)).expandDims(0);
      float[] embeds = textEncoder.forward(ids).toFloatArray();
      promptEmbeds.put(prompt, embeds);
      return embeds;
    }
  }

  /**
   * Frame by frame, as memory for all at once would be the largest of all.
   *
   * @param latents (1, 4, f, h, w)
   */
  private List<RgbFrame> decode(NDArray latents, VideoConfig video) {
    List<RgbFrame> frames = new ArrayList<>();
    for (int f = 0; f < video.frames(); f++) {
      try (NDManager scope = manager.newSubManager()) {
        NDArray frame = latents.get(":, :, {}", f).duplicate(); // (1, 4, h, w)
        frame.attach(scope);
        float[] pixels = vae.decode(frame, BlockRunner.FREEING).toFloatArray();
        if (!isFinite(pixels)) {
          return List.of();
        }

        frames.add(picture(pixels, video));
      }
    }

    return frames;
  }

  private static boolean isFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }

    return true;
  }

  /** Channels, rows, columns of [0, 1] to rows of bytes, rounded as diffusers does. */
  private static RgbFrame picture(float[] pixels, VideoConfig video) {
    int size = video.height() * video.width();
    byte[] bytes = new byte[3 * size];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.rint(255 * pixels[i % 3 * size + i / 3]);
    }

    return new RgbFrame(video.width(), video.height(), bytes);
  }

  @Override
  public void close() {
    tokenizer.close();
    manager.close();
  }
}
