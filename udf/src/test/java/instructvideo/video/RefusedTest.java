package instructvideo.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusedTest {

  /** Sound files of two frames, made by PyAV's encoders of these names. */
  @ParameterizedTest
  @CsvSource({"magicyuv.avi, magicyuv", "jpeg2000.mov, jpeg2000"})
  void decodersThatAreNotSafe(String file, String decoder) throws IOException {
    byte[] bytes;
    try (InputStream in = RefusedTest.class.getResourceAsStream("/fixtures/refused/" + file)) {
      bytes = in.readAllBytes();
    }

    assertThatThrownBy(() -> VideoFile.open(new ByteArraySource(bytes), Duration.ofSeconds(10)))
        .isInstanceOf(VideoException.class)
        .hasMessage("no decoder for the video stream: %s of FFmpeg 7.1 is not safe", decoder);
  }

  @Test
  void allOthersAreOpened() {
    assertThat(List.of(Refused.OTHER_DECODERS.split(",", -1)))
        .contains("h264", "hevc", "libvpx-vp9", "prores", "ffv1")
        .doesNotContain("exr", "sanm")
        .hasSizeGreaterThan(400);
    assertThat(List.of(Refused.OTHER_CONTAINERS.split(",", -1)))
        .contains("mov", "matroska", "avi")
        .doesNotContain("dhav", "smush");
  }
}
