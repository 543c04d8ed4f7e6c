package instructvideo.reward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import instructvideo.error.InvalidInputException;
import instructvideo.format.StateDict;
import instructvideo.nn.Linear;
import instructvideo.nn.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Pattern;

/**
 * A head of the LAION aesthetic predictors over image features of length one: one linear layer
 * (LAION-Aesthetics V1: "weight", "bias"), or several without activations between them, as the
 * published MLP is at inference (V2: "layers.0.weight", ...; its dropout does nothing then).
 */
public final class AestheticHead {

  private static final Pattern LAYER = Pattern.compile("layers\\.\\d{1,4}");

  private final List<Linear> layers; // of the first the width is that of the features

  private AestheticHead(List<Linear> layers) {
    this.layers = layers;
  }

  /**
   * The score of each feature.
   *
   * @param features (n, d), of length one
   * @return (n)
   */
  public NDArray forward(NDArray features) {
    NDArray x = features;
    for (Linear layer : layers) {
      x = layer.forward(x);
    }

    return x.squeeze(1); // (n, 1) to (n)
  }

  /**
   * Checks a head without reading its numbers.
   *
   * @param file a state dict
   * @param width of the image features
   * @throws InvalidInputException if it is missing, damaged, no such head, or for other features
   */
  public static void check(Path file, int width) throws IOException {
    layers(StateDict.open(file), width);
  }

  /**
   * Reads a head, in float32.
   *
   * @param file a state dict
   * @param width of the image features
   * @throws InvalidInputException as {@link #check} does
   */
  public static AestheticHead load(NDManager manager, Path file, int width) throws IOException {
    StateDict stateDict = StateDict.open(file);
    List<String> names = layers(stateDict, width);
    Map<String, NDArray> tensors = stateDict.read(manager, DataType.FLOAT32);
    Weights weights = new Weights(tensors, Map.of());
    return new AestheticHead(
        names.stream()
            .map(
                name ->
                    name.isEmpty()
                        ? new Linear(weights.get("weight"), weights.get("bias"), null)
                        : weights.linear(name))
            .toList());
  }

  /** The names of the layers from the first to the last; that of the only one may be "". */
  private static List<String> layers(StateDict stateDict, int width) {
    SortedMap<String, long[]> shapes = stateDict.shapes();
    List<String> names = new ArrayList<>();
    for (String tensor : shapes.keySet()) {
      if (tensor.equals("weight")) {
        names.add("");
      } else if (tensor.endsWith(".weight")) {
        names.add(tensor.substring(0, tensor.length() - ".weight".length()));
      }
    }

    boolean isLinear = names.equals(List.of(""));
    boolean isMlp = names.stream().allMatch(name -> LAYER.matcher(name).matches());
    if (names.isEmpty() || !(isLinear || isMlp) || shapes.size() != 2 * names.size()) {
      throw InvalidInputException.of(
          "Cannot load %s: not an aesthetic head; its tensors are %s, those of a head are weight"
              + " and bias, or layers.0.weight, layers.0.bias and so on",
          stateDict.file(), shapes.keySet());
    }

    names.sort(Comparator.comparingInt(AestheticHead::position));
    checkShapes(stateDict, names, width);
    return names;
  }

  private static int position(String layer) {
    return layer.isEmpty() ? 0 : Integer.parseInt(layer.substring(layer.indexOf('.') + 1));
  }

  private static void checkShapes(StateDict stateDict, List<String> names, int width) {
    SortedMap<String, long[]> shapes = stateDict.shapes();
    long in = width;
    for (String name : names) {
      String prefix = name.isEmpty() ? "" : name + ".";
      long[] weight = shapes.get(prefix + "weight");
      long[] bias = shapes.get(prefix + "bias");
      boolean isFirst = name.equals(names.get(0));
      if (isFirst && weight.length == 2 && weight[1] != width) {
        throw InvalidInputException.of(
            "Cannot load %s: the head takes features of %d numbers, the CLIP model makes %d; give"
                + " the head of this model, or the model of this head (ViT-L/14 has 768)",
            stateDict.file(), weight[1], width);
      }

      boolean isLast = name.equals(names.get(names.size() - 1));
      boolean fits = weight.length == 2 && weight[1] == in && (!isLast || weight[0] == 1);
      if (!fits || !Arrays.equals(bias, new long[] {weight[0]})) {
        throw InvalidInputException.of(
            "Cannot load %s: not an aesthetic head; %sweight has shape %s, %sbias %s, after %d"
                + " numbers",
            stateDict.file(), prefix, Arrays.toString(weight), prefix, Arrays.toString(bias), in);
      }

      in = weight[0];
    }
  }
}
