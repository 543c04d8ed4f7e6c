package instructvideo.spark;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import scala.collection.JavaConverters;

/**
 * What became of a prompt.
 *
 * @param outcome the table that the row belongs to, and its origin
 * @param sha256 of the row's values, hexadecimal
 */
record PreparedRow(Outcome outcome, Row row, String sha256) implements Serializable {

  /** What a prompt's row is. */
  enum Outcome {
    /** A row of {@link SamplesTable}, of a video file. */
    FROM_VIDEO,
    /** A row of {@link SamplesTable}, of a video that the base model sampled. */
    SAMPLED,
    /** A row of {@link RejectsTable}. */
    REJECTED
  }

  static PreparedRow sample(Row row) {
    boolean sampled = row.getString(3).equals(SamplesTable.SAMPLED);
    return new PreparedRow(sampled ? Outcome.SAMPLED : Outcome.FROM_VIDEO, row, digest(row));
  }

  static PreparedRow reject(Row row) {
    return new PreparedRow(Outcome.REJECTED, row, digest(row));
  }

  boolean isSample() {
    return outcome != Outcome.REJECTED;
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(newDigest().digest(bytes));
  }

  private static String digest(Row row) {
    MessageDigest digest = newDigest();
    for (int i = 0; i < row.size(); i++) {
      update(digest, row.get(i));
    }

    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  private static void update(MessageDigest digest, Object value) {
    if (value instanceof byte[] bytes) {
      digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
      digest.update(bytes);
    } else if (value instanceof int[] numbers) {
      update(digest, Arrays.toString(numbers));
    } else if (value instanceof scala.collection.Map<?, ?> map) {
      new TreeMap<>(JavaConverters.mapAsJavaMapConverter(map).asJava())
          .forEach((key, entry) -> List.of(key, entry).forEach(part -> update(digest, part)));
    } else {
      digest.update((value + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }
}
