package instructvideo.video;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes the chosen frames of a video. Their numbers are those of decoding the whole video in
 * turn. How many frames there are says the index of MP4, MOV and AVI; of other files up to {@link
 * #READ_WHOLE} bytes all packets are read and counted; of longer ones frames are found by time, at
 * the average rate, so that few bytes are read.
 */
public final class FrameSampler {

  /** Largest file without an index of which all bytes are read. */
  static final long READ_WHOLE = 64L << 20;

  private final VideoFile file;
  private final FrameChoice choice;
  private final String video;
  private final Sink sink;
  private final long readWhole;
  private RgbFrame picture;

  private FrameSampler(
      VideoFile file, FrameChoice choice, String video, Sink sink, long readWhole) {
    this.file = file;
    this.choice = choice;
    this.video = video;
    this.sink = sink;
    this.readWhole = readWhole;
  }

  /** Takes frames; it may block, which does not count as decoding time. */
  public interface Sink {

    /** Takes the next chosen frame. */
    void accept(SampledFrame frame) throws InterruptedException;
  }

  /**
   * Decodes the chosen frames and gives them to the sink in order of display. Choices that need the
   * number of frames are given once all are decoded, others each as soon as it is; no more than the
   * chosen ones are kept.
   *
   * @param source closed in any case
   * @param video its name, of which random choices are a function
   * @param timeout of decoding, without the time that the sink takes
   * @throws VideoException if a chosen frame cannot be decoded; the message is the reason
   * @throws IOException if the source cannot be read
   * @throws InterruptedException if the sink or decoding was interrupted
   */
  public static VideoFacts read(
      SeekableSource source, FrameChoice choice, String video, Duration timeout, Sink sink)
      throws IOException, VideoException, InterruptedException {
    return read(source, choice, video, timeout, sink, READ_WHOLE);
  }

  static VideoFacts read(
      SeekableSource source,
      FrameChoice choice,
      String video,
      Duration timeout,
      Sink sink,
      long readWhole)
      throws IOException, VideoException, InterruptedException {
    try (VideoFile file = VideoFile.open(source, timeout)) {
      return new FrameSampler(file, choice, video, sink, readWhole).read();
    }
  }

  private VideoFacts read() throws IOException, VideoException, InterruptedException {
    FrameIndex index = FrameIndex.ofContainer(file);
    if (!choice.needsCount()) {
      return inTurn(index);
    }

    if (index == null && file.length() > readWhole) {
      List<SampledFrame> frames = TimedFrames.read(file, choice, video);
      if (frames != null) {
        giveAll(frames);
        return facts(null, Double.NaN);
      }

      file.reopen();
    }

    if (index == null) {
      index = FrameIndex.ofPackets(file);
      file.reopen();
    }

    return chosen(index);
  }

  /** The choice out of a known number of frames, which a second try counts by decoding. */
  private VideoFacts chosen(FrameIndex promised)
      throws IOException, VideoException, InterruptedException {
    FrameIndex index = promised;
    List<SampledFrame> frames = index.isDoubtful() ? null : decode(index);
    if (frames == null) {
      file.reopen();
      index = promised.counted(countByDecoding());
      file.reopen();
      frames = decode(index);
    }

    if (frames == null) {
      throw new VideoException("damaged: its frames differ from one reading to the next");
    }

    giveAll(frames);
    return facts(index.frames(), index.seconds());
  }

  /** The chosen frames, null if there are not as many frames as promised. */
  private List<SampledFrame> decode(FrameIndex index)
      throws IOException, VideoException, InterruptedException {
    file.discardOthers();
    try (FrameCursor cursor = new FrameCursor(file, index)) {
      boolean any = cursor.next();
      if (!cursor.isDamaged() && (!any || cursor.index() > 0)) {
        return index.isTruncated() ? refuse(index, 0) : null;
      }

      List<SampledFrame> frames = new ArrayList<>();
      int[] chosen = choice.indices(Math.max(1, index.frames()), video);
      checkMemory(chosen.length);
      for (int number : chosen) {
        if (!cursor.moveTo(number)) {
          return cursor.isDamaged() || index.isTruncated() ? refuse(index, number) : null;
        }

        frames.add(cursor.sample(number));
      }

      return cursor.isSparse() ? null : frames;
    }
  }

  /** Some cluster managers end a process that was out of memory once: refused before it is. */
  private void checkMemory(int pictures) throws VideoException {
    VideoInfo info = file.info();
    double bytes = 3.0 * info.width() * info.height() * pictures;
    if (bytes > Runtime.getRuntime().maxMemory() / 2.0) {
      throw new VideoException(
          "its frames do not fit into the Java heap: %d of %d x %d pixels"
              .formatted(pictures, info.width(), info.height()));
    }
  }

  private static List<SampledFrame> refuse(FrameIndex index, int number) throws VideoException {
    throw new VideoException(
        "%s: frame %d%s cannot be decoded"
            .formatted(
                index != null && index.isTruncated() ? "truncated" : "damaged",
                number,
                index == null ? "" : " of " + index.frames()));
  }

  private int countByDecoding() throws IOException, VideoException, InterruptedException {
    file.discardOthers();
    int frames = 0;
    try (FrameCursor cursor = new FrameCursor(file, null)) {
      while (cursor.next()) {
        frames++;
      }

      if (frames == 0 || cursor.isDamaged()) {
        throw new VideoException(
            frames == 0 ? "no frame can be decoded" : "damaged: its frames cannot be counted");
      }
    }

    return frames;
  }

  /** Choices that need no count: all packets in turn. */
  private VideoFacts inTurn(FrameIndex index)
      throws IOException, VideoException, InterruptedException {
    try (FrameCursor cursor = new FrameCursor(file, null)) {
      int last = -1;
      while (cursor.next()) {
        checkGap(index, last, cursor.isWhole() ? cursor.index() : cursor.index() + 1);
        last = cursor.index();
        if (choice.contains(last)) {
          give(cursor.sample(last));
        }
      }

      checkEnd(index, cursor, last);
      return facts(last + 1, index == null ? cursor.seconds() : Double.NaN);
    }
  }

  /** Refuses a video whose last chosen frames did not come. */
  private void checkEnd(FrameIndex index, FrameCursor cursor, int last) throws VideoException {
    boolean truncated = index != null && index.isTruncated();
    checkGap(index, last, truncated ? index.frames() : last + 1 + cursor.missing());
    if (last < 0) {
      throw new VideoException("no frame can be decoded");
    }

    if (cursor.isCut()) {
      throw new VideoException("truncated or damaged after frame " + last);
    }

    if (index == null) {
      FrameIndex.checkEnd(file, cursor.span());
    }
  }

  /** Refuses a chosen frame between two others. */
  private void checkGap(FrameIndex index, int last, int next) throws VideoException {
    for (int number = last + 1; number < next; number++) {
      if (choice.contains(number)) {
        refuse(index, number);
      }
    }
  }

  private void giveAll(List<SampledFrame> frames) throws InterruptedException {
    for (SampledFrame frame : frames) {
      give(frame);
    }
  }

  private void give(SampledFrame frame) throws InterruptedException {
    picture = frame.picture();
    long start = System.nanoTime();
    sink.accept(frame);
    file.exclude(System.nanoTime() - start);
  }

  /** What is known by now; frames null and seconds NaN if they were not measured. */
  private VideoFacts facts(Integer frames, double measured) {
    VideoInfo info = file.info();
    boolean timeless = !file.isTimed() || (isPicture() && frames != null && frames == 1);
    Double seconds = timeless ? null : firstKnown(measured, file.streamSeconds(), file.duration());
    Double rate = frames == null || seconds == null ? null : firstKnown(frames / seconds);
    boolean wrong = rate != null && Math.abs(Math.log(info.fps() / rate)) > Math.log(1.5);
    Double fps = info.fps() > 0 && !wrong ? Double.valueOf(info.fps()) : rate;
    return new VideoFacts(
        picture == null ? null : picture.width(),
        picture == null ? null : picture.height(),
        frames,
        seconds,
        timeless ? null : fps,
        info.codec());
  }

  private boolean isPicture() {
    return file.container().endsWith("_pipe");
  }

  private static Double firstKnown(double... values) {
    for (double value : values) {
      if (value > 0 && Double.isFinite(value)) {
        return value;
      }
    }

    return null;
  }
}
