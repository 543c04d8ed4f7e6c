package instructvideo.lora;

import instructvideo.error.InvalidInputException;
import instructvideo.random.CounterRandom;
import instructvideo.random.CounterRandom.Purpose;
import java.io.Serializable;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Values of all LoRA weights of a UNet, as they travel between driver, executors and checkpoints.
 *
 * @param shapes by name: A is (rank, in), B is (out, rank)
 * @param weights by name, row-major
 */
public record LoraState(SortedMap<String, long[]> shapes, SortedMap<String, float[]> weights)
    implements Serializable {

  /**
   * Where training begins: A ~ N(0, 1 / rank^2), B = 0.
   *
   * @param unetShapes of the UNet's tensors by name
   * @throws InvalidInputException if no linear layer has a target's name
   */
  public static LoraState init(LoraConfig config, Map<String, long[]> unetShapes, long seed) {
    SortedMap<String, long[]> shapes = new TreeMap<>();
    SortedMap<String, float[]> weights = new TreeMap<>();
    unetShapes.forEach(
        (name, shape) -> {
          String module = name.replaceFirst("\\.weight$", "");
          if (shape.length == 2 && !module.equals(name) && isTarget(config, module)) {
            String loraA = LoraNames.loraA(module);
            shapes.put(loraA, new long[] {config.rank(), shape[1]});
            weights.put(loraA, initialA(config.rank(), (int) shape[1], module, seed));
            shapes.put(LoraNames.loraB(module), new long[] {shape[0], config.rank()});
            weights.put(LoraNames.loraB(module), new float[(int) shape[0] * config.rank()]);
          }
        });
    if (shapes.isEmpty()) {
      throw InvalidInputException.of(
          "Invalid lora.target-modules: %s; no linear layer of the UNet has such a name",
          config.targetModules());
    }

    return new LoraState(shapes, weights);
  }

  /** The same layers with other values. */
  public LoraState with(SortedMap<String, float[]> values) {
    return new LoraState(shapes, values);
  }

  private static boolean isTarget(LoraConfig config, String module) {
    return config.targetModules().stream()
        .anyMatch(target -> module.equals(target) || module.endsWith("." + target));
  }

  private static float[] initialA(int rank, int in, String module, long seed) {
    float[] values = CounterRandom.of(seed, 0, module, 0, Purpose.LORA_INIT).gaussians(rank * in);
    for (int i = 0; i < values.length; i++) {
      values[i] /= rank;
    }

    return values;
  }
}
