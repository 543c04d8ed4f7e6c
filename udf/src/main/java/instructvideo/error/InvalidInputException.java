package instructvideo.error;

/**
 * What the user gave cannot be used. The message is one line: "Cannot X: Y" or "Invalid X: value",
 * with the value, the file and the remedy; the command prints it and ends with exit code 2.
 */
public final class InvalidInputException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public InvalidInputException(String message) {
    super(message);
  }

  public InvalidInputException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Formats the message as {@link String#formatted} does. */
  public static InvalidInputException of(String format, Object... values) {
    return new InvalidInputException(format.formatted(values));
  }
}
