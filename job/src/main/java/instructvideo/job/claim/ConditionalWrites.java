package instructvideo.job.claim;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a file only if there is none, in one step of the store: {@code If-None-Match: *} on S3,
 * O_EXCL on disks, create without overwriting elsewhere (HDFS, GCS and Azure do that in one step).
 */
public final class ConditionalWrites {

  /** Hadoop 3.4.2 and later. */
  private static final String CAPABILITY = "fs.option.create.conditional.overwrite";

  private static final Set<String> S3 = Set.of("s3a", "s3", "s3n");
  private static final Logger LOG = LoggerFactory.getLogger(ConditionalWrites.class);

  private ConditionalWrites() {}

  /** What a store makes of a second file of the same name. */
  public enum Support {
    /** Refuses it in one step. */
    ATOMIC,
    /** Hadoop looks first and writes then: two writers of the same moment may both succeed. */
    CHECKED,
    /** Overwrites the first one. */
    IGNORED
  }

  /** The ways of writing. */
  private enum Way {
    LOCAL,
    CAPABILITY,
    CLIENT,
    CREATE
  }

  /**
   * Writes a file that is not there yet.
   *
   * <p>A refusal may be one's own success whose answer was lost and asked for again, and so may an
   * error: what the file holds decides.
   *
   * @param content that no other writer writes, such as one with a UUID
   * @return whether the file is this one; false if another one is there
   * @throws IOException if it is not known: then it must be taken for written
   */
  public static boolean create(FileSystem files, Path path, byte[] content) throws IOException {
    IOException failure = null;
    try {
      attempt(files, path, content);
    } catch (IOException e) {
      failure = e;
    }

    byte[] found;
    try {
      found = read(files, path);
    } catch (IOException e) {
      IOException told = failure == null ? e : failure;
      if (told != e) {
        told.addSuppressed(e);
      }

      throw told;
    }

    return Arrays.equals(found, content);
  }

  /**
   * What the store does, tried with a file that is there; its content becomes {@code other} where
   * the store ignores the condition.
   */
  static Support probe(FileSystem files, Path path, byte[] other) throws IOException {
    if (create(files, path, other)) {
      return Support.IGNORED;
    }

    boolean isChecked = way(files, path) == Way.CREATE && S3.contains(files.getUri().getScheme());
    return isChecked ? Support.CHECKED : Support.ATOMIC;
  }

  /**
   * What a store does, tried with a file that is written and removed.
   *
   * @param path of a file that is not there
   */
  public static Support probe(FileSystem files, Path path) throws IOException {
    create(files, path, new byte[] {1});
    try {
      return probe(files, path, new byte[] {2});
    } finally {
      files.delete(path, false);
    }
  }

  private static void attempt(FileSystem files, Path path, byte[] content) throws IOException {
    switch (way(files, path)) {
      case LOCAL -> createLocally(path, content);
      case CAPABILITY -> write(conditional(files, path), content);
      case CLIENT -> {
        if (!ConditionalPut.of(files).orElseThrow().put(path, content)) {
          write(files.create(path, true), content); // probe finds that it is overwritten
        }
      }
      case CREATE -> write(files.create(path, false), content);
    }
  }

  /** The condition is checked when the stream is closed. */
  private static OutputStream conditional(FileSystem files, Path path) throws IOException {
    FSDataOutputStreamBuilder<?, ?> builder = files.createFile(path);
    builder.recursive();
    builder.overwrite(true);
    builder.must(CAPABILITY, true);
    return builder.build();
  }

  private static Way way(FileSystem files, Path path) throws IOException {
    if (files.getUri().getScheme().equals("file")) {
      return Way.LOCAL;
    }

    if (files.hasPathCapability(path, CAPABILITY)) {
      return Way.CAPABILITY;
    }

    return ConditionalPut.of(files).isPresent() ? Way.CLIENT : Way.CREATE;
  }

  private static void createLocally(Path path, byte[] content) throws IOException {
    java.nio.file.Path file = java.nio.file.Path.of(path.toUri().getPath());
    Files.createDirectories(file.getParent());
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
      writeOrRemove(out, file, content);
    } catch (FileAlreadyExistsException e) {
      LOG.debug("There already: {}", file);
    }
  }

  /** Half a file, on a full disk, would be taken for somebody else's. */
  private static void writeOrRemove(OutputStream out, java.nio.file.Path file, byte[] content)
      throws IOException {
    try {
      out.write(content);
    } catch (IOException e) {
      Files.delete(file);
      throw e;
    }
  }

  private static void write(OutputStream out, byte[] content) throws IOException {
    try (out) {
      out.write(content);
    }
  }

  private static byte[] read(FileSystem files, Path path) throws IOException {
    try (InputStream in = files.open(path)) {
      return in.readAllBytes();
    } catch (FileNotFoundException e) {
      throw new IOException("Cannot write " + path + ": it is not there afterwards", e);
    }
  }
}
