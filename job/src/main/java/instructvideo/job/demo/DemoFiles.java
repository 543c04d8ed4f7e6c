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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The files of a demo, below one directory of this machine.
 *
 * @param root the directory, --out
 */
record DemoFiles(Path root) {

  private static final String URI = "^[A-Za-z][A-Za-z0-9+.-]*://.*";

  /** Files of the models, copied from this package's resources. */
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
          "reward/vocab.json",
          "heldout/config.json",
          "heldout/merges.txt",
          "heldout/model.safetensors",
          "heldout/preprocessor_config.json",
          "heldout/special_tokens_map.json",
          "heldout/tokenizer_config.json",
          "heldout/vocab.json");

  /**
   * The files of a new demo, or of one that was begun there.
   *
   * @throws InvalidInputException if the place is remote, or holds something else
   */
  static DemoFiles of(String out) throws IOException {
    if (out.matches(URI) && !out.startsWith("file:")) {
      throw InvalidInputException.of(
          "Invalid --out: %s; the demo writes to a directory of this machine", out);
    }
    DemoFiles files = new DemoFiles(ModelFiles.local(out));
    if (!files.isFree() && !Files.exists(files.conf())) {
      throw InvalidInputException.of(
          "Cannot write to %s: it is not empty and holds no demo; give another --out", out);
    }
    return files;
  }

  private boolean isFree() throws IOException {
    if (!Files.isDirectory(root)) {
      return !Files.exists(root);
    }
    try (Stream<Path> entries = Files.list(root)) {
      return entries.findAny().isEmpty();
    }
  }

  /** The text-to-video pipeline. */
  Path model() {
    return root.resolve("pipeline");
  }

  /** The CLIP model that scores frames. */
  Path reward() {
    return root.resolve("reward");
  }

  /** A second CLIP model, which nothing is trained on. */
  Path heldOutReward() {
    return root.resolve("heldout");
  }

  /** Held-out captions of the report. */
  Path testCaptions() {
    return root.resolve("captions-test.txt");
  }

  /** Held-out captions for watching a training. */
  Path watchedCaptions() {
    return root.resolve("captions-watched.txt");
  }

  /** The list of clips and their captions. */
  Path prompts() {
    return root.resolve("prompts.txt");
  }

  /** The directory of the clips. */
  Path videos() {
    return root.resolve("videos");
  }

  /** The settings; there once a demo was begun. */
  Path conf() {
    return root.resolve("demo.conf");
  }

  /** What prepare writes. */
  Path data() {
    return root.resolve("data");
  }

  /** What train writes. */
  Path run() {
    return root.resolve("run");
  }

  /** What train writes for a variant of the settings. */
  Path run(String variant) {
    return root.resolve("runs").resolve(variant);
  }

  /** What evaluate writes. */
  Path evaluation() {
    return root.resolve("evaluation");
  }

  /** What the evaluation's videos show, by the rules of the world. */
  Path truth() {
    return root.resolve("truth.json");
  }

  /** The report. */
  Path page() {
    return root.resolve("report.html");
  }

  /** A still picture of videos before and after. */
  Path picture() {
    return root.resolve("before-after.png");
  }

  /**
   * Writes the settings into a new demo.
   *
   * @throws InvalidInputException if the demo was begun with other settings
   */
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

  /** Writes models, clips and captions. */
  Path writeInputs(RunConfig config) throws IOException, VideoException {
    writeModels();
    writeClips(config);
    writeCaptions(config.demo().captions());
    return root;
  }

  /** Copies the models; files that are there stay. */
  private void writeModels() throws IOException {
    for (String name : MODEL_FILES) {
      Path file = root.resolve(name);
      if (!Files.exists(file)) {
        try (InputStream in = DemoFiles.class.getResourceAsStream(name)) {
          write(file, in.readAllBytes());
        }
      }
    }
  }

  /** Writes the clips and the list of them; clips that are there stay. */
  private void writeClips(RunConfig config) throws IOException, VideoException {
    ClipRenderer renderer =
        new ClipRenderer(config.seed(), config.video().frames(), config.video().height());
    StringBuilder list = new StringBuilder();
    List<Subject> subjects = subjects(config);
    for (int i = 0; i < subjects.size(); i++) {
      Subject subject = subjects.get(i);
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

  /**
   * Writes the lists of held-out captions.
   *
   * @param captions of the report, the first of {@link Subject#test}
   */
  private void writeCaptions(int captions) {
    writeCaptions(testCaptions(), Subject.test().subList(0, captions));
    writeCaptions(watchedCaptions(), Subject.watched());
  }

  private static void writeCaptions(Path file, List<Subject> subjects) {
    String text =
        subjects.stream().map(Subject::caption).collect(Collectors.joining("\n", "", "\n"));
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** What each clip shows: all training subjects in a random order, then all in another one. */
  private static List<Subject> subjects(RunConfig config) {
    List<Subject> training = Subject.training();
    List<Subject> result = new ArrayList<>();
    int clips = config.demo().clips();
    while (result.size() < clips) {
      String name = "captions-" + result.size();
      Arrays.stream(
              CounterRandom.of(config.seed(), 0, name, 0, CounterRandom.Purpose.DEMO)
                  .permutation(training.size()))
          .mapToObj(training::get)
          .forEach(result::add);
    }
    return result.subList(0, clips);
  }

  /** Writes a file whole or not at all. */
  static void write(Path file, byte[] content) {
    Outputs.file(file.toString(), part -> Files.write(part, content));
  }
}
