package instructvideo.job.config;

/** Checks of the config records. */
final class Requirements {

  private Requirements() {}

  /**
   * Refuses a value.
   *
   * @param message with one %s, the value
   */
  static void require(boolean holds, String message, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(message.formatted(value));
    }
  }
}
