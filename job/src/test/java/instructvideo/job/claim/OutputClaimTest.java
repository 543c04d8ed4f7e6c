package instructvideo.job.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import instructvideo.job.config.ClaimConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One writer at a time, whoever comes when. */
class OutputClaimTest {

  private static final ClaimConfig CONFIG = new ClaimConfig(0.05, 0.6);

  @TempDir private Path temp;

  private String out() {
    return temp.resolve("out").toString();
  }

  private ClaimFiles files() throws IOException {
    return new ClaimFiles(new org.apache.hadoop.fs.Path(out()));
  }

  @Test
  void theSecondStopsAsSoonAsItSeesLife() throws Exception {
    OutputClaim first = OutputClaim.take(out(), "train", CONFIG);
    assertThatThrownBy(() -> OutputClaim.take(out(), "score", CONFIG))
        .isInstanceOf(ClaimLostException.class)
        .hasMessageContaining("Cannot write to " + out() + ": another run works on it (train on ");
    first.check();
    first.close();
    assertThat(temp.resolve("out")).doesNotExist();
    OutputClaim.take(out(), "score", CONFIG).close();
  }

  @Test
  void whatElseIsThereStays() throws Exception {
    Files.createDirectory(temp.resolve("out"));
    Files.writeString(temp.resolve("out/notes.txt"), "mine");
    try (OutputClaim claim = OutputClaim.take(out(), "train", CONFIG)) {
      claim.check();
      assertThat(OutputClaim.contents(new org.apache.hadoop.fs.Path(out())))
          .containsExactly("notes.txt");
    }

    assertThat(temp.resolve("out")).isDirectoryContaining("glob:**notes.txt");
    assertThat(temp.resolve("out/_owner")).doesNotExist();
  }

  @Test
  void silenceIsTakenForDeath() throws Exception {
    silent(1, someoneElse());
    long start = System.nanoTime();
    try (OutputClaim claim = OutputClaim.take(out(), "train", CONFIG)) {
      claim.check();
      assertThat((System.nanoTime() - start) / 1e9).isGreaterThan(CONFIG.takeover());
      assertThat(files().latest()).hasValue(2);
      assertThat(files().owner(1)).as("what was taken over is removed").isEmpty();
    }
  }

  @Test
  void halfAnEpochIsOneOfADeadRun() throws Exception {
    Files.createDirectories(temp.resolve("out/_owner"));
    Files.writeString(temp.resolve("out/_owner/epoch-00007.json"), "{\"id\": \"ab");
    try (OutputClaim claim = OutputClaim.take(out(), "train", CONFIG)) {
      claim.check();
      assertThat(files().latest()).hasValue(8);
    }
  }

  @Test
  void aDeadProcessOfThisHostIsNotWaitedFor() throws Exception {
    ClaimOwner self = ClaimOwner.ofThisProcess("train");
    ClaimOwner dead =
        new ClaimOwner(
            "id", "train", self.host(), self.process() + "1", self.pid(), "2026-01-01T00:00:00Z");
    assertThat(self.hasEnded()).isFalse();
    assertThat(dead.hasEnded()).isTrue();
    assertThat(self.process())
        .as("ticks since boot, no wall clock")
        .matches("\\S+ \\S+ \\d+ \\d{1,12}");
    silent(1, dead);
    ClaimConfig patient = new ClaimConfig(1, 3600);
    try (OutputClaim claim = OutputClaim.take(out(), "train", patient)) {
      claim.check();
    }
  }

  @Test
  void whoWasTakenForDeadFindsOutAndStops() throws Exception {
    ClaimConfig asleep = new ClaimConfig(1000, 3000);
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch taken = new CountDownLatch(1);
    CompletableFuture<Integer> first =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return OutputClaim.hold(
                    out(),
                    "train",
                    asleep,
                    claim -> {
                      held.countDown();
                      taken.await();
                      claim.check();
                      return 0;
                    });
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    held.await();
    awaitOnlyBeat();
    try (OutputClaim second = OutputClaim.take(out(), "train", CONFIG)) {
      taken.countDown();
      assertThatThrownBy(first::get)
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseInstanceOf(ClaimLostException.class)
          .hasStackTraceContaining("another run has taken it over (train on ");
      second.check(); // the first has removed nothing of it
    }
  }

  /** Another run with the same number, after the first was taken over and the second has ended. */
  @Test
  void anEpochOfTheSameNumberIsNotOnesOwn() throws Exception {
    OutputClaim first = OutputClaim.take(out(), "train", new ClaimConfig(1000, 3000));
    awaitOnlyBeat();
    Files.delete(temp.resolve("out/_owner/epoch-00001.json"));
    OutputClaim second = OutputClaim.take(out(), "train", CONFIG);
    assertThatThrownBy(first::check).isInstanceOf(ClaimLostException.class);
    first.close();
    second.check();
    second.close();
  }

  /** The first one, at once; the next one is far. */
  private void awaitOnlyBeat() throws IOException, InterruptedException {
    while (files().beat(1).isEmpty()) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private void silent(int epoch, ClaimOwner owner) throws IOException {
    assertThat(files().take(epoch, owner)).isTrue();
    assertThat(files().take(epoch, ClaimOwner.ofThisProcess("score"))).isFalse();
    files().writeBeat(epoch, 1);
  }

  private static ClaimOwner someoneElse() {
    return new ClaimOwner("other", "train", "elsewhere", "boot 1", 1, "2026-01-01T00:00:00Z");
  }
}
