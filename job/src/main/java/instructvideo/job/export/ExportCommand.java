package instructvideo.job.export;

import instructvideo.error.InvalidInputException;
import instructvideo.format.Fingerprint;
import instructvideo.job.Command;
import instructvideo.job.ModelFiles;
import instructvideo.job.Outputs;
import instructvideo.job.adapter.Adapter;
import instructvideo.job.adapter.PeftDirectory;
import instructvideo.job.config.RunConfig.ExportConfig;
import instructvideo.job.config.RunConfig.ExportConfig.Format;
import instructvideo.job.config.Settings;
import instructvideo.job.run.Checkpoint;
import instructvideo.job.run.RunDirectory;
import instructvideo.job.run.RunRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Writes the adapter of a checkpoint in a format that others read. */
public final class ExportCommand implements Command {

  /** Without these, readers of a remote directory see nothing. */
  private static final Set<String> LAST = Set.of("adapter_config.json", "config.json");

  @Override
  public String name() {
    return "export";
  }

  @Override
  public String summary() {
    return "Writes a run's adapter for others: a PEFT directory, diffusers' single file (alpha /"
        + " rank multiplied into B), or a UNet with the adapter merged into its weights.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "instructvideo export --run runs/first --out adapter",
        "instructvideo export --run runs/first --best --out adapter",
        "instructvideo export --run runs/first --round 7 --format diffusers --out lora",
        "instructvideo export --run s3a://bucket/runs/first --format merged --model zeroscope \\",
        "    --out tuned/unet");
  }

  @Override
  public List<String> options() {
    return List.of("--run", "--format", "--round", "--best", "--model", "--out");
  }

  @Override
  public int run(Settings settings) throws Exception {
    String run = settings.required("export.run", "--run");
    String out = settings.required("out", "--out");
    Format format = settings.run().export().format();
    RunDirectory directory = new RunDirectory(run);
    RunRecord record = directory.required();
    Checkpoint checkpoint = checkpoint(directory, settings.run().export(), run);
    boolean given = settings.isGiven("model");
    String model = given ? settings.run().model() : record.paths().getOrDefault("model", "");
    Adapter adapter = new Adapter(checkpoint.lora(), checkpoint.state().lora(), model);
    if (given || format == Format.MERGED) {
      checkModel(unet(model), record, run);
    }

    List<String> names = Outputs.directory(out, LAST, staging -> write(adapter, format, staging));
    report(checkpoint, format, out, names);
    return 0;
  }

  /** The checkpoint that is asked for: the best, that of a round, or the latest. */
  private static Checkpoint checkpoint(RunDirectory directory, ExportConfig export, String run)
      throws IOException {
    List<Integer> rounds = directory.committedRounds();
    if (rounds.isEmpty()) {
      throw InvalidInputException.of(
          "Cannot export %s: it has no checkpoint yet; train writes one after each round", run);
    }

    int chosen = rounds.get(0);
    if (export.best()) {
      chosen = best(directory, export, run);
    } else if (export.round() > 0) {
      chosen = export.round();
    }

    if (!rounds.contains(chosen)) {
      throw InvalidInputException.of(
          "Cannot export round %d of %s: there is no checkpoint of it; give a --round of %s",
          chosen, run, rounds);
    }

    int round = chosen;
    return directory
        .read(round)
        .orElseThrow(
            () ->
                InvalidInputException.of(
                    "Cannot export round %d of %s: its files are not what its manifest says; give"
                        + " another --round of %s",
                    round, run, rounds));
  }

  private static int best(RunDirectory directory, ExportConfig export, String run)
      throws IOException {
    if (export.round() > 0) {
      throw InvalidInputException.of(
          "Invalid --round: %d; give --round or --best, not both", export.round());
    }

    return directory
        .best()
        .orElseThrow(
            () ->
                InvalidInputException.of(
                    "Cannot export the best checkpoint of %s: nobody looked for it; give --round, or"
                        + " train with --eval-prompts",
                    run));
  }

  private static Path unet(String model) {
    Path unet = ModelFiles.local(model).resolve("unet");
    if (model.isEmpty() || !Files.isDirectory(unet)) {
      throw InvalidInputException.of(
          "Cannot read %s: no such directory; give the --model that the run was trained on", unet);
    }

    return unet;
  }

  private static void checkModel(Path unet, RunRecord record, String run) throws IOException {
    String trained = record.fingerprints().get("unet");
    String now = Fingerprint.of(unet);
    if (!now.equals(trained)) {
      throw InvalidInputException.of(
          "Cannot export %s for %s: it was trained on another UNet: fingerprint %s, is %s; give the"
              + " --model of the run (%s)",
          run, unet, trained, now, record.paths().get("model"));
    }
  }

  private static void write(Adapter adapter, Format format, Path directory) throws IOException {
    switch (format) {
      case PEFT -> PeftDirectory.write(adapter, directory);
      case DIFFUSERS -> DiffusersFile.write(adapter, directory);
      case MERGED -> MergedUNet.write(adapter, unet(adapter.baseModel()), directory);
    }
  }

  private static void report(Checkpoint checkpoint, Format format, String out, List<String> names) {
    System.out.printf(
        "Exported round %d: %d layers of rank %d, alpha %s%n",
        checkpoint.state().round(),
        checkpoint.state().lora().shapes().size() / 2,
        checkpoint.lora().rank(),
        checkpoint.lora().alpha());
    names.forEach(name -> System.out.printf("  %s/%s%n", out, name));
    System.out.println(
        "Read it with "
            + switch (format) {
              case PEFT -> "PeftModel.from_pretrained(pipe.unet, \"%s\")".formatted(out);
              case DIFFUSERS ->
                  "safetensors.torch.load_file: W + B A for each unet.<module>; alpha / rank is in"
                      + " B";
              case MERGED -> "UNet3DConditionModel.from_pretrained(\"%s\")".formatted(out);
            });
  }
}
