package instructvideo.job.demo;

import instructvideo.video.RgbFrame;
import instructvideo.video.VideoException;
import instructvideo.video.VideoFormat;
import instructvideo.video.VideoWriter;
import java.util.Arrays;
import java.util.List;

/**
 * A still picture of the result: a row for each caption, frames before at the left, after at the
 * right.
 */
final class BeforeAfterPicture {

  private static final int MAX_ROWS = 5;

  /** Every second frame is shown. */
  private static final int FRAME_STEP = 2;

  /** Pixels of the picture to one of a video, along each side. */
  private static final int SCALE = 2;

  /** Pixels between two frames. */
  private static final int GAP = 2;

  /** Pixels between before and after. */
  private static final int MIDDLE = 14;

  private static final byte GREY = 96;

  private final int tile;
  private final int width;
  private final byte[] pixels;

  private BeforeAfterPicture(int rows, List<RgbFrame> sample) {
    tile = sample.get(0).width() * SCALE + GAP;
    width = 2 * columns(sample) * tile + MIDDLE;
    pixels = new byte[Clip.CHANNELS * width * rows * tile];
    Arrays.fill(pixels, GREY);
  }

  private static int columns(List<RgbFrame> video) {
    return (video.size() + FRAME_STEP - 1) / FRAME_STEP;
  }

  /**
   * The picture as a PNG file.
   *
   * @param before a video of each caption, all alike in size
   * @param after in the same order
   */
  static byte[] png(List<List<RgbFrame>> before, List<List<RgbFrame>> after) throws VideoException {
    int rows = Math.min(MAX_ROWS, before.size());
    BeforeAfterPicture picture = new BeforeAfterPicture(rows, before.get(0));
    int right = (picture.width + MIDDLE) / 2;
    for (int row = 0; row < rows; row++) {
      picture.draw(row, 0, before.get(row));
      picture.draw(row, right, after.get(row));
    }
    RgbFrame frame = new RgbFrame(picture.width, rows * picture.tile, picture.pixels);
    return VideoWriter.encode(List.of(frame), 1.0, VideoFormat.PNG);
  }

  private void draw(int row, int left, List<RgbFrame> frames) {
    for (int column = 0; column < columns(frames); column++) {
      draw(frames.get(column * FRAME_STEP), row * tile, left + column * tile);
    }
  }

  private void draw(RgbFrame frame, int top, int left) {
    for (int y = 0; y < frame.height() * SCALE; y++) {
      for (int x = 0; x < frame.width() * SCALE; x++) {
        int from = Clip.CHANNELS * (y / SCALE * frame.width() + x / SCALE);
        int to = Clip.CHANNELS * ((top + y) * width + left + x);
        System.arraycopy(frame.pixels(), from, pixels, to, Clip.CHANNELS);
      }
    }
  }
}
