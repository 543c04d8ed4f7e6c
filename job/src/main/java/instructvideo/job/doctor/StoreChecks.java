package instructvideo.job.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import instructvideo.job.Failures;
import instructvideo.job.Preflight;
import instructvideo.job.StoreRemedy;
import instructvideo.job.claim.ConditionalWrites;
import instructvideo.spark.HadoopFiles;
import instructvideo.spark.doctor.Check;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** What a place lets this user do, tried with a small file. */
final class StoreChecks {

  private static final byte[] CONTENT = "instructvideo doctor\n".getBytes(UTF_8);
  private static final long WARN_SECONDS = 60;
  private static final long MOST_SECONDS = 900; // S3 refuses requests beyond

  private final String uri;
  private final FileSystem files;
  private final List<Check> checks = new ArrayList<>();

  private StoreChecks(String uri, FileSystem files) {
    this.uri = uri;
    this.files = files;
  }

  /** An operation of a store. */
  private interface Call {
    /** Does it; what is to be told beside its time. */
    String run() throws IOException;
  }

  /** Lists what is read. */
  static List<Check> ofInput(String uri) {
    return with(uri, checks -> checks.list(new Path(uri)));
  }

  /** Lists, writes, reads, claims and deletes in what is written to. */
  static List<Check> ofOutput(String uri) {
    return with(uri, StoreChecks::write);
  }

  private interface Body {
    void run(StoreChecks checks);
  }

  private static List<Check> with(String uri, Body body) {
    String given = HadoopFiles.isLocal(uri) ? HadoopFiles.local(uri).toUri().toString() : uri;
    try (FileSystem files =
        FileSystem.newInstance(URI.create(Preflight.root(given)), Preflight.impatient())) {
      StoreChecks checks = new StoreChecks(uri, files);
      body.run(checks);
      return checks.checks;
    } catch (IOException | RuntimeException e) { // no such host; no class for the scheme
      return List.of(Check.fail("reach " + uri, Failures.line(e), StoreRemedy.of(e, "")));
    }
  }

  private void write() {
    Path folder = new Path(uri);
    Path file = new Path(folder, "_doctor-" + UUID.randomUUID());
    boolean isListed = list(folder);
    boolean hadFolder = isListed && exists(folder);
    if (!isListed
        || !attempt("write", "s3:PutObject and s3:AbortMultipartUpload", () -> put(file))) {
      return;
    }

    attempt("read", "s3:GetObject", () -> read(file));
    clock(file);
    conditional(folder);
    attempt("delete", "s3:DeleteObject", () -> delete(file, hadFolder ? null : folder));
  }

  private boolean list(Path path) {
    return attempt(
        "list",
        "s3:ListBucket of the bucket",
        () -> {
          try {
            return files.listStatusIterator(path).hasNext() ? "" : "empty";
          } catch (FileNotFoundException e) {
            files.listStatusIterator(new Path("/")).hasNext(); // the bucket, else this throws
            return "nothing there yet";
          }
        });
  }

  private boolean exists(Path path) {
    try {
      return files.exists(path);
    } catch (IOException e) {
      return true; // then it is not removed
    }
  }

  private String put(Path file) throws IOException {
    try (OutputStream out = files.create(file, true)) {
      out.write(CONTENT);
    }

    return "";
  }

  private String read(Path file) throws IOException {
    try (InputStream in = files.open(file)) {
      if (!Arrays.equals(in.readAllBytes(), CONTENT)) {
        throw new IOException("it came back as something else");
      }
    }

    return "";
  }

  private String delete(Path file, Path folder) throws IOException {
    files.delete(file, false);
    if (files.exists(file)) {
      throw new IOException("it is still there");
    }

    if (folder != null && files.exists(folder) && files.listStatus(folder).length == 0) {
      files.delete(folder, false);
    }

    return "";
  }

  private void conditional(Path folder) {
    long start = System.nanoTime();
    String what = "claim " + uri;
    Path file = new Path(folder, "_doctor-" + UUID.randomUUID());
    checks.add(
        Check.attempt(
            what,
            "it needs the right s3:PutObject with the condition If-None-Match",
            () ->
                switch (ConditionalWrites.probe(files, file)) {
                  case ATOMIC -> Check.ok(what, "two runs are kept apart" + time(start));
                  case CHECKED ->
                      Check.warn(
                          what,
                          "this Hadoop has no conditional write for it" + time(start),
                          "give it as s3a://, without fs.s3a.create.conditional.enabled=false, or"
                              + " see to it that no two runs of one --out begin together");
                  case IGNORED ->
                      Check.warn(
                          what,
                          "this store writes over a file in spite of the condition" + time(start),
                          "see to it yourself that no two runs have one --out");
                }));
  }

  /** The store's clock is in the time of a file that was just written. */
  private void clock(Path file) {
    if (HadoopFiles.isLocal(uri)) {
      return;
    }

    String what = "clock";
    String remedy = "set this host's clock by NTP: S3 refuses requests that are 15 minutes off";
    checks.add(
        Check.attempt(
            what,
            remedy,
            () -> {
              long millis = files.getFileStatus(file).getModificationTime();
              long seconds = Math.round((System.currentTimeMillis() - millis) / 1000.0);
              String value = "%d s from the store's".formatted(seconds);
              if (Math.abs(seconds) > MOST_SECONDS) {
                return Check.fail(what, value, remedy);
              }

              return Math.abs(seconds) > WARN_SECONDS
                  ? Check.warn(what, value, remedy)
                  : Check.ok(what, value);
            }));
  }

  private boolean attempt(String verb, String right, Call call) {
    long start = System.nanoTime();
    String what = verb + " " + uri;
    try {
      String told = call.run();
      checks.add(Check.ok(what, (told.isEmpty() ? "may" : told) + time(start)));
      return true;
    } catch (IOException | RuntimeException e) {
      checks.add(Check.fail(what, Failures.line(e), StoreRemedy.of(e, right)));
      return false;
    }
  }

  private static String time(long start) {
    return ", %d ms".formatted((System.nanoTime() - start) / 1_000_000);
  }
}
