package instructvideo.job.train;

import instructvideo.job.Failures;
import instructvideo.job.guard.Guard.LookVideo;
import instructvideo.job.run.Look;
import instructvideo.job.tracking.RunTracking;
import instructvideo.job.tracking.SampleVideo;
import instructvideo.spark.HadoopSource;
import instructvideo.video.VideoException;
import instructvideo.video.VideoReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A look of the guard for those whom a run tells of itself. */
final class TrackedLook {

  private static final int MAX_FRAMES = 1000;
  private static final Logger LOG = LoggerFactory.getLogger(TrackedLook.class);

  private TrackedLook() {}

  /** Its figures as eval/NAME, and the first of its videos. */
  static void tell(RunTracking tracking, Look look, List<LookVideo> videos) {
    if (!tracking.isOn()) {
      return;
    }

    SortedMap<String, Double> values = new TreeMap<>();
    look.metrics().forEach((name, value) -> values.put("eval/" + name, value));
    values.put("eval/limits_passed", (double) look.broken().size());
    tracking.look(look.round(), values, samples(tracking, videos));
  }

  private static List<SampleVideo> samples(RunTracking tracking, List<LookVideo> videos) {
    List<SampleVideo> samples = new ArrayList<>();
    for (LookVideo video : videos.subList(0, Math.min(tracking.videos(), videos.size()))) {
      try (VideoReader reader =
          VideoReader.open(HadoopSource.open(video.uri()), VideoReader.TIMEOUT)) {
        samples.add(
            SampleVideo.of(video.name(), video.prompt(), reader.readAll(MAX_FRAMES), video.fps()));
      } catch (IOException | VideoException e) {
        LOG.warn("Cannot read {} for the trackers: {}", video.uri(), Failures.line(e));
      }
    }

    return samples;
  }
}
