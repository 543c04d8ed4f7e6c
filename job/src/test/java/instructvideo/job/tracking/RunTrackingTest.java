package instructvideo.job.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import instructvideo.error.InvalidInputException;
import instructvideo.job.config.TrackingConfig;
import instructvideo.video.RgbFrame;
import instructvideo.video.VideoException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What event files hold, and that no server holds up a run; deploy/check-tracking.sh has real ones.
 */
class RunTrackingTest {

  private static final SortedMap<String, Double> VALUES =
      new TreeMap<>(Map.of("train/loss", 0.5, "train/reward_mean", 0.25));

  @TempDir private Path temp;

  private RunTracking open(String mlflow) {
    TrackedRun run =
        new TrackedRun(
            temp.toString(),
            new TreeMap<>(Map.of("optimizer.lr", "1.0E-5")),
            new TreeMap<>(Map.of("version", "1_0")),
            "{}");
    TrackingConfig config =
        new TrackingConfig(true, new TrackingConfig.Mlflow(mlflow, "experiment", 1), 1);
    return RunTracking.open(config, run, Duration.ofMillis(50));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(temp.resolve("tensorboard"))) {
      return files.map(file -> file.getFileName().toString().substring(20)).sorted().toList();
    }
  }

  @Test
  void resumedRoundsAreThereOnce() throws IOException {
    try (RunTracking first = open("")) {
      first.begin(0, TreeMap::new);
      IntStream.rangeClosed(1, 3).forEach(round -> first.round(round, VALUES));
    }

    assertThat(names())
        .containsExactly(
            "0000000000.0-begin",
            "0000000001.1-round",
            "0000000002.1-round",
            "0000000003.1-round",
            "0000000003.3-end");
    Files.delete(temp.resolve("tensorboard/events.out.tfevents.0000000001.1-round"));
    try (RunTracking second = open("")) {
      second.begin(2, () -> new TreeMap<>(Map.of(1, VALUES, 2, VALUES)));
      second.finish();
      assertThat(second.isTold()).isFalse();
    }

    assertThat(names())
        .containsExactly(
            "0000000000.0-begin", "0000000001.1-round", "0000000002.1-round", "0000000002.3-end");
    try (RunTracking third = open("")) {
      assertThat(third.isTold()).isTrue();
    }
  }

  @Test
  void framesHoldLengthAndChecksums() throws IOException, VideoException {
    RgbFrame frame = new RgbFrame(20, 16, new byte[20 * 16 * 3]);
    SampleVideo video = SampleVideo.of("first", "a *cat*", List.of(frame, frame), 8);
    try (RunTracking tracking = open("")) {
      tracking.begin(0, TreeMap::new);
      tracking.look(4, VALUES, List.of(video, video));
    }

    byte[] file =
        Files.readAllBytes(temp.resolve("tensorboard/events.out.tfevents.0000000004.2-look"));
    ByteBuffer frames = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    StringBuilder text = new StringBuilder();
    int events = 0;
    for (; frames.hasRemaining(); events++) {
      byte[] length = next(frames, Long.BYTES);
      byte[] data =
          next(frames, (int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong());
      text.append(new String(data, StandardCharsets.ISO_8859_1));
    }

    assertThat(events).as("version, two values, one of two videos").isEqualTo(4);
    assertThat(text)
        .contains("brain.Event:2", "train/loss", "videos/first", "a \\*cat\\*", "GIF89a");
    assertThat(text).as("height and width").contains("\b\u0010\u0010\u0014\u0018\u0003");
  }

  /** Bytes, and after them their masked CRC32C. */
  private static byte[] next(ByteBuffer frames, int count) {
    byte[] data = new byte[count];
    frames.get(data);
    CRC32C crc = new CRC32C();
    crc.update(data);
    long rotated = (crc.getValue() >>> 15 | crc.getValue() << 17) & 0xFFFFFFFFL;
    assertThat(frames.getInt() & 0xFFFFFFFFL).isEqualTo((rotated + 0xa282ead8L) & 0xFFFFFFFFL);
    return data;
  }

  @Test
  void serverThatNeverAnswersHoldsUpNothing() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      assertNothingIsHeldUp("http://127.0.0.1:" + silent.getLocalPort());
    }
  }

  @Test
  void serverThatFailsHoldsUpNothing() throws IOException {
    HttpServer failing =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    AtomicInteger requests = new AtomicInteger();
    failing.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          exchange.sendResponseHeaders(500, -1);
          exchange.close();
        });
    failing.start();
    String address = "http://127.0.0.1:" + failing.getAddress().getPort();
    assertNothingIsHeldUp(address);
    failing.stop(0);
    assertThat(requests.get()).as("it was asked").isPositive();
    assertNothingIsHeldUp(address); // connection refused
  }

  private void assertNothingIsHeldUp(String mlflow) throws IOException {
    long told;
    try (RunTracking tracking = open(mlflow)) {
      long start = System.nanoTime();
      tracking.begin(0, TreeMap::new);
      IntStream.rangeClosed(1, 100).forEach(round -> tracking.round(round, VALUES));
      tracking.adapter("adapter", new TreeMap<>(Map.of("file", new byte[1 << 20])));
      tracking.finish();
      told = System.nanoTime();
      assertThat(Duration.ofNanos(told - start)).as("the run").isLessThan(Duration.ofSeconds(10));
    }

    assertThat(Duration.ofNanos(System.nanoTime() - told))
        .as("its end")
        .isLessThan(Duration.ofSeconds(40));
    assertThat(names()).as("the other tracker's files").hasSize(102);
    try (RunTracking again = open(mlflow)) {
      assertThat(again.isTold()).as("MLflow knows all").isFalse();
    }
  }

  @Test
  void passwordsAreNotShown() {
    MlflowServer server =
        MlflowServer.of(
            new TrackingConfig.Mlflow("https://me:pass%40word@host:5000/path/", "", 1),
            Map.of("MLFLOW_TRACKING_TOKEN", "token"));
    assertThat(server.toString()).isEqualTo("https://host:5000/path");
    assertThat(server.authorization()).contains("Basic bWU6cGFzc0B3b3Jk");
    assertThat(
            MlflowServer.of(
                    new TrackingConfig.Mlflow("http://h", "", 1),
                    Map.of("MLFLOW_TRACKING_TOKEN", "token"))
                .authorization())
        .contains("Bearer token");
    for (String wrong : List.of("me:password@host:5000", "ftp://me:password@host", "host:5000")) {
      assertThatThrownBy(() -> open(wrong))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith("Invalid --mlflow: ")
          .hasMessageEndingWith("such as http://host:5000")
          .hasMessageNotContaining("password");
    }
  }
}
