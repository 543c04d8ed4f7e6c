package instructvideo.video;

import static instructvideo.nn.Functional.resizeBilinear;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Pictures to the pixels that the VAE encodes: scaled (antialiased, bilinear, as torchvision does
 * with tensors) until they just cover width x height with their aspect kept, then cut at the
 * centre.
 *
 * @param height of the result
 * @param width of the result
 */
public record PixelTransform(int height, int width) {

  /**
   * The pixels of one picture.
   *
   * @return (3, height, width) in [-1, 1]
   */
  public float[] apply(NDManager manager, RgbFrame frame) {
    try (NDManager scope = manager.newSubManager()) {
      Shape shape = new Shape(1, frame.height(), frame.width(), 3);
      NDArray pixels = scope.create(ByteBuffer.wrap(frame.pixels()), shape, DataType.UINT8);
      NDArray image = pixels.transpose(0, 3, 1, 2).toType(DataType.FLOAT32, false);
      return crop(fit(image)).div(127.5f).sub(1).toFloatArray();
    }
  }

  /** Scales (1, 3, h, w) to cover the result. */
  private NDArray fit(NDArray image) {
    long h = image.getShape().get(2);
    long w = image.getShape().get(3);
    double scale = Math.max((double) height / h, (double) width / w);
    int newHeight = Math.max(height, (int) Math.round(h * scale));
    int newWidth = Math.max(width, (int) Math.round(w * scale));
    return newHeight == h && newWidth == w ? image : resizeBilinear(image, newHeight, newWidth);
  }

  private NDArray crop(NDArray image) {
    long top = (image.getShape().get(2) - height) / 2;
    long left = (image.getShape().get(3) - width) / 2;
    return image.get(new NDIndex("0, :, {}:{}, {}:{}", top, top + height, left, left + width));
  }

  /**
   * Images as pictures.
   *
   * @param images (n, 3, H, W) in [0, 1], rounded to 8 bits
   */
  public static List<RgbFrame> toFrames(NDArray images) {
    int height = (int) images.getShape().get(2);
    int width = (int) images.getShape().get(3);
    List<RgbFrame> frames = new ArrayList<>();
    try (NDManager scope = images.getManager().newSubManager()) {
      NDList alias = new NDList(images.duplicate());
      alias.attach(scope);
      NDArray pixels = alias.head().mul(255).add(0.5f).clip(0, 255).toType(DataType.UINT8, false);
      for (int i = 0; i < images.getShape().get(0); i++) {
        NDArray image = pixels.get(i).transpose(1, 2, 0); // (H, W, 3)
        frames.add(new RgbFrame(width, height, image.toByteArray()));
      }
    }

    return frames;
  }
}
