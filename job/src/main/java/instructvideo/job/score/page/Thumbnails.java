package instructvideo.job.score.page;

import instructvideo.job.html.Html;
import instructvideo.spark.HadoopSource;
import instructvideo.video.FrameChoice;
import instructvideo.video.FrameSampler;
import instructvideo.video.RgbFrame;
import instructvideo.video.VideoException;
import instructvideo.video.VideoFormat;
import instructvideo.video.VideoWriter;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Small pictures of videos; of one that cannot be opened, why. */
final class Thumbnails {

  /** Pixels of the longer side. */
  private static final int SIZE = 240;

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final UnaryOperator<String> resolver;
  private final Map<String, String> made = new HashMap<>();

  /**
   * Begins.
   *
   * @param resolver makes what the table calls a video a URI
   */
  Thumbnails(UnaryOperator<String> resolver) {
    this.resolver = resolver;
  }

  /** An img, or a div with the reason; several rewards share one picture. */
  String html(RankedClip clip) {
    return made.computeIfAbsent(clip.frame() + " " + clip.video(), key -> make(clip));
  }

  private String make(RankedClip clip) {
    try {
      byte[] file = VideoWriter.encode(List.of(shrink(frame(clip), SIZE)), 1, VideoFormat.WEBP);
      return "<img alt=\"\" src=\"%s\">".formatted(Html.dataUri("image/webp", file));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return placeholder("interrupted");
    } catch (FileNotFoundException e) {
      return placeholder("no such file");
    } catch (IOException | VideoException | RuntimeException e) { // Hadoop throws all kinds
      return placeholder(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  private RgbFrame frame(RankedClip clip) throws IOException, VideoException, InterruptedException {
    List<RgbFrame> frames = new ArrayList<>();
    FrameSampler.read(
        HadoopSource.open(resolver.apply(clip.video())),
        new FrameChoice.At(clip.frame()),
        clip.video(),
        TIMEOUT,
        frame -> frames.add(frame.picture()));
    if (frames.isEmpty()) {
      throw new VideoException("frame " + clip.frame() + " cannot be decoded");
    }

    return frames.get(0);
  }

  private static String placeholder(String reason) {
    return "<div class=\"none\">no picture: %s</div>".formatted(Html.escape(reason));
  }

  /** The mean of the pixels that become one; pictures that are small enough stay as they are. */
  static RgbFrame shrink(RgbFrame frame, int size) {
    double scale = Math.min(1, (double) size / Math.max(frame.width(), frame.height()));
    int width = Math.max(1, (int) Math.round(frame.width() * scale));
    int height = Math.max(1, (int) Math.round(frame.height() * scale));
    byte[] pixels = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      int top = (int) ((long) y * frame.height() / height);
      int bottom = Math.max(top + 1, (int) ((y + 1L) * frame.height() / height));
      for (int x = 0; x < width; x++) {
        int left = (int) ((long) x * frame.width() / width);
        int right = Math.max(left + 1, (int) ((x + 1L) * frame.width() / width));
        for (int channel = 0; channel < 3; channel++) {
          pixels[3 * (y * width + x) + channel] = mean(frame, channel, left, right, top, bottom);
        }
      }
    }

    return new RgbFrame(width, height, pixels);
  }

  private static byte mean(RgbFrame frame, int channel, int left, int right, int top, int bottom) {
    long sum = 0;
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        sum += frame.pixels()[3 * (y * frame.width() + x) + channel] & 0xff;
      }
    }

    long count = (long) (right - left) * (bottom - top);
    return (byte) ((sum + count / 2) / count);
  }
}
