package instructvideo.job;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import instructvideo.job.Cli.Result;
import instructvideo.video.RgbFrame;
import instructvideo.video.VideoReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two adapters and the model alone, on this machine and on S3, there killed and started again. */
class GenerateIT {

  private static final Path PIPELINE = Cli.SQUARE.resolve("pipeline");

  @TempDir private Path temp;
  private S3Server server;

  @BeforeEach
  void prepare() throws Exception {
    server = new S3Server(Files.createDirectory(temp.resolve("s3")));
    SparkSessions.configure(server.settings(), true);
    AdapterRuns.write(path("one"), PIPELINE, 1);
    AdapterRuns.write(path("two"), PIPELINE, 2);
    Files.writeString(
        temp.resolve("prompts.csv"), "id,prompt\na,a cat walking\n../../b,\"a dog, running\"\n");
  }

  @AfterEach
  void stop() throws Exception {
    server.settings().keySet().forEach(key -> System.clearProperty("spark." + key));
    server.close();
  }

  private String path(String name) {
    return temp.resolve(name).toString();
  }

  private List<String> args(String out, String... more) {
    List<String> args = new ArrayList<>(List.of("generate", "--model", PIPELINE.toString()));
    args.addAll(List.of("--frames", "3", "--height", "32", "--width", "32", "--out", out));
    args.addAll(List.of("--ddim-steps", "2", "--threads", "1"));
    args.addAll(Arrays.asList(more));
    if (!args.contains("--prompts")) {
      args.addAll(List.of("--prompts", path("prompts.csv")));
    }

    if (!args.contains("--master")) {
      args.addAll(List.of("--master", "local[2]"));
    }

    return args;
  }

  private Result succeed(String out, String... more) {
    Result result = Cli.run(args(out, more));
    assertThat(result.code()).as(result.err()).isZero();
    return result;
  }

  private String[] adapters(String... more) {
    List<String> options = new ArrayList<>(List.of("--adapter", "one=" + path("one")));
    options.addAll(List.of("--adapter", path("two"), "--with-base"));
    options.addAll(Arrays.asList(more));
    return options.toArray(new String[0]);
  }

  private static List<Row> rows(String out) {
    try (SparkSession spark = SparkSession.builder().master("local[1]").getOrCreate()) {
      return spark.read().parquet(out + "/table").collectAsList();
    }
  }

  /** SHA-256 of the videos by adapter, prompt's id and copy. */
  private static Map<String, String> shas(String out) {
    return shas(rows(out));
  }

  private static Map<String, String> shas(List<Row> rows) {
    Map<String, String> shas = new TreeMap<>();
    for (Row row : rows) {
      String key = row.getAs("adapter") + " " + row.getAs("prompt_id") + " " + row.getAs("copy");
      assertThat(shas.put(key, row.getAs("sha256"))).as("a second row of " + key).isNull();
    }

    return shas;
  }

  private static List<RgbFrame> frames(Path file) throws Exception {
    try (VideoReader reader = VideoReader.open(file)) {
      return reader.readAll(10);
    }
  }

  private static Path file(Row row) {
    return Path.of(URI.create(row.<String>getAs("uri").replaceFirst("^file:/+", "file:///")));
  }

  private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void noiseIsEqualAndWorkIsNotDoneTwice() throws Exception {
    String out = path("out");
    String[] adapters = adapters("--videos-per-prompt", "2");
    assertThat(succeed(out, adapters).out()).contains("Made 12 of 12 videos").contains("0 errors");
    List<Row> all = rows(out);
    Map<String, String> shas = shas(all);
    assertThat(shas).hasSize(12);
    assertThat(shas.values()).doesNotHaveDuplicates();
    for (Row row : all) {
      byte[] bytes = Files.readAllBytes(file(row));
      assertThat(sha256(bytes)).isEqualTo(row.getAs("sha256"));
      assertThat((long) bytes.length).isEqualTo(row.<Long>getAs("bytes"));
      assertThat(file(row).getParent().getParent()).isEqualTo(temp.resolve("out/videos"));
      assertThat(frames(file(row))).hasSize(3).allMatch(f -> f.width() == 32 && f.height() == 32);
      assertThat(row.isNullAt(row.fieldIndex("adapter_id")))
          .isEqualTo(row.getAs("adapter").equals("base"));
    }

    loseAndMakeAgain(out, adapters, shas);
    adapterAloneIsTheModel(shas);
    assertThat(
            succeed(
                    path("chunks"),
                    adapters(
                        "--master",
                        "local[1]",
                        "--set",
                        "generate.chunk=5",
                        "--videos-per-prompt",
                        "2"))
                .out())
        .contains("Made 12 of 12");
    assertThat(shas(path("chunks"))).isEqualTo(shas);
  }

  private void loseAndMakeAgain(String out, String[] options, Map<String, String> shas)
      throws IOException {
    Path table;
    try (Stream<Path> files = Files.list(Path.of(out, "table"))) {
      table = files.filter(f -> f.toString().matches(".*/part-[0-9a-f]{32}.*")).findFirst().get();
    }

    Files.delete(table);
    List<Row> left = rows(out);
    assertThat(left).hasSizeLessThan(12);
    Files.delete(file(left.get(0)));
    assertThat(succeed(out, options).out())
        .contains("Made %d of 12".formatted(12 - left.size() + 1))
        .contains("%d were there".formatted(left.size() - 1));
    assertThat(shas(out)).isEqualTo(shas);
    assertThat(file(left.get(0))).exists();
    String[] overwrite = Arrays.copyOf(options, options.length + 1);
    overwrite[options.length] = "--overwrite";
    assertThat(succeed(out, overwrite).out()).contains("Made 12 of 12");
    assertThat(shas(out)).isEqualTo(shas);
  }

  /** At strength 0, from the noise of the model alone. */
  private void adapterAloneIsTheModel(Map<String, String> shas) {
    String[] zero = {"--adapter", "zero=" + path("one"), "--adapter-scale", "0"};
    succeed(path("zero"), zero);
    assertThat(shas(path("zero")))
        .containsEntry("zero a 0", shas.get("base a 0"))
        .containsEntry("zero ../../b 0", shas.get("base ../../b 0"));
  }

  private void upload(Path local, String name) throws IOException {
    org.apache.hadoop.fs.Path remote = new org.apache.hadoop.fs.Path(S3Server.BUCKET + "/" + name);
    FileSystem files = Storage.fileSystem(remote);
    files.copyFromLocalFile(new org.apache.hadoop.fs.Path(local.toUri()), remote);
  }

  private long parts() throws IOException {
    Path folder = temp.resolve("s3/bucket/out/table");
    if (!Files.exists(folder)) {
      return 0;
    }

    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().matches(".*/part-[0-9a-f]{32}.*")).count();
    }
  }

  @Test
  void killedOnS3IsUndisturbed() throws Exception {
    upload(temp.resolve("one"), "one");
    upload(temp.resolve("prompts.csv"), "prompts.csv");
    List<String> options = new ArrayList<>(List.of("--adapter", "one=s3a://bucket/one"));
    options.addAll(List.of("--prompts", "s3a://bucket/prompts.csv", "--with-base"));
    options.addAll(List.of("--videos-per-prompt", "4", "--set", "generate.chunk=1"));
    options.addAll(server.options());
    List<String> args = args("s3a://bucket/out", options.toArray(new String[0]));
    ProcessBuilder builder = new ProcessBuilder(Processes.instructvideo(args));
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    Path log = temp.resolve("log");
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    while (parts() < 3) {
      assertThat(process.waitFor(10, TimeUnit.MILLISECONDS)).as(Files.readString(log)).isFalse();
    }

    process.destroyForcibly().waitFor();
    int first = shas("s3a://bucket/out").size();
    assertThat(first).isBetween(3, 16);
    Result second = Cli.run(args);
    assertThat(second.code()).as(second.err()).isZero();
    assertThat(second.out()).contains("%d were there".formatted(first));
    succeed(path("whole"), "--adapter", path("one"), "--with-base", "--videos-per-prompt", "4");
    assertThat(shas("s3a://bucket/out")).hasSize(16).isEqualTo(shas(path("whole")));
  }

  @Test
  void formatsAndWhatIsRefused() throws Exception {
    Files.writeString(temp.resolve("one.txt"), "a cat\n");
    for (String format : List.of("gif", "webp", "frames")) {
      succeed(path("formats"), "--format", format, "--prompts", path("one.txt"));
    }

    List<Row> rows = rows(path("formats"));
    for (Row row : rows) {
      switch (row.<String>getAs("format")) {
        case "frames" -> assertThat(frames(file(row).resolve("00002.png"))).hasSize(1);
        case "gif" -> assertThat(frames(file(row))).hasSize(3);
        default -> // ffmpeg decodes no animated WebP
            assertThat(Files.readString(file(row), ISO_8859_1)).contains("WEBP").contains("ANMF");
      }
    }

    assertThat(rows).hasSize(3);
    refused("Invalid --adapter: base is the model without one", "--adapter", "base=" + path("one"));
    refused("none of run.json", "--adapter", path("s3"));
    refused("Invalid --height: 33, must be a multiple of the VAE's factor 8", "--height", "33");
    Files.createDirectories(temp.resolve("refused"));
    Files.writeString(temp.resolve("refused/mine.txt"), "mine");
    refused("it is not empty and holds no videos of generate");
  }

  private void refused(String text, String... options) {
    Result result = Cli.run(args(path("refused"), options));
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains(text);
  }
}
