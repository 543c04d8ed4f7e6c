package instructvideo.reward;

import static instructvideo.nn.Functional.pad;
import static instructvideo.nn.Functional.resizeBicubic;
import static instructvideo.nn.Functional.resizeBilinear;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** HPSv2's transform: the longest side to {@code imageSize}, zeros around, CLIP's mean and std. */
public record ImagePreprocessor(int imageSize, Interpolation interpolation) {

  private static final float[] MEAN = {0.48145466f, 0.4578275f, 0.40821073f};
  private static final float[] STD = {0.26862954f, 0.26130258f, 0.27577711f};

  /**
   * Resizes, pads and normalises.
   *
   * @param images (n, 3, H, W) in [0, 1]
   * @return (n, 3, imageSize, imageSize)
   */
  public NDArray forward(NDArray images) {
    NDManager manager = images.getManager();
    Shape channels = new Shape(1, 3, 1, 1);
    return fit(images).sub(manager.create(MEAN, channels)).div(manager.create(STD, channels));
  }

  private NDArray fit(NDArray images) {
    long height = images.getShape().get(2);
    long width = images.getShape().get(3);
    double scale = (double) imageSize / Math.max(height, width);
    if (scale == 1) {
      return images;
    }

    int newHeight = (int) Math.rint(height * scale);
    int newWidth = (int) Math.rint(width * scale);
    NDArray resized =
        switch (interpolation) {
          case BICUBIC -> resizeBicubic(images, newHeight, newWidth);
          case BILINEAR -> resizeBilinear(images, newHeight, newWidth);
        };
    int left = (imageSize - newWidth) / 2;
    int top = (imageSize - newHeight) / 2;
    return pad(resized, left, imageSize - newWidth - left, top, imageSize - newHeight - top);
  }
}
