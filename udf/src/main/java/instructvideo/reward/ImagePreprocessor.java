package instructvideo.reward;

import static instructvideo.nn.Functional.crop;
import static instructvideo.nn.Functional.pad;
import static instructvideo.nn.Functional.resizeBicubic;
import static instructvideo.nn.Functional.resizeBilinear;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Pictures to what an image tower takes: antialiased resize, {@link Fit}, CLIP's mean and standard
 * deviation. Sizes are rounded as HPSv2's ResizeMaxSize and torchvision's Resize and CenterCrop
 * round them.
 *
 * @param imageSize pixels along each side
 */
public record ImagePreprocessor(int imageSize, Interpolation interpolation, Fit fit) {

  private static final float[] MEAN = {0.48145466f, 0.4578275f, 0.40821073f};
  private static final float[] STD = {0.26862954f, 0.26130258f, 0.27577711f};

  /**
   * Resizes, pads or crops, and normalises.
   *
   * @param images (n, 3, H, W) in [0, 1]
   * @return (n, 3, imageSize, imageSize)
   */
  public NDArray forward(NDArray images) {
    NDManager manager = images.getManager();
    Shape channels = new Shape(1, 3, 1, 1);
    NDArray square =
        switch (fit) {
          case PAD -> padded(images);
          case CROP -> cropped(images);
        };
    return square.sub(manager.create(MEAN, channels)).div(manager.create(STD, channels));
  }

  private NDArray padded(NDArray images) {
    long height = images.getShape().get(2);
    long width = images.getShape().get(3);
    double scale = (double) imageSize / Math.max(height, width);
    int newHeight = Math.max((int) Math.rint(height * scale), 1);
    int newWidth = Math.max((int) Math.rint(width * scale), 1);
    NDArray resized = resized(images, newHeight, newWidth);
    if (newHeight == imageSize && newWidth == imageSize) {
      return resized;
    }

    int left = (imageSize - newWidth) / 2;
    int top = (imageSize - newHeight) / 2;
    return pad(resized, left, imageSize - newWidth - left, top, imageSize - newHeight - top);
  }

  private NDArray cropped(NDArray images) {
    long height = images.getShape().get(2);
    long width = images.getShape().get(3);
    int longest = (int) (imageSize * Math.max(height, width) / Math.min(height, width));
    int newHeight = height > width ? longest : imageSize;
    int newWidth = height > width ? imageSize : longest;
    NDArray resized = resized(images, newHeight, newWidth);
    if (longest == imageSize) {
      return resized;
    }

    int top = (int) Math.rint((newHeight - imageSize) / 2.0);
    int left = (int) Math.rint((newWidth - imageSize) / 2.0);
    return crop(resized, left, top, imageSize, imageSize);
  }

  private NDArray resized(NDArray images, int height, int width) {
    if (images.getShape().get(2) == height && images.getShape().get(3) == width) {
      return images;
    }

    return switch (interpolation) {
      case BICUBIC -> resizeBicubic(images, height, width);
      case BILINEAR -> resizeBilinear(images, height, width);
    };
  }
}
