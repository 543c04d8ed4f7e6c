package instructvideo.job.adapter;

import instructvideo.error.InvalidInputException;
import instructvideo.format.ModelDirectory;
import instructvideo.job.Storage;
import instructvideo.job.run.Checkpoint;
import instructvideo.job.run.RunDirectory;
import instructvideo.lora.LoraNames;
import instructvideo.lora.LoraState;
import instructvideo.spark.GenerateAdapter;
import instructvideo.spark.HadoopFiles;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import org.apache.hadoop.fs.Path;

/**
 * An adapter as it was found.
 *
 * @param uri for messages
 * @param scale alpha / rank, 1 where it is in the weights
 * @param round of the run, null if it is of none
 */
public record StoredAdapter(String uri, LoraState lora, double scale, Integer round) {

  /** One that is of no run. */
  StoredAdapter(String uri, LoraState lora, double scale) {
    this(uri, lora, scale, null);
  }

  /**
   * Reads a run of train, a PEFT directory or a file of diffusers.
   *
   * @throws InvalidInputException if it is none of them, or damaged
   */
  public static StoredAdapter read(String uri) throws IOException {
    if (!Storage.status(uri).isDirectory()) {
      return DiffusersReader.read(uri, uri);
    }

    if (HadoopFiles.isLocal(uri)) {
      ModelDirectory.check(HadoopFiles.local(uri));
    }

    if (has(uri, RunDirectory.RUN)) {
      return ofRun(uri);
    }

    if (has(uri, PeftReader.CONFIG)) {
      return PeftReader.read(uri);
    }

    if (has(uri, DiffusersReader.WEIGHTS)) {
      return DiffusersReader.read(uri, uri + "/" + DiffusersReader.WEIGHTS);
    }

    throw InvalidInputException.of(
        "Cannot read the adapter %s: none of %s (a run of train), %s (PEFT) and %s (diffusers) is"
            + " there",
        uri, RunDirectory.RUN, PeftReader.CONFIG, DiffusersReader.WEIGHTS);
  }

  private static boolean has(String uri, String name) throws IOException {
    return Storage.exists(new Path(uri, name));
  }

  /** The checkpoint of a run that stands for it: the guard's best, else the latest. */
  private static StoredAdapter ofRun(String uri) throws IOException {
    RunDirectory run = new RunDirectory(uri);
    OptionalInt best = run.best();
    Optional<Checkpoint> found = best.isPresent() ? run.read(best.getAsInt()) : run.latest();
    Checkpoint checkpoint =
        found.orElseThrow(
            () ->
                InvalidInputException.of(
                    "Cannot read the adapter %s: the run has no whole checkpoint%s; train writes one"
                        + " after each round",
                    uri, best.isPresent() ? " of round " + best.getAsInt() : ""));
    return new StoredAdapter(
        uri, checkpoint.state().lora(), checkpoint.lora().scale(), checkpoint.state().round());
  }

  /**
   * Checks that a UNet has the layers.
   *
   * @param unetShapes of its tensors by name
   * @param model for messages
   * @throws InvalidInputException naming the first weight that does not fit, with both shapes
   */
  public StoredAdapter check(Map<String, long[]> unetShapes, String model) {
    SortedMap<String, long[]> shapes = lora.shapes();
    shapes.keySet().stream()
        .filter(LoraNames::isLoraA)
        .map(LoraNames::module)
        .forEach(
            module -> {
              long[] loraA = shapes.get(LoraNames.loraA(module));
              long[] loraB = shapes.get(LoraNames.loraB(module));
              long[] layer = unetShapes.get(module + ".weight");
              if (layer == null) {
                throw InvalidInputException.of(
                    "Cannot use the adapter %s with %s: its layer %s is not in the UNet; give the"
                        + " --model that it was trained on",
                    uri, model, module);
              }

              if (layer.length != 2 || layer[0] != loraB[0] || layer[1] != loraA[1]) {
                throw InvalidInputException.of(
                    "Cannot use the adapter %s with %s: of %s, lora_A is %s and lora_B %s, the"
                        + " UNet's layer %s; give the --model that it was trained on",
                    uri,
                    model,
                    module,
                    Arrays.toString(loraA),
                    Arrays.toString(loraB),
                    Arrays.toString(layer));
              }
            });
    return this;
  }

  /** For executors. */
  public GenerateAdapter withStrength(double strength) {
    return GenerateAdapter.of(lora, scale, strength);
  }
}
