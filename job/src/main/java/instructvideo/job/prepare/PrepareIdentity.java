package instructvideo.job.prepare;

import instructvideo.error.InvalidInputException;
import instructvideo.job.Differences;
import instructvideo.prompt.Prompt;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * _prepare.json, written first: what the table is going to be, for a start after a kill.
 *
 * @param format version of the directory's layout
 * @param settings by key
 * @param fingerprints of the model's parts, the rewards and the prompts
 */
record PrepareIdentity(
    int format, SortedMap<String, String> settings, SortedMap<String, String> fingerprints) {

  static final int FORMAT = 1;

  PrepareIdentity withPrompts(List<Prompt> prompts) {
    SortedMap<String, String> all = new TreeMap<>(fingerprints);
    all.put("prompts", sha256(prompts).substring(0, 32));
    return new PrepareIdentity(format, settings, all);
  }

  /** Those of the models, without the prompts. */
  SortedMap<String, String> modelFingerprints() {
    SortedMap<String, String> models = new TreeMap<>(fingerprints);
    models.remove("prompts");
    return models;
  }

  /**
   * Refuses to go on with another table.
   *
   * @throws InvalidInputException with every difference
   */
  void checkSame(PrepareIdentity started, String out) {
    List<String> differences = new ArrayList<>(Differences.of(started.settings, settings));
    differences.addAll(Differences.of(started.fingerprints, fingerprints));
    if (!differences.isEmpty()) {
      throw InvalidInputException.of(
          "Cannot go on with the table in %s, it is of another configuration: %s; give its"
              + " configuration, or another --out",
          out, String.join(", ", differences));
    }
  }

  /** SHA-256 of a list's elements as text, hexadecimal. */
  static String sha256(List<?> elements) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Object element : elements) {
        byte[] bytes = element.toString().getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
      }

      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
