package instructvideo.video;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Decodes the chosen frames of a video. */
public final class FrameSampler {

  private FrameSampler() {}

  /** Takes frames; it may block, which does not count as decoding time. */
  public interface Sink {

    /** Takes the next chosen frame. */
    void accept(SampledFrame frame) throws InterruptedException;
  }

  /**
   * Decodes the chosen frames in order of display, each given to the sink as soon as it is decoded.
   *
   * @param source closed in any case
   * @param video its name, of which random choices are a function
   * @param timeout of decoding, without the time that the sink takes
   * @throws VideoException if a chosen frame cannot be decoded; the message is the reason
   * @throws IOException if the source cannot be read
   */
  public static VideoFacts read(
      SeekableSource source, FrameChoice choice, String video, Duration timeout, Sink sink)
      throws IOException, VideoException, InterruptedException {
    try (VideoReader reader = VideoReader.open(source, timeout)) {
      List<RgbFrame> frames = reader.readAll(Integer.MAX_VALUE);
      Set<Integer> chosen = new HashSet<>();
      for (int index : choice.indices(frames.size(), video)) {
        chosen.add(index);
      }

      VideoInfo info = reader.info();
      for (int i = 0; i < frames.size(); i++) {
        if (chosen.contains(i)) {
          sink.accept(new SampledFrame(i, i / info.fps(), frames.get(i)));
        }
      }

      return new VideoFacts(
          info.width(), info.height(), frames.size(), info.seconds(), info.fps(), info.codec());
    }
  }
}
