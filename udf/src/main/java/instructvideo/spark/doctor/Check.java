package instructvideo.spark.doctor;

import instructvideo.error.InvalidInputException;
import java.io.Serializable;

/**
 * What a check found.
 *
 * @param what was looked at, one or two words
 * @param value that was found, one line
 * @param remedy what to do, one line; empty where all is right
 */
public record Check(Status status, String what, String value, String remedy)
    implements Serializable {

  /** How bad it is. */
  public enum Status {
    /** Right. */
    OK,
    /** Works, but worse than it could. */
    WARN,
    /** Does not work. */
    FAIL
  }

  /** A check whose failure is an exception. */
  public interface Body {
    /** Looks. */
    Check run() throws Exception;
  }

  /** All is right. */
  public static Check ok(String what, String value) {
    return new Check(Status.OK, what, value, "");
  }

  /** It works, but. */
  public static Check warn(String what, String value, String remedy) {
    return new Check(Status.WARN, what, value, remedy);
  }

  /** It does not work. */
  public static Check fail(String what, String value, String remedy) {
    return new Check(Status.FAIL, what, value, remedy);
  }

  /** Runs a check; what it throws is its finding. */
  public static Check attempt(String what, String remedy, Body body) {
    try {
      return body.run();
    } catch (Exception | LinkageError e) {
      String message = String.valueOf(e.getMessage()).strip();
      return fail(
          what,
          e instanceof InvalidInputException
              ? message
              : e.getClass().getSimpleName() + ": " + message.lines().findFirst().orElse(""),
          remedy);
    }
  }
}
