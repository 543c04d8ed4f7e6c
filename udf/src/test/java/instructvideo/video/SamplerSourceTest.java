package instructvideo.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the sampler reads of its source, and how long it may take. */
class SamplerSourceTest {

  private static final FrameChoice ALL = new FrameChoice.Every(1);

  /** A file in memory that counts what is read and refuses to go behind its end, as stores do. */
  private static class Counted implements SeekableSource {
    private final ByteArraySource bytes;
    private long read;
    private boolean closed;

    Counted(String name) throws IOException {
      bytes = new ByteArraySource(NumberedVideos.bytes(name));
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = bytes.read(buffer, offset, length);
      read += Math.max(0, count);
      return count;
    }

    @Override
    public void seek(long position) throws IOException {
      if (position > bytes.length()) {
        throw new EOFException("Cannot seek after EOF");
      }

      bytes.seek(position);
    }

    @Override
    public long length() {
      return bytes.length();
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static List<Integer> numbers(SeekableSource source, FrameChoice choice, long readWhole)
      throws Exception {
    List<Integer> numbers = new ArrayList<>();
    FrameSampler.read(
        source,
        choice,
        "a video",
        FrameSamplerTest.TIMEOUT,
        frame -> numbers.add(NumberedVideos.number(frame.picture())),
        readWhole);
    return numbers;
  }

  /** Its index is at the end; the two frames are the first of their groups of 24. */
  @Test
  void filmWithAnIndexIsReadWhereItsFramesAre() throws Exception {
    Counted film = new Counted("film.mp4.gz");

    assertThat(numbers(film, new FrameChoice.First(2), FrameSampler.READ_WHOLE))
        .containsExactly(0, 48);
    assertThat(film.length()).isGreaterThan(5_000_000);
    assertThat(film.read).isLessThan(film.length() / 5);
    assertThat(film.closed).isTrue();
  }

  @Test
  void longFilmWithoutAnIndexIsSoughtByTime() throws Exception {
    Counted film = new Counted("film.mkv.gz");

    assertThat(numbers(film, new FrameChoice.First(2), 1_000_000)).containsExactly(0, 48);
    assertThat(film.read).isLessThan(film.length() / 5);
  }

  @ParameterizedTest
  @CsvSource({"film.mkv.gz", "film.ts.gz", "varying.mkv"})
  void framesSoughtByTimeHaveTheNumbersOfTheAverageRate(String name) throws Exception {
    List<SampledFrame> frames = new ArrayList<>();
    VideoFacts facts =
        FrameSampler.read(
            new Counted(name),
            new FrameChoice.Middle(4),
            "a video",
            FrameSamplerTest.TIMEOUT,
            frames::add,
            1000);

    assertThat(facts.frames()).isNull();
    assertThat(frames).hasSize(4);
    NumberedVideos.Video video = NumberedVideos.named(name);
    for (SampledFrame frame : frames) {
      int number = NumberedVideos.number(frame.picture());
      assertThat(frame.time()).isEqualTo(video.seconds().get(number), within(1e-6));
      assertThat(frame.time()).isBetween(0.0, video.seconds().get(video.numbers().size() - 1));
    }

    if (!name.startsWith("varying")) {
      assertThat(frames.stream().map(SampledFrame::index)).containsExactly(12, 36, 60, 84);
      assertThat(frames.stream().map(f -> NumberedVideos.number(f.picture())))
          .containsExactly(12, 36, 60, 84);
    }
  }

  /** A raw stream cannot be sought: however long it is, it is counted. */
  @Test
  void streamWithoutTimesIsCounted() throws Exception {
    assertThat(numbers(new Counted("raw.h264"), new FrameChoice.Middle(4), 1000))
        .containsExactly(12, 36, 60, 84);
  }

  @Test
  void waitingForTheSinkIsNotDecoding() throws Exception {
    List<Integer> numbers = new ArrayList<>();
    FrameSampler.read(
        new Counted("odd.mp4"),
        ALL,
        "a video",
        Duration.ofSeconds(1),
        frame -> {
          Thread.sleep(150);
          numbers.add(frame.index());
        });

    assertThat(numbers).hasSize(10);
  }

  @Test
  void slowSourceIsCutOff() throws Exception {
    Counted slow =
        new Counted("bframes.mp4") {
          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
              Thread.sleep(100);
            } catch (InterruptedException e) {
              throw new IOException(e);
            }

            return super.read(buffer, offset, Math.min(length, 300));
          }
        };

    assertThatThrownBy(
            () -> FrameSampler.read(slow, ALL, "a video", Duration.ofSeconds(1), frame -> {}))
        .isInstanceOf(VideoException.class)
        .hasMessage("decoding took longer than 1 s");
    assertThat(slow.closed).isTrue();
  }

  @Test
  void brokenSourceIsAnIoException() throws Exception {
    Counted broken =
        new Counted("film.mp4.gz") {
          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            if (super.read > 1_000_000) {
              throw new IOException("503 Slow Down");
            }

            return super.read(buffer, offset, length);
          }
        };

    assertThatThrownBy(() -> numbers(broken, ALL, FrameSampler.READ_WHOLE))
        .isInstanceOf(IOException.class)
        .hasMessage("503 Slow Down");
    assertThat(broken.closed).isTrue();
  }

  @Test
  void sourceWithoutALengthIsClosed() throws Exception {
    Counted gone =
        new Counted("one.mp4") {
          @Override
          public long length() {
            throw new IllegalStateException("gone");
          }
        };

    assertThatThrownBy(() -> numbers(gone, ALL, FrameSampler.READ_WHOLE)).hasMessage("gone");
    assertThat(gone.closed).isTrue();
  }

  /** A thread that nobody waits for any more disturbs no other, and ends when its source does. */
  @Test
  void abandonedThreadDisturbsNoOther() throws Exception {
    CountDownLatch hangs = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    Counted hanging =
        new Counted("bframes.mkv") {
          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            hangs.countDown();
            try {
              released.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }

            return super.read(buffer, offset, length);
          }
        };
    AtomicReference<Throwable> end = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                FrameSampler.read(hanging, ALL, "a video", Duration.ofMillis(100), frame -> {});
              } catch (Exception e) {
                end.set(e);
              }
            });
    thread.start();
    hangs.await();
    Thread.sleep(200);

    for (int i = 0; i < 5; i++) {
      assertThat(numbers(new Counted("bframes.mp4"), ALL, FrameSampler.READ_WHOLE)).hasSize(96);
    }

    released.countDown();
    thread.join(10_000);
    assertThat(end.get()).isInstanceOf(VideoException.class);
    assertThat(hanging.closed).isTrue();
  }

  @Test
  void interruptEndsDecoding() throws Exception {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> numbers(new Counted("bframes.mp4"), ALL, FrameSampler.READ_WHOLE))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }
}
