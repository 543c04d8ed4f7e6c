package instructvideo.nn;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Names and shapes of a model's tensors, collected as its modules are: the mirror of {@link
 * Weights}.
 */
public final class ParameterShapes {

  private final SortedMap<String, long[]> shapes;
  private final String module;

  /** None yet. */
  public ParameterShapes() {
    this(new TreeMap<>(), "");
  }

  private ParameterShapes(SortedMap<String, long[]> shapes, String module) {
    this.shapes = shapes;
    this.module = module;
  }

  /** Those of a module of this one; what is added there is added here. */
  public ParameterShapes at(String name) {
    return new ParameterShapes(shapes, path(name));
  }

  /** All of the whole model; unmodifiable. */
  public SortedMap<String, long[]> byName() {
    return Collections.unmodifiableSortedMap(shapes);
  }

  /** Adds a tensor; without sizes, a single number. */
  public void tensor(String name, long... shape) {
    shapes.put(path(name), shape);
  }

  /** Adds a linear layer's weight (out, in) and bias (out). */
  public void linear(String name, long in, long out) {
    linearNoBias(name, in, out);
    tensor(name + ".bias", out);
  }

  /** Adds a linear layer's weight (out, in). */
  public void linearNoBias(String name, long in, long out) {
    tensor(name + ".weight", out, in);
  }

  /** Adds a convolution's weight (out, in, kernel, kernel) and bias (out). */
  public void conv2d(String name, long in, long out, long kernel) {
    tensor(name + ".weight", out, in, kernel, kernel);
    tensor(name + ".bias", out);
  }

  /** Adds a normalisation's weight and bias (channels). */
  public void norm(String name, long channels) {
    tensor(name + ".weight", channels);
    tensor(name + ".bias", channels);
  }

  private String path(String name) {
    return module.isEmpty() ? name : module + "." + name;
  }
}
