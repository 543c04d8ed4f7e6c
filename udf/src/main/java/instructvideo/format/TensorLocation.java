package instructvideo.format;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import instructvideo.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

record TensorLocation(Path file, long offset, DataType type, long[] shape, long[] stride) {
  TensorLocation {
    stride = normalized(shape, stride);
  }

  static TensorLocation contiguous(Path file, long offset, DataType type, long[] shape) {
    return new TensorLocation(file, offset, type, shape, strides(shape));
  }

  StoredTensor stored() {
    if (!Arrays.equals(stride, strides(shape))) {
      throw InvalidInputException.of(
          "Cannot copy %s: a tensor of shape %s is not contiguous; save it as safetensors",
          file, Arrays.toString(shape));
    } else {
      long size = Arrays.stream(shape).reduce(type.getNumOfBytes(), Math::multiplyExact);
      return new StoredTensor(file, SafeTensors.name(type), shape, offset, size);
    }
  }

  NDArray read(MappedTensors mapped) throws IOException {
    return Arrays.equals(stride, strides(shape))
        ? mapped.tensor(offset, new Shape(shape), type)
        : permuted(mapped);
  }

  static long extent(long[] shape, long[] stride) {
    long last = 0L;

    for (int i = 0; i < shape.length; i++) {
      if (shape[i] == 0L) {
        return 0L;
      }

      last = Math.addExact(last, Math.multiplyExact(shape[i] - 1L, stride[i]));
    }

    return Math.addExact(last, 1L);
  }

  private NDArray permuted(MappedTensors mapped) throws IOException {
    int[] order = this.order();
    int[] inverse = new int[order.length];
    int i = 0;

    while (i < order.length) {
      inverse[order[i]] = i++;
    }

    long[] stored = Arrays.stream(order).mapToLong(ix -> shape[ix]).toArray();
    long[] storedStride = Arrays.stream(order).mapToLong(ix -> stride[ix]).toArray();
    if (!Arrays.equals(storedStride, strides(stored))) {
      throw InvalidInputException.of(
          "Cannot read %s: a tensor of shape %s has stride %s, which leaves gaps or repeats; save a"
              + " contiguous copy",
          file, Arrays.toString(shape), Arrays.toString(stride));
    } else {
      return mapped.tensor(offset, new Shape(stored), type).transpose(inverse);
    }
  }

  private int[] order() {
    Integer[] dims = new Integer[shape.length];
    Arrays.setAll(dims, i -> i);
    Arrays.sort(dims, (i, j) -> Long.compare(stride[j], stride[i]));
    return Arrays.stream(dims).mapToInt(Integer::intValue).toArray();
  }

  private static long[] normalized(long[] shape, long[] stride) {
    long[] normalized = stride.clone();

    for (int i = shape.length - 1; i >= 0; i--) {
      if (shape[i] == 1L) {
        normalized[i] = i == shape.length - 1 ? 1L : normalized[i + 1] * Math.max(shape[i + 1], 1L);
      }
    }

    return normalized;
  }

  private static long[] strides(long[] shape) {
    long[] stride = new long[shape.length];
    long step = 1L;

    for (int i = shape.length - 1; i >= 0; i--) {
      stride[i] = step;
      step *= Math.max(shape[i], 1L);
    }

    return stride;
  }
}
