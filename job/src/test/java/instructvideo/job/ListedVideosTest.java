package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListedVideosTest {

  private static final String LIST = "s3a://bucket/lists/a.csv";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/passwd",
        "//host/etc/passwd",
        "file:/etc/passwd",
        "file:///etc/passwd",
        "FILE:/etc/passwd",
        "FILE:///etc/passwd",
        "file:etc/passwd",
        " file:/etc/passwd",
        "%66ile:/etc/passwd",
        "local:/etc/passwd",
        "jar:file:/a.jar!/b",
        "har://file-/etc/a.har/b",
        "viewfs://cluster/x",
        "hdfs://namenode/x",
        "webhdfs://namenode/x",
        "http://169.254.169.254/latest/meta-data",
        "https://host/x.mp4",
        "ftp://host/x",
        "s3a:/x.mp4",
        "s3a:///x.mp4",
        "s3a://bucket/../x.mp4",
        "s3a://bucket/lists/../x.mp4",
        "s3a://bucket/a\\b.mp4"
      })
  void remoteListReachesNothingElse(String video) {
    assertThat(ListedVideos.of(LIST, false).problem(video)).isNotBlank();
    assertThat(ListedVideos.of(LIST, true).problem(video)).isNull();
    assertThat(ListedVideos.of("/lists/a.csv", false).problem(video)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3a://bucket/x.mp4",
        "s3a://other/ü #1%41.mp4",
        "s3://b/x",
        "gs://b/x",
        "abfss://c@a.net/x"
      })
  void objectStoresAskForCredentials(String video) {
    assertThat(ListedVideos.of(LIST, false).problem(video)).isNull();
  }

  @Test
  void otherStoresReachThemselves() {
    ListedVideos cluster = ListedVideos.of("hdfs://namenode/a.csv", false);
    assertThat(cluster.problem("hdfs://namenode/x.mp4")).isNull();
    assertThat(cluster.problem("hdfs://other/x.mp4")).isEqualTo("a file of another store");
    ListedVideos web = ListedVideos.of("https://host/a.csv", false);
    assertThat(web.problem("https://host/x.mp4")).isNull();
    assertThat(web.problem("http://169.254.169.254/x")).isEqualTo("a file of another store");
    assertThat(web.problem("file:/x")).isEqualTo("a file of this machine");
  }
}
