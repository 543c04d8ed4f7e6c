package instructvideo.job.demo;

import instructvideo.video.RgbFrame;
import instructvideo.video.VideoException;
import instructvideo.video.VideoFormat;
import instructvideo.video.VideoWriter;
import java.util.Arrays;
import java.util.List;

final class BeforeAfterPicture {
  private static final int ROWS = 5;
  private static final int MIDDLE = 14;
  private final int tile;
  private final int width;
  private final byte[] pixels;

  private BeforeAfterPicture(int rows, Evaluation.Video sample) {
    tile = sample.size() * 2 + 2;
    width = 2 * columns(sample) * tile + MIDDLE;
    pixels = new byte[3 * width * rows * tile];
    Arrays.fill(pixels, (byte) 96);
  }

  private static int columns(Evaluation.Video video) {
    return (video.frames() + 2 - 1) / 2;
  }

  static byte[] png(DemoPage.Results results) throws VideoException {
    List<Evaluation.Video> before = results.before().videos();
    List<String> captions = before.stream().map(Evaluation.Video::caption).distinct().toList();
    int rows = Math.min(ROWS, captions.size());
    int copies = before.size() / captions.size();
    BeforeAfterPicture picture = new BeforeAfterPicture(rows, before.get(0));

    for (int row = 0; row < rows; row++) {
      picture.draw(row, 0, before.get(row * copies));
      int right = picture.width / 2 + 7;
      picture.draw(row, right, results.after().videos().get(row * copies));
    }

    RgbFrame frame = new RgbFrame(picture.width, rows * picture.tile, picture.pixels);
    return VideoWriter.encode(List.of(frame), 1.0, VideoFormat.PNG);
  }

  private void draw(int row, int left, Evaluation.Video video) {
    List<RgbFrame> frames = video.toFrames();

    for (int column = 0; column < columns(video); column++) {
      RgbFrame frame = frames.get(column * 2);

      for (int y = 0; y < video.size() * 2; y++) {
        for (int x = 0; x < video.size() * 2; x++) {
          int from = 3 * (y / 2 * video.size() + x / 2);
          int to = 3 * ((row * tile + y) * width + left + column * tile + x);
          System.arraycopy(frame.pixels(), from, pixels, to, 3);
        }
      }
    }
  }
}
