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

  private BeforeAfterPicture(int rows, Evaluation.Video sample) {
    tile = sample.size() * SCALE + GAP;
    width = 2 * columns(sample) * tile + MIDDLE;
    pixels = new byte[Clip.CHANNELS * width * rows * tile];
    Arrays.fill(pixels, GREY);
  }

  private static int columns(Evaluation.Video video) {
    return (video.frames() + FRAME_STEP - 1) / FRAME_STEP;
  }

  /** The picture as a PNG file: the first video of each of the first captions. */
  static byte[] png(DemoPage.Results results) throws VideoException {
    List<Evaluation.Video> before = results.before().videos();
    List<Evaluation.Video> after = results.after().videos();
    int captions = (int) before.stream().map(Evaluation.Video::caption).distinct().count();
    int copies = before.size() / captions;
    int rows = Math.min(MAX_ROWS, captions);
    BeforeAfterPicture picture = new BeforeAfterPicture(rows, before.get(0));
    int right = (picture.width + MIDDLE) / 2;
    for (int row = 0; row < rows; row++) {
      picture.draw(row, 0, before.get(row * copies));
      picture.draw(row, right, after.get(row * copies));
    }
    RgbFrame frame = new RgbFrame(picture.width, rows * picture.tile, picture.pixels);
    return VideoWriter.encode(List.of(frame), 1.0, VideoFormat.PNG);
  }

  private void draw(int row, int left, Evaluation.Video video) {
    List<RgbFrame> frames = video.toFrames();
    for (int column = 0; column < columns(video); column++) {
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
