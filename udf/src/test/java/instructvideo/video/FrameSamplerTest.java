package instructvideo.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import instructvideo.video.NumberedVideos.Video;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Chosen frames of many kinds of files are those that decoding all of them gives. */
class FrameSamplerTest {

  static final Duration TIMEOUT = Duration.ofMinutes(1);

  /** What was chosen, and what is known of the video. */
  record Taken(List<SampledFrame> frames, VideoFacts facts) {
    List<Integer> indices() {
      return frames.stream().map(SampledFrame::index).toList();
    }

    List<Integer> numbers() {
      return frames.stream().map(frame -> NumberedVideos.number(frame.picture())).toList();
    }
  }

  static Taken take(byte[] file, FrameChoice choice)
      throws IOException, VideoException, InterruptedException {
    List<SampledFrame> frames = new ArrayList<>();
    VideoFacts facts =
        FrameSampler.read(new ByteArraySource(file), choice, "a video", TIMEOUT, frames::add);
    return new Taken(frames, facts);
  }

  static Stream<Video> videos() throws IOException {
    return NumberedVideos.all();
  }

  @ParameterizedTest
  @MethodSource("videos")
  void everyFrame(Video video) throws Exception {
    Taken taken = take(video.bytes(), new FrameChoice.Every(1));

    assertThat(taken.indices())
        .isEqualTo(IntStream.range(0, video.numbers().size()).boxed().toList());
    assertThat(taken.facts().frames()).isEqualTo(video.numbers().size());
    checkFrames(taken, video);
  }

  @ParameterizedTest
  @MethodSource("videos")
  void chosenFrames(Video video) throws Exception {
    for (FrameChoice choice :
        List.of(
            new FrameChoice.Middle(4),
            new FrameChoice.Middle(1),
            new FrameChoice.Middle(13),
            new FrameChoice.First(3),
            new FrameChoice.Random(3, 7),
            new FrameChoice.Every(19))) {
      Taken taken = take(video.bytes(), choice);

      assertThat(taken.indices())
          .isEqualTo(
              Arrays.stream(choice.indices(video.numbers().size(), "a video")).boxed().toList());
      assertThat(taken.facts().frames()).isEqualTo(video.numbers().size());
      checkFrames(taken, video);
    }
  }

  private static void checkFrames(Taken taken, Video video) {
    for (SampledFrame frame : taken.frames()) {
      assertThat(NumberedVideos.number(frame.picture()))
          .isEqualTo(video.numbers().get(frame.index()));
      double seconds = video.seconds().get(frame.index());
      if (seconds >= 0) {
        assertThat(frame.time()).isEqualTo(seconds, within(1e-6));
      }
    }
  }

  static Stream<Video> smallVideos() throws IOException {
    return NumberedVideos.all().filter(video -> !video.name().endsWith(".gz"));
  }

  /** From the start to each frame, and from there to each twelfth after it. */
  @ParameterizedTest
  @MethodSource("smallVideos")
  void seekingGivesTheSamePixels(Video video) throws Exception {
    byte[] bytes = video.bytes();
    List<SampledFrame> all = take(bytes, new FrameChoice.Every(1)).frames();
    for (int first = 0; first < all.size(); first++) {
      try (VideoFile file = VideoFile.open(new ByteArraySource(bytes), TIMEOUT)) {
        FrameIndex index = FrameIndex.ofContainer(file);
        if (index == null) {
          index = FrameIndex.ofPackets(file);
          file.reopen();
        }

        if (index.frames() != all.size()) {
          return; // what is counted anew is not sought
        }

        file.discardOthers();
        checkSeeks(file, index, all, first);
      }
    }
  }

  private static void checkSeeks(
      VideoFile file, FrameIndex index, List<SampledFrame> all, int first)
      throws IOException, VideoException, InterruptedException {
    try (FrameCursor cursor = new FrameCursor(file, index)) {
      assertThat(cursor.next()).isTrue();
      for (int target = first; target < all.size(); target += 12) {
        assertThat(cursor.moveTo(target)).isTrue();
        SampledFrame frame = cursor.sample(target);
        assertThat(cursor.index()).isEqualTo(target);
        assertThat(frame.time()).isEqualTo(all.get(target).time(), within(1e-9));
        assertThat(frame.picture().pixels()).isEqualTo(all.get(target).picture().pixels());
      }
    }
  }
}
