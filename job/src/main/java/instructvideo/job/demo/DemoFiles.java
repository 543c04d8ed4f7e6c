package instructvideo.job.demo;

import instructvideo.error.InvalidInputException;
import instructvideo.job.ModelFiles;
import instructvideo.job.Outputs;
import instructvideo.job.config.RunConfig;
import instructvideo.random.CounterRandom;
import instructvideo.video.VideoException;
import instructvideo.video.VideoFormat;
import instructvideo.video.VideoWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

record DemoFiles(Path root) {
  private static final List<String> MODEL_FILES =
      List.of(
          "pipeline/model_index.json",
          "pipeline/scheduler/scheduler_config.json",
          "pipeline/text_encoder/config.json",
          "pipeline/text_encoder/model.safetensors",
          "pipeline/tokenizer/merges.txt",
          "pipeline/tokenizer/special_tokens_map.json",
          "pipeline/tokenizer/tokenizer_config.json",
          "pipeline/tokenizer/vocab.json",
          "pipeline/unet/config.json",
          "pipeline/unet/diffusion_pytorch_model.safetensors",
          "pipeline/vae/config.json",
          "pipeline/vae/diffusion_pytorch_model.safetensors",
          "reward/config.json",
          "reward/merges.txt",
          "reward/model.safetensors",
          "reward/preprocessor_config.json",
          "reward/special_tokens_map.json",
          "reward/tokenizer_config.json",
          "reward/vocab.json");

  static DemoFiles of(String out) throws IOException {
    if (out.matches("^[A-Za-z][A-Za-z0-9+.-]*://.*") && !out.startsWith("file:")) {
      throw InvalidInputException.of(
          "Invalid --out: %s; the demo writes to a directory of this machine", out);
    } else {
      DemoFiles files = new DemoFiles(ModelFiles.local(out));
      if (!Files.exists(files.root)
          || Files.exists(files.conf())
          || (Files.isDirectory(files.root) && isEmpty(files.root))) {
        return files;
      } else {
        throw InvalidInputException.of(
            "Cannot write to %s: it is not empty and holds no demo; give another --out", out);
      }
    }
  }

  Path model() {
    return root.resolve("pipeline");
  }

  Path reward() {
    return root.resolve("reward");
  }

  Path prompts() {
    return root.resolve("prompts.txt");
  }

  Path videos() {
    return root.resolve("videos");
  }

  Path conf() {
    return root.resolve("demo.conf");
  }

  Path data() {
    return root.resolve("data");
  }

  Path run() {
    return root.resolve("run");
  }

  Path page() {
    return root.resolve("report.html");
  }

  Path picture() {
    return root.resolve("before-after.png");
  }

  Path evaluation(String name) {
    return root.resolve(name + ".json");
  }

  void claim(String confText) throws IOException {
    if (!Files.exists(conf())) {
      write(conf(), confText.getBytes(StandardCharsets.UTF_8));
    } else if (!Files.readString(conf()).equals(confText)) {
      throw InvalidInputException.of(
          "Cannot go on with the demo in %s: it was started with other settings, see %s; give"
              + " those, or another --out",
          root, conf());
    }
  }

  void writeModels() throws IOException {
    for (String name : MODEL_FILES) {
      Path file = root.resolve(name);
      if (!Files.exists(file)) {
        try (InputStream in = DemoFiles.class.getResourceAsStream(name)) {
          write(file, in.readAllBytes());
        }
      }
    }
  }

  void writeClips(RunConfig config) throws IOException, VideoException {
    List<Subject> subjects = Subject.training();
    ClipRenderer renderer =
        new ClipRenderer(config.seed(), config.video().frames(), config.video().height());
    StringBuilder list = new StringBuilder();
    int[] order = new int[0];

    for (int i = 0; i < config.demo().clips(); i++) {
      int at = i % subjects.size();
      if (at == 0) {
        String name = "captions-" + i;
        order =
            CounterRandom.of(config.seed(), 0, name, 0, CounterRandom.Purpose.DEMO)
                .permutation(subjects.size());
      }

      Subject subject = subjects.get(order[at]);
      String name = String.format(Locale.ROOT, "clip-%03d", i);
      list.append(name).append(".mkv|||").append(subject.caption()).append('\n');
      Path file = videos().resolve(name + ".mkv");
      if (!Files.exists(file)) {
        Clip clip = renderer.webQuality(subject, name);
        write(file, VideoWriter.encode(clip.toFrames(), config.video().fps(), VideoFormat.FFV1));
      }
    }

    write(prompts(), list.toString().getBytes(StandardCharsets.UTF_8));
  }

  static void write(Path file, byte[] content) {
    Outputs.file(file.toString(), part -> Files.write(part, content));
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    }
  }
}
