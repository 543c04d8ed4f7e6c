package instructvideo.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import instructvideo.prompt.Prompt.Origin;
import java.util.List;
import org.junit.jupiter.api.Test;

class VideoIndexTest {

  private final VideoIndex index =
      new VideoIndex(
          List.of(
              "a/1.mp4",
              "b/1.mp4",
              "b/2.mp4",
              "p000003.webm",
              "0001_16055587_cat-walking.mp4",
              "x_16055587x.mp4",
              "5_23726005_02_32_cat.mp4",
              "7_twice.mp4",
              "8_twice.mp4"));

  @Test
  void pathItselfComesFirst() {
    assertThat(found("a/1.mp4")).isEqualTo("a/1.mp4");
  }

  @Test
  void thenItsLastPart() {
    assertThat(found("elsewhere/2.mp4")).isEqualTo("b/2.mp4");
  }

  @Test
  void thenItsStem() {
    assertThat(found("elsewhere/2.avi")).isEqualTo("b/2.mp4");
  }

  @Test
  void thenItsStemAsWholeWords() {
    assertThat(found("125601_125650/16055587.mp4")).isEqualTo("0001_16055587_cat-walking.mp4");
    assertThat(found("135751_135800/23726005_02_32.mp4")).isEqualTo("5_23726005_02_32_cat.mp4");
    assertThat(found("135751_135800/23726005_02_3.mp4")).isNull();
    assertThat(found("6055587.mp4")).isNull();
  }

  @Test
  void severalFilesAreNone() {
    VideoIndex.Match match = index.find(new Prompt("i", "t", "c/1.mp4", Origin.PATH));

    assertThat(match.path()).isNull();
    assertThat(match.isAmbiguous()).isTrue();
    assertThat(match.candidates()).containsExactly("a/1.mp4", "b/1.mp4");
    assertThat(index.find(new Prompt("i", "t", "twice.mp4", Origin.PATH)).isAmbiguous()).isTrue();
  }

  @Test
  void idIsAStemToo() {
    assertThat(index.find(new Prompt("p000003", "t", null, Origin.NONE)).path())
        .isEqualTo("p000003.webm");
    assertThat(index.find(new Prompt("p000004", "t", null, Origin.NONE)).path()).isNull();
  }

  @Test
  void columnNamesAPathOrANameThatIsThereOnce() {
    assertThat(index.find(new Prompt("i", "t", "b/1.mp4", Origin.COLUMN)).path())
        .isEqualTo("b/1.mp4");
    assertThat(index.find(new Prompt("i", "t", "2.mp4", Origin.COLUMN)).path())
        .isEqualTo("b/2.mp4");
    assertThat(index.find(new Prompt("i", "t", "c/2.mp4", Origin.COLUMN)).path()).isNull();
    assertThat(index.find(new Prompt("p000003", "t", "2.avi", Origin.COLUMN)).path()).isNull();
    assertThat(index.find(new Prompt("i", "t", "1.mp4", Origin.COLUMN)).isAmbiguous()).isTrue();
  }

  private String found(String path) {
    return index.find(new Prompt(path, "t", path, Origin.PATH)).path();
  }
}
