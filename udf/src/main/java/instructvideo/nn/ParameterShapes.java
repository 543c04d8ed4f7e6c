package instructvideo.nn;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

public final class ParameterShapes {

  private final SortedMap<String, long[]> shapes;
  private final String module;

  public ParameterShapes() {
    this(new TreeMap<>(), "");
  }

  private ParameterShapes(SortedMap<String, long[]> shapes, String module) {
    this.shapes = shapes;
    this.module = module;
  }

  public ParameterShapes at(String name) {
    return new ParameterShapes(shapes, path(name));
  }

  public SortedMap<String, long[]> byName() {
    return Collections.unmodifiableSortedMap(shapes);
  }

  public void tensor(String name, long... shape) {
    shapes.put(path(name), shape);
  }

  public void linear(String name, long in, long out) {
    linearNoBias(name, in, out);
    tensor(name + ".bias", out);
  }

  public void linearNoBias(String name, long in, long out) {
    tensor(name + ".weight", out, in);
  }

  public void conv2d(String name, long in, long out, long kernel) {
    tensor(name + ".weight", out, in, kernel, kernel);
    tensor(name + ".bias", out);
  }

  public void norm(String name, long channels) {
    tensor(name + ".weight", channels);
    tensor(name + ".bias", channels);
  }

  private String path(String name) {
    return module.isEmpty() ? name : module + "." + name;
  }
}
