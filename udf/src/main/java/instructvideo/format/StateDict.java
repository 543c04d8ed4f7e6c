package instructvideo.format;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import instructvideo.error.InvalidInputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** A checkpoint's tensors by name, whatever its format. */
public final class StateDict {

  /** What diffusers, transformers and OpenCLIP call a directory's weights, the preferred first. */
  private static final List<String> NAMES =
      List.of(
          "diffusion_pytorch_model.safetensors",
          "model.safetensors",
          "diffusion_pytorch_model.safetensors.index.json",
          "model.safetensors.index.json",
          "diffusion_pytorch_model.fp16.safetensors",
          "model.fp16.safetensors",
          "diffusion_pytorch_model.safetensors.index.fp16.json",
          "model.safetensors.index.fp16.json",
          "model.fp16.safetensors.index.json",
          "diffusion_pytorch_model.bin",
          "pytorch_model.bin",
          "diffusion_pytorch_model.bin.index.json",
          "pytorch_model.bin.index.json",
          "diffusion_pytorch_model.fp16.bin",
          "pytorch_model.fp16.bin",
          "open_clip_model.safetensors",
          "open_clip_pytorch_model.bin");

  private final Path file;
  private final Map<String, TensorLocation> tensors;

  private StateDict(Path file, Map<String, TensorLocation> tensors) {
    this.file = file;
    this.tensors = tensors;
  }

  /**
   * Opens a checkpoint and reads where its tensors lie, not the tensors.
   *
   * @param path a file, an index of several, or a directory with one of the names that diffusers,
   *     transformers and OpenCLIP give
   * @throws InvalidInputException if there is none, or it is damaged
   */
  public static StateDict open(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw InvalidInputException.of("Cannot read %s: no such file or directory", path);
    }

    ModelDirectory.check(path);
    Path file = Files.isDirectory(path) ? weightsIn(path) : path;
    String name = file.getFileName().toString();
    return name.endsWith(".json")
        ? new StateDict(file, ShardIndex.read(file))
        : new StateDict(file, tensorsOf(file));
  }

  /**
   * All tensors of a checkpoint.
   *
   * @param path a file, or a directory with one of the names that diffusers and transformers give
   */
  public static Map<String, NDArray> read(NDManager manager, Path path, DataType type)
      throws IOException {
    return open(path).read(manager, type);
  }

  /** Where the tensors of one file lie: its name tells its format. */
  static Map<String, TensorLocation> tensorsOf(Path file) throws IOException {
    return file.getFileName().toString().endsWith(".safetensors")
        ? SafeTensors.headers(file)
        : TorchPickle.headers(file);
  }

  /** The file that was opened: of several, their index. */
  public Path file() {
    return file;
  }

  /** The shape of each tensor by name. */
  public SortedMap<String, long[]> shapes() {
    SortedMap<String, long[]> shapes = new TreeMap<>();
    tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape().clone()));
    return shapes;
  }

  /**
   * The same tensors under other names.
   *
   * @throws InvalidInputException if two get the same name
   */
  public StateDict renamed(UnaryOperator<String> name) {
    Map<String, TensorLocation> renamed = new LinkedHashMap<>();
    tensors.forEach(
        (key, tensor) -> {
          if (renamed.put(name.apply(key), tensor) != null) {
            throw InvalidInputException.of(
                "Cannot read %s: %s is there under two names", file, name.apply(key));
          }
        });
    return new StateDict(file, renamed);
  }

  /**
   * Compares names and shapes with those that a model has.
   *
   * @param model as messages name it
   * @param harmless names that may be there or not
   * @throws InvalidInputException that lists what is missing, not known or of another shape
   */
  public void check(String model, Map<String, long[]> expected, Predicate<String> harmless) {
    ShapeComparison.of(expected, shapes(), harmless).check(model, file);
  }

  /** All tensors; floating-point ones become {@code type}. */
  public Map<String, NDArray> read(NDManager manager, DataType type) throws IOException {
    return read(manager, type, name -> true);
  }

  /**
   * Tensors by name; floating-point ones become {@code type}, and stay mapped if they have it.
   *
   * @param wanted names that are read
   */
  public Map<String, NDArray> read(NDManager manager, DataType type, Predicate<String> wanted)
      throws IOException {
    Map<Path, List<Entry<String, TensorLocation>>> byFile = new LinkedHashMap<>();
    tensors.entrySet().stream()
        .filter(entry -> wanted.test(entry.getKey()))
        .forEach(
            entry ->
                byFile
                    .computeIfAbsent(entry.getValue().file(), path -> new ArrayList<>())
                    .add(entry));
    Map<String, NDArray> read = new LinkedHashMap<>();
    for (Entry<Path, List<Entry<String, TensorLocation>>> group : byFile.entrySet()) {
      try (FileChannel channel = FileChannel.open(group.getKey())) {
        MappedTensors mapped = new MappedTensors(manager, channel, type);
        for (Entry<String, TensorLocation> tensor : group.getValue()) {
          read.put(tensor.getKey(), tensor.getValue().read(mapped));
        }
      }
    }

    return read;
  }

  /** The tensors as they lie in their files. */
  SortedMap<String, StoredTensor> stored() {
    SortedMap<String, StoredTensor> stored = new TreeMap<>();
    tensors.forEach((name, tensor) -> stored.put(name, tensor.stored()));
    return stored;
  }

  private static Path weightsIn(Path directory) {
    return NAMES.stream()
        .map(directory::resolve)
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(
            () ->
                InvalidInputException.of(
                    "Cannot find weights in %s: none of %s", directory, String.join(", ", NAMES)));
  }
}
