package instructvideo.job.score;

import instructvideo.error.InvalidInputException;

/** What is wrong with a manifest, in one line. */
final class Manifests {

  private Manifests() {}

  /** Of a failure of Spark's readers: what the user can mend, else itself. */
  static RuntimeException malformed(String uri, Exception error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      boolean isMalformed =
          message.contains("Malformed record")
              || message.contains("MALFORMED_RECORD")
              || message.contains("is not a Parquet file")
              || message.contains("UNABLE_TO_INFER_SCHEMA");
      if (isMalformed) {
        String reason = message.lines().findFirst().orElse("").strip();
        return new InvalidInputException(
            "Cannot read %s: %s; mend the file".formatted(uri, reason), error);
      }
    }

    return error instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException("Cannot read " + uri, error);
  }
}
