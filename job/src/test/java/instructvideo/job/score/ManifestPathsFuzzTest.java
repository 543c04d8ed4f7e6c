package instructvideo.job.score;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import instructvideo.testing.Hostile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.Path;

/** Any text as the path of a video in a manifest on S3. */
class ManifestPathsFuzzTest {

  private static final List<String> STORES =
      List.of("s3", "s3a", "s3n", "gs", "abfs", "abfss", "wasb", "wasbs", "oss", "cosn", "obs");

  @FuzzTest
  void path(byte[] input) {
    String video = new String(input, StandardCharsets.UTF_8);
    ManifestPaths paths = ManifestPaths.of("s3a://bucket/lists/a.csv", false);
    Hostile.load(
        input.length,
        () -> {
          if (paths.problem(video) == null) {
            Path path = new Path(paths.resolve(video)); // throws if it is no URI
            assertThat(path.toUri().getScheme().toLowerCase(Locale.ROOT)).isIn(STORES);
            assertThat(path.toUri().getAuthority()).isNotNull();
          }
        });
  }
}
