package instructvideo.job.score;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestPathsTest {

  private static final ManifestPaths REMOTE = ManifestPaths.of("s3a://bucket/lists/a.csv", false);

  @ParameterizedTest
  @CsvSource({
    "a.mp4, s3a://bucket/lists/a.mp4",
    "sub/a b.mp4, s3a://bucket/lists/sub/a b.mp4",
    "s3a://other/a.mp4, s3a://other/a.mp4",
    "FILE:/etc/passwd, s3a://bucket/lists/FILE:/etc/passwd"
  })
  void pathsFromTheManifestOn(String video, String place) {
    assertThat(REMOTE.problem(video)).isNull();
    assertThat(REMOTE.resolve(video)).isEqualTo(place);
  }

  /** Nothing beside a refused file may be read either, such as a prompt in a text file. */
  @ParameterizedTest
  @CsvSource({
    "/etc/x.mp4, a file of this machine",
    "FILE:///etc/x.mp4, a file of this machine",
    "../x.mp4, a path with ..",
    "a/../../../x.mp4, a path with ..",
    "http://169.254.169.254/x, a file of another store"
  })
  void refusedPathsLeadNowhere(String video, String problem) {
    assertThat(REMOTE.problem(video)).startsWith(problem).contains("--allow-local-videos");
    assertThat(REMOTE.resolve(video)).isNull();
  }

  @Test
  void credentialsBelongIntoSettings() {
    String video = "s3a://key:secret@bucket/x.mp4";
    assertThat(REMOTE.problem(video)).startsWith("credentials in its URI");
    assertThat(REMOTE.resolve(video)).isNull();
  }

  @Test
  void localManifestsAreTheUsersOwn() {
    ManifestPaths local = ManifestPaths.of("/lists/a.csv", false);
    assertThat(local.resolve("../x.mp4")).isEqualTo("/lists/../x.mp4");
    assertThat(local.resolve("/etc/x.mp4")).isEqualTo("/etc/x.mp4");
    assertThat(REMOTE.problem(null)).startsWith("no video");
    assertThat(ManifestPaths.of("s3a://bucket/a.csv", true).resolve("/etc/x")).isEqualTo("/etc/x");
  }
}
