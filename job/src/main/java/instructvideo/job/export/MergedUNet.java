package instructvideo.job.export;

import instructvideo.error.InvalidInputException;
import instructvideo.format.StoredTensor;
import instructvideo.format.StoredTensors;
import instructvideo.job.adapter.Adapter;
import instructvideo.lora.LoraNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedMap;

/**
 * A UNet with the adapter in its weights: W + alpha / rank * B A, rounded once to the type that W
 * has in its file. All other tensors are copied byte for byte.
 */
final class MergedUNet {

  static final String CONFIG = "config.json";
  static final String WEIGHTS = "diffusion_pytorch_model.safetensors";

  private final Adapter adapter;

  private MergedUNet(Adapter adapter) {
    this.adapter = adapter;
  }

  /**
   * Writes config.json and the weights, as one file, into a directory.
   *
   * @param unet directory of the UNet that the adapter was trained on
   * @throws InvalidInputException if a layer of the adapter is not in the UNet with its shape
   */
  static void write(Adapter adapter, Path unet, Path directory) throws IOException {
    StoredTensors tensors = StoredTensors.read(unet);
    MergedUNet merged = new MergedUNet(adapter);
    merged.check(tensors, unet);
    tensors.write(directory.resolve(WEIGHTS), merged::merge);
    Files.copy(unet.resolve(CONFIG), directory.resolve(CONFIG));
  }

  private void check(StoredTensors tensors, Path unet) {
    SortedMap<String, long[]> shapes = adapter.lora().shapes();
    shapes.keySet().stream()
        .filter(LoraNames::isLoraA)
        .map(LoraNames::module)
        .forEach(
            module -> {
              long out = shapes.get(LoraNames.loraB(module))[0];
              long in = shapes.get(LoraNames.loraA(module))[1];
              StoredTensor weight = tensors.byName().get(module + ".weight");
              if (weight == null || !Arrays.equals(weight.shape(), new long[] {out, in})) {
                throw InvalidInputException.of(
                    "Cannot merge into %s: the adapter's layer %s is not there with shape (%d,"
                        + " %d); give the --model that the run was trained on",
                    unet, module, out, in);
              }
            });
  }

  /** The new bytes of a tensor; null where the old ones stay. */
  private ByteBuffer merge(String name, StoredTensor weight) throws IOException {
    String module = name.replaceFirst("\\.weight$", "");
    SortedMap<String, float[]> weights = adapter.lora().weights();
    float[] loraA = weights.get(LoraNames.loraA(module));
    if (loraA == null || module.equals(name)) {
      return null;
    }

    float[] loraB = weights.get(LoraNames.loraB(module));
    float[] merged = weight.floats();
    add(merged, loraA, loraB, adapter.config().rank(), adapter.config().scale());
    return weight.encode(merged);
  }

  /** weight (out, in) += scale * B (out, rank) A (rank, in), summed in double precision. */
  private static void add(float[] weight, float[] loraA, float[] loraB, int rank, double scale) {
    int in = loraA.length / rank;
    double[] row = new double[in];
    for (int out = 0; out < loraB.length / rank; out++) {
      Arrays.fill(row, 0);
      for (int k = 0; k < rank; k++) {
        double factor = scale * loraB[out * rank + k];
        for (int i = 0; i < in; i++) {
          row[i] += factor * loraA[k * in + i];
        }
      }

      for (int i = 0; i < in; i++) {
        weight[out * in + i] = (float) (weight[out * in + i] + row[i]);
      }
    }
  }
}
