package instructvideo.nn;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.LinkedHashMap;
import java.util.Map;

/** Of the frozen models' weights and activations; LoRA weights and the optimizer are float32. */
public enum Precision {
  /** Exact; the only one that CPUs are fast in. */
  FLOAT32(DataType.FLOAT32, 1),

  /** Five bits of exponent: gradients are scaled up. */
  FLOAT16(DataType.FLOAT16, 1024),

  /** float32's range with eight bits of precision. */
  BFLOAT16(DataType.BFLOAT16, 1);

  private final DataType type;
  private final double gradientScale;

  Precision(DataType type, double gradientScale) {
    this.type = type;
    this.gradientScale = gradientScale;
  }

  /** As the engine names it. */
  public DataType type() {
    return type;
  }

  /** Factor of gradients in the back-propagation, so that small ones do not become 0 in float16. */
  public double gradientScale() {
    return gradientScale;
  }

  /** An engine's failure with what a user can do about it, where that is known. */
  public static RuntimeException explained(EngineException error) {
    return TorchScript.explained(error);
  }

  /** The type to read weights as: DJL 0.35 aborts the process when it makes a bfloat16 tensor. */
  public static DataType readAs(DataType type) {
    return type == DataType.BFLOAT16 ? DataType.FLOAT32 : type;
  }

  /**
   * Weights that were read as {@link #readAs} says, in the type itself; float32 ones are closed.
   */
  public static Map<String, NDArray> converted(Map<String, NDArray> tensors, DataType type) {
    if (type != DataType.BFLOAT16) {
      return tensors;
    }

    Map<String, NDArray> converted = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          if (tensor.getDataType() == DataType.FLOAT32) {
            converted.put(name, Functional.bfloat16(tensor));
            tensor.close();
          } else {
            converted.put(name, tensor);
          }
        });
    return converted;
  }
}
