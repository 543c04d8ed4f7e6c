package instructvideo.job.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import instructvideo.error.InvalidInputException;
import instructvideo.job.config.RunConfig.PrepareConfig;
import instructvideo.prompt.Prompt;
import instructvideo.prompt.Prompt.Origin;
import instructvideo.spark.PrepareItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VideoDirectoryTest {

  @TempDir private Path temp;
  private Path videos;

  @BeforeEach
  void makeFiles() throws IOException {
    videos = Files.createDirectories(temp.resolve("with space/ü"));
    Files.createDirectory(videos.resolve("b"));
    Files.writeString(videos.resolve("a#1.mp4"), "");
    Files.writeString(videos.resolve("b/c.mp4"), "");
    Files.writeString(temp.resolve("outside.mp4"), "");
  }

  private PrepareItem item(String list, String directory, boolean allowLocal, String video)
      throws IOException {
    PrepareConfig config = new PrepareConfig(list, directory, allowLocal, 0.1, 0, 64);
    VideoDirectory files = VideoDirectory.of(directory);
    Prompt prompt = new Prompt("p", "a cat", video, Origin.COLUMN);
    return files.items(List.of(prompt), AbsoluteVideos.of(config, files)).get(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "file:", "file://"})
  void absolutePathBelowTheDirectoryIsTheFileThere(String scheme) throws IOException {
    for (String directory : List.of(videos.toString(), "file:" + videos, "file://" + videos)) {
      PrepareItem item = item("list.csv", directory, false, scheme + videos + "/a#1.mp4");
      assertThat(item.video()).isEqualTo("a#1.mp4");
      assertThat(item.uri()).isEqualTo("file:" + videos + "/a#1.mp4");
      assertThat(item.reject()).isNull();
    }
  }

  @Test
  void absolutePathIsNotSoughtByItsName() throws IOException {
    PrepareItem item = item("list.csv", videos.toString(), false, videos + "/c.mp4");
    assertThat(item.uri()).isNull();
    assertThat(item.reject()).isEqualTo("no such file in " + videos);
  }

  @Test
  void absolutePathElsewhereIsRefused() {
    String outside = temp + "/outside.mp4";
    assertRefused(
        "Invalid video in list.csv: %s of prompt p is not below %s".formatted(outside, videos),
        "list.csv",
        videos.toString(),
        outside);
    assertRefused("is not below", "list.csv", videos.toString(), videos + "-2/a.mp4");
    assertRefused("nosuch", "list.csv", videos.toString(), "nosuch://host/a.mp4");
  }

  @Test
  void withoutDirectoryAbsolutePathsAreOpenedAsTheyAre() throws IOException {
    for (String scheme : List.of("", "file:", "file://")) {
      String video = scheme + temp + "/outside.mp4";
      PrepareItem item = item("list.csv", "", false, video);
      assertThat(item).extracting(PrepareItem::video, PrepareItem::uri).containsOnly(video);
      assertThat(item.reject()).isNull();
    }

    assertRefused("Missing --videos", "list.csv", "", "outside.mp4");
    assertRefused("Cannot reach nosuch://host/", "list.csv", "", "nosuch://host/a.mp4");
    assertRefused("nosuch:/a.mp4 of prompt p: ", "list.csv", "", "nosuch:/a.mp4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/etc/a.mp4", "file:/etc/a", "file:///etc/a", "FILE:///etc/a", "har:///etc/a"})
  void remoteListNamesNoLocalFile(String video) {
    assertRefused("a list on a remote store may not name", "s3a://bucket/list.csv", "", video);
  }

  @Test
  void remoteListMayNameLocalFilesWhereThatIsAllowed() throws IOException {
    String video = temp + "/outside.mp4";
    String list = "s3a://bucket/list.csv";
    assertThat(item(list, "", true, video).uri()).isEqualTo(video);
    assertThat(item(list, videos.toString(), false, videos + "/b/c.mp4").video())
        .isEqualTo("b/c.mp4");
  }

  private void assertRefused(String message, String list, String directory, String video) {
    assertThatThrownBy(() -> item(list, directory, false, video))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }
}
