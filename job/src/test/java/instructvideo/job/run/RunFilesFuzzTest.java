package instructvideo.job.run;

import com.code_intelligence.jazzer.junit.FuzzTest;
import instructvideo.job.evaluate.EvaluationSummary;
import instructvideo.testing.Hostile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.TreeMap;

/** Any bytes as one of the files of a run or an evaluation; the first byte says which. */
class RunFilesFuzzTest {

  private static final String ROUND = "checkpoints/round-00001/";

  @FuzzTest
  void file(byte[] input) {
    Path folder = Hostile.emptyFolder();
    byte[] rest = Hostile.rest(input);
    int file = Hostile.choice(input, 5);
    switch (file) {
      case 0 -> Hostile.write(folder.resolve(RunDirectory.RUN), rest);
      case 1 -> Hostile.write(folder.resolve(GuardRecord.NAME), rest);
      case 2 -> Hostile.write(folder.resolve(ROUND + "manifest.json"), rest);
      default -> {}
    }

    Hostile.load(
        input.length,
        () -> {
          switch (file) {
            case 3 -> readSummary(new String(rest, StandardCharsets.UTF_8));
            case 4 -> readCheckpoint(rest);
            default -> readRun(folder.toString());
          }
        });
  }

  private static void readRun(String folder) throws IOException {
    RunDirectory run = new RunDirectory(folder);
    RunRecord empty = new RunRecord(1, new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    run.record().ifPresent(found -> empty.checkSame(found, new TreeMap<>(), folder));
    run.best();
    run.latest();
    GuardRecord.read(run.root()).ifPresent(RunFilesFuzzTest::readAll);
  }

  private static void readAll(GuardRecord guard) {
    guard.base();
    guard.chosen().ifPresent(look -> look.judged(look.broken()).holds());
    guard.floor("motion");
    guard.limit("motion");
    guard.looks().forEach(look -> look.value("motion"));
  }

  private static void readSummary(String json) {
    EvaluationSummary summary = EvaluationSummary.parse(json, "evaluation.json");
    summary.find("a", 1, "b", "c");
    summary.json();
  }

  /** As the directory does: what fails here is passed over there. */
  private static void readCheckpoint(byte[] tensors) {
    TreeMap<String, byte[]> files = new TreeMap<>();
    files.put("adapter.safetensors", tensors);
    files.put("moments.safetensors", tensors);
    files.put("state.json", tensors);
    try {
      Checkpoint.ofFiles(files);
    } catch (RuntimeException e) {
      // passed over with a warning
    }
  }
}
