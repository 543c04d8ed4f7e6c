package instructvideo.job;

import instructvideo.format.Fingerprint;
import instructvideo.format.StoredTensors;
import instructvideo.job.run.Checkpoint;
import instructvideo.job.run.RunDirectory;
import instructvideo.job.run.RunRecord;
import instructvideo.lora.LoraConfig;
import instructvideo.lora.LoraNames;
import instructvideo.lora.LoraState;
import instructvideo.random.CounterRandom;
import instructvideo.random.CounterRandom.Purpose;
import instructvideo.train.TrainState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Training runs without training: one checkpoint, all weights other than zero. */
public final class AdapterRuns {

  /** alpha / rank is 3. */
  public static final LoraConfig LORA =
      new LoraConfig(2, 6, List.of("to_q", "to_k", "to_v", "to_out.0"));

  private AdapterRuns() {}

  /** Writes the directory of a run; returns its adapter. */
  public static LoraState write(String run, Path pipeline, long seed) throws IOException {
    Map<String, long[]> shapes = new HashMap<>();
    StoredTensors.read(pipeline.resolve("unet"))
        .byName()
        .forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    LoraState begin = LoraState.init(LORA, shapes, seed);
    SortedMap<String, float[]> weights = new TreeMap<>(begin.weights());
    weights.replaceAll((name, values) -> values(name, values, seed));
    RunDirectory directory = new RunDirectory(run);
    SortedMap<String, String> fingerprints = new TreeMap<>();
    fingerprints.put("unet", Fingerprint.of(pipeline.resolve("unet")));
    SortedMap<String, String> paths = new TreeMap<>(Map.of("model", pipeline.toString()));
    directory.write(new RunRecord(1, new TreeMap<>(), fingerprints, paths));
    LoraState lora = begin.with(weights);
    SortedMap<String, float[]> none = new TreeMap<>();
    directory.commit(new Checkpoint(new TrainState(lora, none, none, none, 1, 1, 1), LORA, 0), 0);
    return lora;
  }

  /** A as training begins with it, B instead of zeros. */
  private static float[] values(String name, float[] begin, long seed) {
    if (LoraNames.isLoraA(name)) {
      return begin;
    }

    float[] values = CounterRandom.of(seed, 0, name, 0, Purpose.LORA_INIT).gaussians(begin.length);
    for (int i = 0; i < values.length; i++) {
      values[i] *= 0.2f;
    }

    return values;
  }
}
