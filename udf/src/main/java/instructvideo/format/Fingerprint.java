package instructvideo.format;

import instructvideo.error.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a model is, whatever it is called and wherever it lies: SHA-256 of its files' names and
 * contents.
 */
public final class Fingerprint {

  private static final int CHUNK = 1 << 20;
  private static final int LENGTH = 32; // hexadecimal digits: 128 bits tell any two models apart

  private Fingerprint() {}

  /**
   * Of a file, or of a directory's files (not of those in directories below it).
   *
   * @throws InvalidInputException if there is no such file
   */
  public static String of(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw InvalidInputException.of("Cannot read %s: no such file or directory", path);
    }

    MessageDigest digest = sha256();
    boolean named = Files.isDirectory(path);
    for (Path file : files(path)) {
      if (named) {
        String name = file.getFileName() + "\n" + Files.size(file) + "\n";
        digest.update(name.getBytes(StandardCharsets.UTF_8));
      }

      update(digest, file);
    }

    return text(digest);
  }

  /** Of several fingerprints or other texts, in their order. */
  public static String of(List<String> parts) {
    MessageDigest digest = sha256();
    for (String part : parts) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
      digest.update(bytes);
    }

    return text(digest);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  private static String text(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest()).substring(0, LENGTH);
  }

  private static List<Path> files(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }

    try (Stream<Path> entries = Files.list(path)) {
      return entries.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void update(MessageDigest digest, Path file) throws IOException {
    byte[] buffer = new byte[CHUNK];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
  }
}
