package instructvideo.job.train;

import instructvideo.error.InvalidInputException;
import instructvideo.job.Command;
import instructvideo.job.SparkSessions;
import instructvideo.job.Storage;
import instructvideo.job.adapter.Adapter;
import instructvideo.job.adapter.PeftDirectory;
import instructvideo.job.claim.OutputClaim;
import instructvideo.job.config.RunConfig;
import instructvideo.job.config.Settings;
import instructvideo.job.guard.Guard;
import instructvideo.job.run.Checkpoint;
import instructvideo.job.run.GuardRecord;
import instructvideo.job.run.RunDirectory;
import instructvideo.job.run.RunRecord;
import instructvideo.job.tracking.RunTracking;
import instructvideo.job.tracking.TrackedRun;
import instructvideo.spark.PrepareManifest;
import instructvideo.spark.SamplesTable;
import instructvideo.train.TrainState;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** {@code train}: rounds of local steps over a prepared table, to a LoRA adapter. */
public final class TrainCommand implements Command {

  @Override
  public String name() {
    return "train";
  }

  @Override
  public String summary() {
    return "Fine-tunes LoRA weights with a reward on a table that prepare wrote; resumes by itself.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "instructvideo train --model zeroscope --reward hpsv2=HPS_v2_compressed.pt \\",
        "    --data prepared --out runs/first --rounds 10 --local-steps 4 --workers 2",
        "spark-submit --class instructvideo.job.Main instructvideo.jar train \\",
        "    --conf-file s3a://bucket/train.conf --out s3a://bucket/runs/first");
  }

  @Override
  public List<String> options() {
    return List.of(
        "--model",
        "--reward",
        "--head",
        "--fit",
        "--data",
        "--out",
        "--method",
        "--rounds",
        "--local-steps",
        "--workers",
        "--batch",
        "--accumulate",
        "--outer",
        "--keep",
        "--eval-prompts",
        "--eval-every",
        "--guard",
        "--guard-reward",
        "--optimizer",
        "--lr",
        "--rank",
        "--alpha",
        "--ddim-steps",
        "--starting-partial",
        "--guidance-scale",
        "--grad-steps",
        "--segments",
        "--lambda-tar",
        "--interpolation",
        "--frames",
        "--height",
        "--width",
        "--fps",
        "--seed",
        "--precision",
        "--threads",
        "--tensorboard",
        "--mlflow",
        "--master");
  }

  @Override
  public int run(Settings settings) throws Exception {
    String out = settings.required("out", "--out");
    PrepareManifest manifest = manifest(settings.required("data", "--data"));
    return OutputClaim.hold(
        out, name(), settings.run().claim(), claim -> train(settings, manifest, out, claim));
  }

  private int train(Settings settings, PrepareManifest manifest, String out, OutputClaim held)
      throws IOException {
    TrainInputs inputs = TrainInputs.of(settings, manifest);
    RunDirectory directory = new RunDirectory(out, held);
    boolean fresh = claim(directory, inputs.record(), out);
    Optional<Checkpoint> last = fresh ? Optional.empty() : directory.latest();
    TrainState state =
        last.map(Checkpoint::state).orElseGet(() -> TrainState.begin(inputs.begin()));
    Optional<TrainGuard> guard = TrainGuard.of(settings.run(), manifest, inputs.setup().target());
    Optional<GuardRecord> watched = GuardRecord.read(directory.root());
    if (RunEnd.isStopped(watched, settings.run().guard())) {
      System.out.println(RunEnd.stopped(watched.get(), out));
      return 0;
    }

    boolean complete =
        state.round() >= settings.run().train().rounds()
            && (guard.isEmpty() || RunEnd.isWatched(watched));
    try (RunTracking tracking =
        RunTracking.open(settings.run().tracking(), tracked(out, inputs.record()))) {
      if (complete && tracking.isTold()) {
        System.out.printf("The run in %s is complete: %d rounds.%n", out, state.round());
      } else {
        TrainState end = train(settings, manifest, inputs, directory, state, guard, tracking);
        System.out.println(RunEnd.text(end, GuardRecord.read(directory.root()), out));
      }
    }

    return 0;
  }

  private TrainState train(
      Settings settings,
      PrepareManifest manifest,
      TrainInputs inputs,
      RunDirectory directory,
      TrainState begin,
      Optional<TrainGuard> watched,
      RunTracking tracking)
      throws IOException {
    RunConfig config = settings.run();
    try (SparkSession spark = SparkSessions.open(settings, name())) {
      Dataset<Row> table = table(spark, config.data(), manifest);
      Optional<Guard> guard =
          watched.isPresent()
              ? Optional.of(watched.get().start(spark, directory, begin.round()))
              : Optional.empty();
      TrainingRun run =
          new TrainingRun(
              spark, table, positions(table), inputs.setup(), directory, guard, tracking);
      TrainState end = run.run(begin);
      tellAdapters(config, end, directory, tracking);
      tracking.finish();
      return end;
    }
  }

  private static void tellAdapters(
      RunConfig config, TrainState end, RunDirectory directory, RunTracking tracking)
      throws IOException {
    if (!tracking.isOn()) {
      return;
    }

    Adapter last = new Adapter(config.lora(), end.lora(), config.model());
    tracking.adapter("adapter", PeftDirectory.files(last));
    OptionalInt best = directory.best();
    if (best.isPresent()) {
      Optional<Checkpoint> checkpoint = directory.read(best.getAsInt());
      if (checkpoint.isPresent()) {
        Adapter adapter =
            new Adapter(config.lora(), checkpoint.get().state().lora(), config.model());
        tracking.adapter("adapter-best", PeftDirectory.files(adapter));
      }
    }
  }

  /** Writes run.json, or checks that the one that is there is of the same run. */
  private static boolean claim(RunDirectory directory, RunRecord run, String out)
      throws IOException {
    Optional<RunRecord> started = directory.record();
    if (started.isPresent()) {
      run.checkSame(started.get(), TrainInputs.defaults(), out);
      return false;
    }

    if (directory.holdsSomethingElse()) {
      throw InvalidInputException.of(
          "Cannot write to %s: it is not empty and holds no run; give another --out", out);
    }

    directory.write(run);
    return true;
  }

  private static TrackedRun tracked(String out, RunRecord run) {
    SortedMap<String, String> parameters = new TreeMap<>(run.settings());
    run.paths().forEach((name, path) -> parameters.put("path." + name, path));
    SortedMap<String, String> tags = new TreeMap<>();
    run.fingerprints().forEach((part, value) -> tags.put("fingerprint." + part, value));
    String version = TrainCommand.class.getPackage().getImplementationVersion();
    tags.put("instructvideo.version", version == null ? "not packaged" : version);
    return new TrackedRun(out, parameters, tags, RunDirectory.text(run));
  }

  private static PrepareManifest manifest(String data) throws IOException {
    Path path = new Path(data, PrepareManifest.NAME);
    if (!Storage.exists(path)) {
      throw InvalidInputException.of(
          "Cannot read %s: no %s there; prepare writes it when the table is complete",
          data, PrepareManifest.NAME);
    }

    return PrepareManifest.parse(Storage.readText(path.toString()), path.toString());
  }

  private static Dataset<Row> table(SparkSession spark, String data, PrepareManifest manifest) {
    String[] files =
        manifest.files().stream()
            .map(file -> new Path(data, file.path()).toString())
            .toArray(String[]::new);
    Dataset<Row> table = spark.read().parquet(files);
    SamplesTable.check(table, data);
    return table;
  }

  private static long[] positions(Dataset<Row> table) {
    return table.select("position").as(Encoders.LONG()).collectAsList().stream()
        .mapToLong(Long::longValue)
        .sorted()
        .toArray();
  }
}
