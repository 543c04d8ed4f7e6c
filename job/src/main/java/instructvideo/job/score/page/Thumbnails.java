package instructvideo.job.score.page;

import instructvideo.job.html.Html;
import instructvideo.job.html.Pictures;
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
      byte[] file =
          VideoWriter.encode(List.of(Pictures.shrink(frame(clip), SIZE)), 1, VideoFormat.WEBP);
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
}
