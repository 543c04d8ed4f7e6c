package instructvideo.nn;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.LinkedHashMap;
import java.util.Map;

/** Of the frozen models' weights and activations; LoRA weights and the optimizer are float32. */
public enum Precision {
  FLOAT32(DataType.FLOAT32, 1.0),
  FLOAT16(DataType.FLOAT16, 1024.0),
  BFLOAT16(DataType.BFLOAT16, 1.0);

  private final DataType type;
  private final double gradientScale;

  private Precision(DataType type, double gradientScale) {
    this.type = type;
    this.gradientScale = gradientScale;
  }

  public DataType type() {
    return type;
  }

  public double gradientScale() {
    return gradientScale;
  }

  public static RuntimeException explained(EngineException error) {
    return TorchScript.explained(error);
  }

  public static DataType readAs(DataType type) {
    return type == DataType.BFLOAT16 ? DataType.FLOAT32 : type;
  }

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
