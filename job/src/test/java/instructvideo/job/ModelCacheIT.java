package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import instructvideo.cache.ModelCache;
import instructvideo.error.InvalidInputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of models on S3: one for all processes of a host, whole, checked and within a limit. */
class ModelCacheIT {

  private static final int RANGES = 3;
  private static final long LARGE = 40L << 20; // three ranges

  @TempDir private static Path temp;
  private static FaultyStore store;
  private static S3Server server;
  private static byte[] large;

  @TempDir private Path cache;

  @BeforeAll
  static void start() throws Exception {
    server =
        new S3Server(
            Files.createDirectory(temp.resolve("s3")),
            whole -> {
              store = new FaultyStore(whole);
              return store;
            });
    large = upload("models/large.pt", LARGE);
    for (String name : List.of("a", "b", "c", "d", "e")) {
      upload("models/" + name + "/weights.bin", 3 << 20);
      upload("models/" + name + "/sub/config.json", 100);
    }
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static byte[] upload(String name, long bytes) throws IOException {
    byte[] content = new byte[(int) bytes];
    new Random(name.hashCode()).nextBytes(content);
    org.apache.hadoop.fs.Path path = remote(name);
    Path local = Files.write(temp.resolve("upload"), content);
    path.getFileSystem(configuration())
        .copyFromLocalFile(new org.apache.hadoop.fs.Path(local.toUri()), path);
    return content;
  }

  private static org.apache.hadoop.fs.Path remote(String name) {
    return new org.apache.hadoop.fs.Path(S3Server.BUCKET + "/" + name);
  }

  private static Configuration configuration() {
    Configuration configuration = new Configuration();
    server
        .settings()
        .forEach((key, value) -> configuration.set(key.substring("hadoop.".length()), value));
    configuration.set("fs.s3a.attempts.maximum", "1");
    configuration.set("fs.s3a.retry.limit", "1");
    configuration.set("fs.s3a.retry.interval", "10ms");
    configuration.set("fs.s3a.retry.throttle.limit", "1");
    configuration.set("fs.s3a.retry.throttle.interval", "10ms");
    configuration.set("fs.s3a.multipart.size", "64M"); // one part: its ETag is an MD5
    configuration.set("fs.s3a.multipart.threshold", "128M");
    return configuration;
  }

  private Path local(String name) throws IOException {
    return local(name, "1G");
  }

  private Path local(String name, String limit) throws IOException {
    return ModelCache.of(cache.toString(), limit, "4").local(remote(name), configuration());
  }

  /** One range after the other, so that faults meet them in order. */
  private static Path copyByOne(Path cache) throws IOException {
    return ModelCache.of(cache.toString(), "1G", "1")
        .local(remote("models/large.pt"), configuration());
  }

  private Process process(String... names) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.add("-Dlog4j2.configurationFile=" + Cli.ROOT.resolve("conf/log4j2.properties"));
    command.add("-Daws.java.v1.disableDeprecationAnnouncement=true");
    command.add("-Xshare:auto");
    command.add("-XX:TieredStopAtLevel=1");
    server.settings().forEach((key, value) -> command.add("-Dspark." + key + "=" + value));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ModelCacheProcess.class.getName());
    Stream.of(names).map(name -> remote(name).toString()).forEach(command::add);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("INSTRUCTVIDEO_CACHE", cache.toString());
    return builder.redirectErrorStream(true).start();
  }

  /** What a process prints until a line with a text. */
  private static List<String> linesTo(Process process, String text) throws IOException {
    List<String> lines = new ArrayList<>();
    BufferedReader reader = process.inputReader();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      lines.add(line);
      if (line.contains(text)) {
        return lines;
      }
    }

    throw new IllegalStateException("No line with " + text + " in " + lines);
  }

  private List<Path> copies(List<String> lines) {
    return lines.stream().filter(line -> line.startsWith(cache.toString())).map(Path::of).toList();
  }

  private static void end(Process process) throws IOException, InterruptedException {
    process.getOutputStream().close();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  private List<String> temporaries() throws IOException {
    try (Stream<Path> files = Files.list(cache)) {
      return files
          .map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith("."))
          .toList();
    }
  }

  /** A GET that takes a while to begin. */
  private static FaultyStore.Fault slow(long millis) {
    return bytes -> {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }

      return bytes;
    };
  }

  @Test
  void oneCopyForProcessesThatStartTogether() throws IOException, InterruptedException {
    int before = store.gets();
    store.next(slow(3000), slow(3000), slow(3000));
    Process first = process("models/large.pt");
    Process second = process("models/large.pt");
    List<String> all = linesTo(first, "ready");
    all.addAll(linesTo(second, "ready"));
    assertThat(store.gets() - before).isEqualTo(RANGES);
    assertThat(all).filteredOn(line -> line.contains("Copied s3a://")).hasSize(1);
    assertThat(all).filteredOn(line -> line.contains("Waiting for another process")).isNotEmpty();
    end(first);
    end(second);
    Path copy = copies(all).get(0);
    assertThat(copy).hasBinaryContent(large);

    try (RandomAccessFile file = new RandomAccessFile(copy.toFile(), "rw")) {
      file.seek(LARGE / 2);
      file.write(large[(int) (LARGE / 2)] + 1);
    }

    assertThat(local("models/large.pt")).isEqualTo(copy).hasBinaryContent(large);
    assertThat(store.gets() - before).isEqualTo(2 * RANGES);
    assertThat(temporaries()).isEmpty();
  }

  @Test
  void whatAKilledCopyLeavesIsRemoved() throws IOException, InterruptedException {
    store.next(slow(0), slow(60_000));
    Process killed = process("models/large.pt");
    linesTo(killed, "Copying s3a://");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (temporaries().isEmpty() && System.nanoTime() < end) {
      Thread.sleep(10);
    }

    killed.destroyForcibly().waitFor();
    assertThat(temporaries()).hasSize(1);
    store.next();
    assertThat(local("models/large.pt")).hasBinaryContent(large);
    assertThat(temporaries()).isEmpty();
  }

  @Test
  void removesWhatWasUsedLongestAgo() throws IOException, InterruptedException {
    Process held = process("models/a");
    Path a = copies(linesTo(held, "ready")).get(0);
    Process ended = process("models/b", "models/c");
    List<String> lines = linesTo(ended, "ready");
    end(ended);
    List<Path> copies = copies(lines);
    assertThat(local("models/d", "10M")).exists(); // room for three: b goes, a is in use
    assertThat(a.resolve("sub/config.json")).exists();
    assertThat(copies.get(0)).doesNotExist();
    assertThat(copies.get(1)).exists();
    assertThat(local("models/e", "10M")).exists();
    assertThat(copies.get(1)).doesNotExist();
    assertThatThrownBy(() -> local("models/b", "10M"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot copy s3a://bucket/models/b to " + cache)
        .hasMessageContaining("INSTRUCTVIDEO_CACHE_LIMIT (10M) leaves 0 of 10 MB");
    end(held);
    assertThat(local("models/b", "10M")).exists();
    assertThat(a).doesNotExist();
  }

  @Test
  void goesOnWhereAConnectionBroke() throws IOException {
    FaultyStore.Fault[] faults = new FaultyStore.Fault[10]; // more than S3A itself gets over
    Arrays.setAll(faults, i -> i < 6 ? FaultyStore.BUSY : FaultyStore.BROKEN);
    store.next(faults);
    assertThat(copyByOne(cache)).hasBinaryContent(large);
  }

  @Test
  void noticesWhatTheWayDamages() throws IOException {
    store.next(FaultyStore.damaged(1), FaultyStore.damaged(2), FaultyStore.damaged(3));
    assertThat(local("models/large.pt")).hasBinaryContent(large);

    FaultyStore.Fault[] always = new FaultyStore.Fault[RANGES * 2];
    Arrays.setAll(always, FaultyStore::damaged);
    store.next(always);
    assertThatThrownBy(() -> copyByOne(cache.resolve("new")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("models/large.pt has another checksum than its store says");
    store.next();
  }

  @Test
  void saysThatTheDiskIsFull() throws IOException, InterruptedException {
    Path disk = Files.createDirectory(temp.resolve("disk"));
    List<String> mount =
        List.of("mount", "-t", "tmpfs", "-o", "size=8m,mode=700", "tmpfs", disk.toString());
    if (new ProcessBuilder(mount).start().waitFor() != 0) {
      System.out.println("ModelCacheIT.saysThatTheDiskIsFull: this user may not mount a tmpfs");
      return;
    }

    try {
      ModelCache small = ModelCache.of(disk.toString(), "100%", "4");
      assertThatThrownBy(() -> small.local(remote("models/large.pt"), configuration()))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageMatching(
              "Cannot copy s3a://bucket/models/large.pt to "
                  + disk
                  + ": the disk has [78] MB free, 40 MB are needed; give INSTRUCTVIDEO_CACHE on a"
                  + " larger disk");
      store.next(
          bytes -> {
            Files.write(disk.resolve("other"), new byte[6 << 20]);
            return bytes;
          });
      assertThatThrownBy(() -> small.local(remote("models/a"), configuration()))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("Cannot copy s3a://bucket/models/a to " + disk + ": the disk has");
      try (Stream<Path> left = Files.list(disk)) {
        assertThat(left.map(path -> path.getFileName().toString()))
            .containsExactlyInAnyOrder("locks", "other");
      }
    } finally {
      new ProcessBuilder("umount", "--lazy", disk.toString()).start().waitFor();
    }
  }
}
