package instructvideo.format;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import instructvideo.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Where a tensor lies.
 *
 * @param file that holds it
 * @param offset of its first byte in the file
 * @param stride elements from one to the next in each dimension, as torch counts them
 */
record TensorLocation(Path file, long offset, DataType type, long[] shape, long[] stride) {

  TensorLocation {
    stride = normalized(shape, stride);
  }

  /** A tensor whose elements lie in row-major order without gaps. */
  static TensorLocation contiguous(Path file, long offset, DataType type, long[] shape) {
    return new TensorLocation(file, offset, type, shape, strides(shape));
  }

  /**
   * Its bytes, to be copied.
   *
   * @throws InvalidInputException if they are not in row-major order
   */
  StoredTensor stored() {
    if (!Arrays.equals(stride, strides(shape))) {
      throw InvalidInputException.of(
          "Cannot copy %s: a tensor of shape %s is not contiguous; save it as safetensors",
          file, Arrays.toString(shape));
    }

    long size = Arrays.stream(shape).reduce(type.getNumOfBytes(), Math::multiplyExact);
    return new StoredTensor(file, SafeTensors.name(type), shape, offset, size);
  }

  /**
   * The tensor, over mapped pages if nothing is to be converted.
   *
   * @throws InvalidInputException if its elements leave gaps or repeat
   */
  NDArray read(MappedTensors mapped) throws IOException {
    return Arrays.equals(stride, strides(shape))
        ? mapped.tensor(offset, new Shape(shape), type)
        : permuted(mapped);
  }

  /**
   * Elements from the first to the last, both counted.
   *
   * @throws ArithmeticException if a long cannot hold it
   */
  static long extent(long[] shape, long[] stride) {
    long last = 0;
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] == 0) {
        return 0;
      }

      last = Math.addExact(last, Math.multiplyExact(shape[i] - 1, stride[i]));
    }

    return Math.addExact(last, 1);
  }

  /** A transposed tensor: read in the order of its bytes, then turned. */
  private NDArray permuted(MappedTensors mapped) throws IOException {
    int[] order = order();
    int[] inverse = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      inverse[order[i]] = i;
    }

    long[] stored = Arrays.stream(order).mapToLong(i -> shape[i]).toArray();
    long[] storedStride = Arrays.stream(order).mapToLong(i -> stride[i]).toArray();
    if (!Arrays.equals(storedStride, strides(stored))) {
      throw InvalidInputException.of(
          "Cannot read %s: a tensor of shape %s has stride %s, which leaves gaps or repeats; save a"
              + " contiguous copy",
          file, Arrays.toString(shape), Arrays.toString(stride));
    }

    return mapped.tensor(offset, new Shape(stored), type).transpose(inverse);
  }

  /** Dimensions, that of the largest stride first. */
  private int[] order() {
    Integer[] dims = new Integer[shape.length];
    Arrays.setAll(dims, i -> i);
    Arrays.sort(dims, (i, j) -> Long.compare(stride[j], stride[i]));
    return Arrays.stream(dims).mapToInt(Integer::intValue).toArray();
  }

  /** The stride of a dimension of size 1 says nothing: as in a contiguous tensor. */
  private static long[] normalized(long[] shape, long[] stride) {
    long[] normalized = stride.clone();
    for (int i = shape.length - 1; i >= 0; i--) {
      if (shape[i] == 1) {
        normalized[i] = i == shape.length - 1 ? 1 : normalized[i + 1] * Math.max(shape[i + 1], 1);
      }
    }

    return normalized;
  }

  /** Those of a contiguous tensor. */
  private static long[] strides(long[] shape) {
    long[] stride = new long[shape.length];
    long step = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      stride[i] = step;
      step *= Math.max(shape[i], 1);
    }

    return stride;
  }
}
