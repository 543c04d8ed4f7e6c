package instructvideo.job.report;

import instructvideo.job.ListedVideos;
import instructvideo.job.evaluate.EvaluationSummary;
import instructvideo.job.html.Html;
import instructvideo.job.html.Pictures;
import instructvideo.spark.HadoopSource;
import instructvideo.video.RgbFrame;
import instructvideo.video.VideoException;
import instructvideo.video.VideoFormat;
import instructvideo.video.VideoReader;
import instructvideo.video.VideoWriter;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Moving pictures of pairs of videos. Both videos are in one picture, so that they start and stay
 * together; it is an animated WebP, which needs no player and no codec of its own.
 */
final class ClipPictures {

  /** Pixels of the longer side of a video. */
  private static final int SIZE = 256;

  /** Pixels between the two, of videos of full size. */
  private static final int GAP = 6;

  /** Longer videos end here. */
  private static final int MAX_FRAMES = 64;

  private static final double DEFAULT_FPS = 8;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private ClipPictures() {}

  /**
   * A pair as a picture.
   *
   * @param moving animated WebP
   * @param still its first frame, WebP
   * @param width pixels of a video
   */
  record Picture(byte[] moving, byte[] still, int width, int height, int frames) {

    int bytes() {
      return moving.length + still.length;
    }

    String movingUri() {
      return Html.dataUri("image/webp", moving);
    }

    String stillUri() {
      return Html.dataUri("image/webp", still);
    }
  }

  /** Why there is no picture, for the page. */
  static final class NoPicture extends Exception {

    private static final long serialVersionUID = 1;

    NoPicture(String reason, Throwable cause) {
      super(reason, cause);
    }
  }

  private record Video(List<RgbFrame> frames, double fps) {}

  /**
   * Decodes both videos of a pair and makes their picture.
   *
   * @param directory of the evaluation: one on a remote store names no files of this machine
   */
  static Picture of(ClipPair pair, String directory) throws NoPicture {
    Video before = read(pair.before(), directory, "before");
    Video after = read(pair.after(), directory, "after");
    int frames = Math.min(before.frames.size(), after.frames.size());
    int gap = Math.max(1, GAP * width(after) / SIZE);
    List<RgbFrame> both = new ArrayList<>();
    for (int i = 0; i < frames; i++) {
      both.add(Pictures.beside(before.frames.get(i), after.frames.get(i), gap));
    }

    RgbFrame first = both.get(0);
    try {
      return new Picture(
          VideoWriter.encode(both, before.fps, VideoFormat.WEBP),
          VideoWriter.encode(List.of(first), 1, VideoFormat.WEBP),
          first.width(),
          first.height(),
          frames);
    } catch (VideoException e) {
      throw new NoPicture(reason(e), e);
    }
  }

  private static int width(Video video) {
    return video.frames.get(0).width();
  }

  private static Video read(String name, String directory, String which) throws NoPicture {
    try (VideoReader reader = open(name, directory)) {
      double fps = reader.info().fps() > 0 ? reader.info().fps() : DEFAULT_FPS;
      List<RgbFrame> frames =
          reader.readAll(MAX_FRAMES).stream().map(frame -> Pictures.shrink(frame, SIZE)).toList();
      return new Video(frames, fps);
    } catch (FileNotFoundException e) {
      throw new NoPicture(which + ": no such file", e);
    } catch (IOException | VideoException | RuntimeException e) { // Hadoop throws all kinds
      throw new NoPicture(which + ": " + reason(e), e);
    }
  }

  private static VideoReader open(String name, String directory)
      throws IOException, VideoException {
    String uri = EvaluationSummary.resolve(directory, name);
    if (ListedVideos.of(directory, false).problem(uri) != null) {
      throw new VideoException("not in the store of the evaluation, which may name nothing else");
    }

    return VideoReader.open(HadoopSource.open(uri), TIMEOUT);
  }

  private static String reason(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
