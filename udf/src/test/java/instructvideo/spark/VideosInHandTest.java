package instructvideo.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attempts that ended without a word are their notes: a process that is killed leaves no more. */
class VideosInHandTest {

  @TempDir private Path temp;
  private Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectory(temp.resolve("chunk"));
  }

  private void dead(String name, String inHand) throws IOException {
    Files.writeString(folder.resolve("7." + name), inHand);
  }

  private List<String> notes() throws IOException {
    List<String> notes = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(path -> !path.toString().endsWith(".crc")).toList()) {
        notes.add(Files.readString(file));
      }
    }

    return notes;
  }

  @Test
  void theFirstAttemptNotesThatItHasBegun() throws IOException, InterruptedException {
    try (VideosInHand first = new VideosInHand(folder.toString(), "7")) {
      assertThat(first.isAlone()).isFalse();
      assertThat(first.take("a")).isTrue();
      assertThat(notes()).containsExactly("");
    }

    assertThat(notes()).isEmpty();
  }

  @Test
  void theNextOneNotesWhatItHasInHand() throws IOException, InterruptedException {
    dead("1", "");
    try (VideosInHand second = new VideosInHand(folder.toString(), "7")) {
      assertThat(second.isAlone()).isTrue();
      assertThat(notes()).containsExactly("", "");
      assertThat(second.take("a")).isTrue();
      assertThat(second.take("b")).isTrue();
      assertThat(notes()).containsExactlyInAnyOrder("", "b");
    }

    assertThat(notes()).containsExactly("");
  }

  @Test
  void whatTwoHadInHandIsNotTakenAgain() throws IOException, InterruptedException {
    dead("1", "");
    dead("2", "b");
    dead("3", "c");
    Files.writeString(folder.resolve("70.other"), "b"); // of another chunk
    try (VideosInHand fourth = new VideosInHand(folder.toString(), "7")) {
      assertThat(fourth.take("b")).isTrue();
    }

    dead("4", "b");
    try (VideosInHand fifth = new VideosInHand(folder.toString(), "7")) {
      assertThat(fifth.take("a")).isTrue();
      assertThat(fifth.take("b")).isFalse();
      assertThat(fifth.take("c")).isTrue();
      assertThat(notes()).hasSize(6).contains("c", "c");
    }
  }

  /** Else what a neighbour does would be laid at the door of the video in hand. */
  @Test
  void nobodyElseIsInTheProcessOfOneThatGoesAlone() throws Exception {
    Path other = Files.createDirectory(temp.resolve("other"));
    AtomicBoolean begun = new AtomicBoolean();
    dead("1", "");
    Thread neighbour;
    try (VideosInHand alone = new VideosInHand(folder.toString(), "7")) {
      assertThat(alone.isAlone()).isTrue();
      neighbour = new Thread(() -> begin(other, begun));
      neighbour.start();
      neighbour.join(TimeUnit.SECONDS.toMillis(1));
      assertThat(begun).isFalse();
    }

    neighbour.join();
    assertThat(begun).isTrue();
  }

  private static void begin(Path folder, AtomicBoolean begun) {
    try (VideosInHand first = new VideosInHand(folder.toString(), "7")) {
      begun.set(!first.isAlone());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
