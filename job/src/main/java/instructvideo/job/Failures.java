package instructvideo.job;

import instructvideo.error.InvalidInputException;
import instructvideo.error.Secrets;
import instructvideo.job.claim.ClaimLostException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What went wrong, in one line. */
public final class Failures {

  /** A task's exception reaches the driver as text in the message of Spark's own. */
  private static final Pattern REMOTE =
      Pattern.compile(Pattern.quote(InvalidInputException.class.getName()) + ": ([^\\n]+)");

  /** What Spark says when it was ended from outside, long after the reason. */
  private static final Pattern ENDED =
      Pattern.compile(
          "stopped SparkContext|SparkContext was shut down|All masters are unresponsive|Master removed our application");

  private Failures() {}

  /**
   * What is written for users, else the innermost message that says something, without line breaks
   * and credentials.
   */
  public static String line(Throwable error) {
    Throwable told = error;
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (isSentence(cause)) {
        told = cause;
        break;
      }

      if (cause.getMessage() != null && !cause.getMessage().isBlank() && !repeats(cause, told)) {
        told = cause;
      }
    }

    String message = told.getMessage() == null ? "" : told.getMessage().strip();
    if (!isSentence(told) && ENDED.matcher(message).find()) {
      return "Cannot go on: Spark has ended before the command did, since the master is away or has"
          + " removed the application (the lines above say which); look at --master and its page,"
          + " then start the same command again";
    }

    String first = message.lines().findFirst().orElse("").strip();
    return Secrets.strip(
        isSentence(told)
            ? message.replaceAll("\\s*\\n\\s*", " ")
            : told.getClass().getSimpleName() + (first.isEmpty() ? "" : ": " + first));
  }

  /** Whether a store's client says what S3A has said with the name of the object. */
  private static boolean repeats(Throwable cause, Throwable told) {
    return cause.getClass().getName().matches("(com\\.amazonaws|software\\.amazon)\\..*")
        && cause != told
        && String.valueOf(told.getMessage()).contains(cause.getMessage());
  }

  /** The stack trace, without credentials. */
  static String trace(Throwable error) {
    StringWriter text = new StringWriter();
    error.printStackTrace(new PrintWriter(text));
    return Secrets.strip(text.toString());
  }

  /** Whether a message is written for users. */
  private static boolean isSentence(Throwable error) {
    return error instanceof InvalidInputException || error instanceof ClaimLostException;
  }

  /** What a task refused, or null. */
  static InvalidInputException remoteInvalidInput(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      String message = cause.getMessage() == null ? "" : cause.getMessage();
      Matcher matcher = REMOTE.matcher(message);
      if (matcher.find()) {
        return new InvalidInputException(matcher.group(1).strip(), error);
      }
    }

    return null;
  }
}
