package instructvideo.job.claim;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.s3a.S3AFileSystem;

/**
 * A PUT with {@code If-None-Match: *} by the client of S3A, where S3A itself has none (before
 * Hadoop 3.4.2).
 */
interface ConditionalPut {

  String HEADER = "If-None-Match";
  String ANY = "*";
  String REASON = "conditional write"; // for S3A's log

  /** Hadoop's own switch, for stores that do not take the condition. */
  String SWITCH = "fs.s3a.create.conditional.enabled";

  int OK = 200;
  int CONFLICT = 409; // another write is under way: to be tried again
  int FAILED = 412; // PreconditionFailed: another object is there, or our own
  int NOT_IMPLEMENTED = 501;
  int ATTEMPTS = 10;

  /**
   * Sends it once.
   *
   * @return the status of the answer: {@link #OK}, {@link #CONFLICT}, {@link #FAILED} or {@link
   *     #NOT_IMPLEMENTED}
   * @throws IOException for all others
   */
  int send(Path path, byte[] content) throws IOException;

  /** That of a file system, if it is S3A of a version that lends its client. */
  static Optional<ConditionalPut> of(FileSystem files) throws IOException {
    if (!files.getClass().getName().equals("org.apache.hadoop.fs.s3a.S3AFileSystem")
        || !files.getConf().getBoolean(SWITCH, true)) {
      return Optional.empty();
    }

    // Which SDK is on the class path says nothing: EMR 7 has version 1 beside an S3A of version 2.
    S3AFileSystem s3 = (S3AFileSystem) files;
    if (S3aMethod.find(S3AFileSystem.class, "getAmazonS3ClientForTesting", String.class)
        .isPresent()) {
      return Sdk1Put.of(s3);
    }

    Optional<S3aMethod> internals = S3aMethod.find(S3AFileSystem.class, "getS3AInternals");
    return internals.isPresent() ? Sdk2Put.of(s3, internals.get()) : Optional.empty();
  }

  /**
   * Puts an object unless one is there, which is no error.
   *
   * @return false where the store knows no conditions: nothing is written
   */
  default boolean put(Path path, byte[] content) throws IOException {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      int status = send(path, content);
      if (status != CONFLICT) {
        return status != NOT_IMPLEMENTED;
      }

      pause();
    }

    throw new IOException(
        "Cannot write %s: another write of it was under way %d times".formatted(path, ATTEMPTS));
  }

  /** The status of an answer that is to be understood, or the failure. */
  static int understood(int status, Path path, Exception answer) throws IOException {
    return switch (status) {
      case CONFLICT, FAILED, NOT_IMPLEMENTED -> status;
      default -> throw failure(path, answer);
    };
  }

  static IOException failure(Path path, Exception cause) {
    return new IOException("Cannot write " + path + ": " + cause.getMessage(), cause);
  }

  static String key(Path path) {
    return path.toUri().getPath().substring(1);
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(200);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
