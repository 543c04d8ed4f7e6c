package instructvideo.video;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import instructvideo.testing.Hostile;
import java.io.IOException;
import java.time.Duration;

/** Any bytes as a video; the first one chooses its frames. */
class VideoFuzzTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  @FuzzTest
  void video(byte[] input) {
    FrameChoice choice =
        Hostile.choice(input, 2) == 0 ? new FrameChoice.Middle(3) : new FrameChoice.Every(2);
    Hostile.load(
        1 << 20, // pictures may be larger than their file
        () -> {
          try {
            ByteArraySource source = new ByteArraySource(Hostile.rest(input));
            FrameSampler.read(source, choice, "v", TIMEOUT, frame -> check(frame.picture()));
          } catch (VideoException e) {
            assertThat(e.getMessage()).isNotBlank();
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  private static void check(RgbFrame frame) {
    assertThat(frame.pixels()).hasSize(3 * frame.width() * frame.height());
  }
}
