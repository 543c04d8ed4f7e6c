package instructvideo.job.run;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import instructvideo.format.FloatTensors;
import instructvideo.lora.LoraConfig;
import instructvideo.lora.LoraState;
import instructvideo.train.TrainState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The state between two rounds as files: adapter.safetensors (what users want), moments.safetensors
 * (what only training needs) and state.json (counters).
 *
 * @param lora rank, alpha and targets of the adapter
 * @param seed of the run: with round, epoch and position it is the position of all randomness
 */
public record Checkpoint(TrainState state, LoraConfig lora, long seed) {

  private static final String ADAPTER = "adapter.safetensors";
  private static final String MOMENTS = "moments.safetensors";
  private static final String STATE = "state.json";
  private static final String EXP_AVG = "exp_avg.";
  private static final String EXP_AVG_SQ = "exp_avg_sq.";
  private static final String OUTER = "outer_momentum.";
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  /** state.json. */
  private record Counters(int round, int step, long position, long seed, LoraConfig lora) {}

  SortedMap<String, byte[]> toFiles() throws IOException {
    SortedMap<String, String> metadata = new TreeMap<>();
    metadata.put("format", "pt");
    metadata.put("rank", String.valueOf(lora.rank()));
    metadata.put("alpha", String.valueOf(lora.alpha()));
    metadata.put("target_modules", String.join(",", lora.targetModules()));
    SortedMap<String, byte[]> files = new TreeMap<>();
    files.put(ADAPTER, file(state.lora().shapes(), state.lora().weights(), metadata));
    files.put(MOMENTS, moments());
    Counters counters = new Counters(state.round(), state.step(), state.position(), seed, lora);
    files.put(STATE, GSON.toJson(counters).getBytes(StandardCharsets.UTF_8));
    return files;
  }

  /** Refuses the name of a file that no checkpoint has, such as one that leads elsewhere. */
  static void checkName(String name) {
    if (!List.of(ADAPTER, MOMENTS, STATE).contains(name)) {
      throw new IllegalArgumentException("it names a file " + name);
    }
  }

  static Checkpoint ofFiles(SortedMap<String, byte[]> files) {
    FloatTensors adapter = FloatTensors.read(files.get(ADAPTER));
    FloatTensors moments = FloatTensors.read(files.get(MOMENTS));
    Counters counters =
        GSON.fromJson(new String(files.get(STATE), StandardCharsets.UTF_8), Counters.class);
    TrainState state =
        new TrainState(
            new LoraState(adapter.shapes(), adapter.values()),
            withPrefix(moments, EXP_AVG),
            withPrefix(moments, EXP_AVG_SQ),
            withPrefix(moments, OUTER),
            counters.step,
            counters.round,
            counters.position);
    return new Checkpoint(state, counters.lora, counters.seed);
  }

  private byte[] moments() throws IOException {
    SortedMap<String, long[]> shapes = new TreeMap<>();
    SortedMap<String, float[]> values = new TreeMap<>();
    add(EXP_AVG, state.expAvg(), shapes, values);
    add(EXP_AVG_SQ, state.expAvgSq(), shapes, values);
    add(OUTER, state.outerMomentum(), shapes, values);
    return file(shapes, values, new TreeMap<>());
  }

  private void add(
      String prefix,
      SortedMap<String, float[]> from,
      SortedMap<String, long[]> shapes,
      SortedMap<String, float[]> values) {
    from.forEach(
        (name, value) -> {
          shapes.put(prefix + name, state.lora().shapes().get(name));
          values.put(prefix + name, value);
        });
  }

  private static SortedMap<String, float[]> withPrefix(FloatTensors tensors, String prefix) {
    SortedMap<String, float[]> found = new TreeMap<>();
    tensors
        .values()
        .forEach(
            (name, value) -> {
              if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), value);
              }
            });
    return found;
  }

  private static byte[] file(
      SortedMap<String, long[]> shapes,
      SortedMap<String, float[]> values,
      SortedMap<String, String> metadata)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new FloatTensors(shapes, values, metadata).write(out);
    return out.toByteArray();
  }
}
