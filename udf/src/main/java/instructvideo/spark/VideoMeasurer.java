package instructvideo.spark;

import instructvideo.error.Secrets;
import instructvideo.measure.FeatureMeasures;
import instructvideo.measure.PixelMeasures;
import instructvideo.nn.TorchEngine;
import instructvideo.reward.RewardSum;
import instructvideo.video.ByteArraySource;
import instructvideo.video.FrameChoice;
import instructvideo.video.FrameSampler;
import instructvideo.video.RgbFrame;
import instructvideo.video.VideoException;
import instructvideo.video.VideoFacts;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Measures one video after the other on the thread of a task, with the executor's models. */
final class VideoMeasurer implements AutoCloseable {

  private static final int ATTEMPTS = 3;

  private final MeasureSetup setup;
  private final TreeMap<String, String> identity;
  private final ScoreEngine engine;
  private final int threads; // of this thread's operators, before

  /** Loads the models if this JVM has not got them. */
  VideoMeasurer(MeasureSetup setup) throws IOException {
    this.setup = setup;
    identity = setup.identity();
    engine = ScoreEngine.acquire(setup.score());
    threads = TorchEngine.threads();
    engine.models().startThread();
  }

  /** All frames of a video. */
  private record Clip(VideoFacts facts, List<RgbFrame> frames) {}

  /** What the models say: scores of chosen frames, features of all. */
  private record Seen(Map<String, double[]> scores, List<float[]> features) {}

  /**
   * Measures a video, unless it has been.
   *
   * @param known its row of an earlier run, null if there is none
   */
  MeasuredVideo measure(MeasureItem item, MeasuredVideo known) throws InterruptedException {
    MeasuredVideo measured = measureOrFail(item, known);
    if (measured.error() != null) {
      SparkMetrics.get().decodeError();
    }

    return measured;
  }

  private MeasuredVideo measureOrFail(MeasureItem item, MeasuredVideo known)
      throws InterruptedException {
    String contentId = null;
    try {
      byte[] bytes = read(item.uri());
      contentId = ContentId.of(bytes);
      return known != null && known.isStill(item, contentId, identity)
          ? known
          : measured(item, contentId, decoded(bytes, item));
    } catch (VideoException e) {
      return MeasuredVideo.failed(item, contentId, identity, e.getMessage());
    } catch (FileNotFoundException e) {
      return MeasuredVideo.failed(item, contentId, identity, "no such file");
    } catch (AccessDeniedException e) {
      return MeasuredVideo.failed(item, contentId, identity, "no permission to read it");
    } catch (IOException e) {
      String line = Secrets.strip(String.valueOf(e.getMessage())).lines().findFirst().orElse("");
      return MeasuredVideo.failed(item, contentId, identity, "cannot be read: " + line);
    }
  }

  private static byte[] read(String uri) throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try (var source = HadoopSource.open(uri)) {
        byte[] bytes = new byte[Math.toIntExact(source.length())];
        int at = 0;
        while (at < bytes.length) {
          int read = source.read(bytes, at, bytes.length - at);
          if (read < 0) {
            throw new EOFException("it ends early");
          }

          at += read;
        }

        return bytes;
      } catch (FileNotFoundException | AccessDeniedException e) {
        throw e;
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }

        Thread.sleep(500L << attempt);
      }
    }
  }

  private Clip decoded(byte[] bytes, MeasureItem item)
      throws IOException, VideoException, InterruptedException {
    List<RgbFrame> frames = new ArrayList<>();
    Duration timeout = Duration.ofMillis((long) (setup.score().decodeTimeout() * 1000));
    VideoFacts facts =
        FrameSampler.read(
            new ByteArraySource(bytes),
            new FrameChoice.Every(1),
            item.uri(),
            timeout,
            frame -> frames.add(frame.picture()));
    SparkMetrics.get().video();
    return new Clip(facts, frames);
  }

  private MeasuredVideo measured(MeasureItem item, String contentId, Clip clip)
      throws VideoException {
    PixelMeasures pixels = new PixelMeasures();
    try {
      clip.frames.forEach(pixels::add);
    } catch (IllegalArgumentException e) {
      throw new VideoException(e.getMessage());
    }

    int[] indices = setup.indices(clip.frames.size(), item.uri());
    Seen seen = see(item.prompt(), clip.frames, indices);
    boolean hasFeatures = !seen.features.isEmpty();
    return new MeasuredVideo(
        item,
        contentId,
        clip.facts,
        indices,
        new TreeMap<>(seen.scores),
        pixels.motion(),
        hasFeatures ? FeatureMeasures.consistency(seen.features) : null,
        pixels.sharpness(),
        pixels.saturation(),
        hasFeatures ? FeatureMeasures.mean(seen.features) : null,
        identity,
        unfit(seen.scores));
  }

  private static String unfit(Map<String, double[]> scores) {
    return scores.entrySet().stream()
        .filter(reward -> !Arrays.stream(reward.getValue()).allMatch(Double::isFinite))
        .map(reward -> "the score by " + reward.getKey() + " is no number")
        .findFirst()
        .orElse(null);
  }

  /** The frames that are scored go first: the batches behind them are for features alone. */
  private Seen see(String prompt, List<RgbFrame> frames, int... indices) {
    Set<Integer> order = new LinkedHashSet<>();
    Arrays.stream(indices).forEach(order::add);
    String features = setup.features().isEmpty() ? null : setup.features();
    for (int i = 0; features != null && i < frames.size(); i++) {
      order.add(i);
    }

    List<Integer> numbers = List.copyOf(order);
    List<Map<String, Float>> scores = new ArrayList<>();
    Map<Integer, float[]> byFrame = new TreeMap<>();
    int batch = engine.models().batch();
    for (int at = 0; at < numbers.size(); at += batch) {
      List<Integer> part = numbers.subList(at, Math.min(at + batch, numbers.size()));
      Set<String> wanted =
          at < indices.length ? setup.score().reward().checkpoints().keySet() : Set.of();
      ScoreModels.Scored scored =
          engine
              .models()
              .run(
                  part.stream().map(frames::get).toList(),
                  Collections.nCopies(part.size(), prompt),
                  wanted,
                  features,
                  new ScoreClock());
      SparkMetrics.get().frames(part.size());
      scores.addAll(scored.scores());
      for (int i = 0; i < scored.features().size(); i++) {
        byFrame.put(part.get(i), scored.features().get(i));
      }
    }

    return new Seen(results(scores.subList(0, indices.length)), List.copyOf(byFrame.values()));
  }

  /** Of each reward and sum. */
  private Map<String, double[]> results(List<Map<String, Float>> frames) {
    Map<String, double[]> results = new TreeMap<>();
    for (RewardSum sum : setup.results()) {
      double[] scores =
          frames.stream()
              .mapToDouble(frame -> sum.apply(term -> frame.get(term).doubleValue()))
              .toArray();
      results.put(sum.name(), scores);
    }

    return results;
  }

  @Override
  public void close() {
    TorchEngine.start(threads);
    engine.release();
  }
}
