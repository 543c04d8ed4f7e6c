package instructvideo.job.claim;

import static java.nio.charset.StandardCharsets.UTF_8;

import instructvideo.job.Outputs;
import instructvideo.job.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * OUT/_owner: epoch-00001.json says who took the output first, epoch-00002.json who took it over
 * from there; each is made by a conditional write and never changed. beat-00001 is written over and
 * over by the owner of that epoch.
 */
final class ClaimFiles {

  /** Name of the folder; readers of tables pass it over. */
  static final String FOLDER = "_owner";

  private static final String EPOCH = "epoch-";
  private static final String BEAT = "beat-";

  private final FileSystem files;
  private final Path folder;

  ClaimFiles(Path out) throws IOException {
    files = Storage.fileSystem(out);
    folder = files.makeQualified(new Path(out, FOLDER));
  }

  /** The latest epoch; empty if nobody holds the output. */
  OptionalInt latest() throws IOException {
    return Storage.list(folder).stream()
        .filter(name -> name.matches(EPOCH + "\\d{5,9}\\.json"))
        .mapToInt(name -> Integer.parseInt(name.replaceAll("\\D", "")))
        .max();
  }

  /** The owner of an epoch; empty if it is there no more or only half of it. */
  Optional<ClaimOwner> owner(int epoch) throws IOException {
    return read(epoch(epoch)).flatMap(ClaimOwner::parse);
  }

  /** Takes an epoch; false if somebody else did. */
  boolean take(int epoch, ClaimOwner owner) throws IOException {
    return ConditionalWrites.create(files, epoch(epoch), owner.toJson());
  }

  /** What the store makes of a second file for an epoch that this owner holds. */
  ConditionalWrites.Support probe(int epoch, ClaimOwner owner) throws IOException {
    byte[] same = (new String(owner.toJson(), StandardCharsets.UTF_8) + "\n").getBytes(UTF_8);
    return ConditionalWrites.probe(files, epoch(epoch), same);
  }

  /** The latest sign of life of an epoch's owner; empty before the first. */
  String beat(int epoch) throws IOException {
    return read(beatPath(epoch)).map(bytes -> new String(bytes, StandardCharsets.UTF_8)).orElse("");
  }

  void writeBeat(int epoch, long count) throws IOException {
    Storage.writeText(beatPath(epoch), Long.toString(count));
  }

  /** Removes what epochs before this one left. */
  void prune(int before) throws IOException {
    for (String name : Storage.list(folder)) {
      String digits = name.replaceAll("\\D", "");
      boolean isEarlier =
          !digits.isEmpty() && digits.length() < 10 && Integer.parseInt(digits) < before;
      if (isEarlier || Outputs.isPart(name)) {
        files.delete(new Path(folder, name), false);
      }
    }
  }

  /** Gives the output back; the folders go too if nothing else is in them. */
  void remove(int epoch) throws IOException {
    files.delete(beatPath(epoch), false);
    files.delete(epoch(epoch), false);
    removeIfEmpty(folder);
    removeIfEmpty(folder.getParent());
  }

  private void removeIfEmpty(Path directory) throws IOException {
    if (Storage.list(directory).isEmpty()) {
      files.delete(directory, false);
    }
  }

  private Path epoch(int epoch) {
    return new Path(folder, "%s%05d.json".formatted(EPOCH, epoch));
  }

  private Path beatPath(int epoch) {
    return new Path(folder, "%s%05d".formatted(BEAT, epoch));
  }

  private Optional<byte[]> read(Path path) throws IOException {
    try (InputStream in = files.open(path)) {
      return Optional.of(in.readAllBytes());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }
}
