package instructvideo.job.run;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import instructvideo.error.InvalidInputException;
import instructvideo.format.Json;
import instructvideo.job.Failures;
import instructvideo.job.LostAnswers;
import instructvideo.job.Storage;
import instructvideo.job.claim.OutputClaim;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of a training run: run.json, checkpoints/round-00007/, metrics/. A checkpoint
 * exists when its manifest does, which is written last and holds name, size and SHA-256 of its
 * files.
 */
public final class RunDirectory {

  /** Name of the file that says what the run is. */
  public static final String RUN = "run.json";

  private static final String MANIFEST = "manifest.json";
  private static final String PREFIX = "round-";
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
  private static final Logger LOG = LoggerFactory.getLogger(RunDirectory.class);

  private final Path root;
  private final FileSystem files;
  private final OutputClaim claim;

  /** A directory that may not exist yet. */
  public RunDirectory(String uri) throws IOException {
    this(uri, null);
  }

  /**
   * The directory of a run that goes on.
   *
   * @param claim on the directory, without which nothing is committed; null where there is none
   */
  public RunDirectory(String uri, OutputClaim claim) throws IOException {
    root = new Path(uri);
    files = Storage.fileSystem(root);
    this.claim = claim;
  }

  /** One file of a checkpoint. */
  private record Entry(String name, long bytes, String sha256) {}

  /** manifest.json. */
  private record Manifest(int round, List<Entry> files) {}

  /** The file system of the directory. */
  public FileSystem files() {
    return files;
  }

  /** Where the metrics of all rounds are. */
  public Path metrics() {
    return new Path(root, "metrics");
  }

  /** What the run is, as it was written; empty if nothing is there. */
  public Optional<RunRecord> record() throws IOException {
    Path path = new Path(root, RUN);
    if (!files.exists(path)) {
      return Optional.empty();
    }

    try {
      RunRecord read =
          Json.parse(GSON, new String(bytes(path), StandardCharsets.UTF_8), RunRecord.class);
      if (read == null || read.isWhole()) {
        return Optional.ofNullable(read);
      }
    } catch (JsonParseException e) {
      throw new InvalidInputException(notOurs(path), e);
    }

    throw new InvalidInputException(notOurs(path));
  }

  private static String notOurs(Path path) {
    return "Cannot read %s: not a run of this program; give another --out".formatted(path);
  }

  /**
   * What the run is.
   *
   * @throws InvalidInputException if nothing is there
   */
  public RunRecord required() throws IOException {
    return record()
        .orElseThrow(
            () ->
                InvalidInputException.of(
                    "Cannot read %s: no %s there; --run is train's --out", root, RUN));
  }

  /** Says what the run is. */
  public void write(RunRecord run) throws IOException {
    Storage.writeText(new Path(root, RUN), text(run));
  }

  /** The contents of run.json. */
  public static String text(RunRecord run) {
    return GSON.toJson(run);
  }

  /** Whether there is anything but a run. */
  public boolean holdsSomethingElse() throws IOException {
    return !files.exists(new Path(root, RUN)) && !OutputClaim.contents(root).isEmpty();
  }

  /** The directory itself. */
  public Path root() {
    return root;
  }

  /** The round whose checkpoint the guard found best; empty without a guard. */
  public OptionalInt best() throws IOException {
    return GuardRecord.read(root)
        .filter(record -> record.best() != null)
        .map(record -> OptionalInt.of(record.best().round()))
        .orElse(OptionalInt.empty());
  }

  /**
   * Makes sure that the run may still be written to.
   *
   * @throws IOException if another driver has taken it over
   */
  public void checkClaim() throws IOException {
    if (claim != null) {
      claim.check();
    }
  }

  /**
   * Writes a checkpoint: its files, then the manifest. One that is there and whole stays: the same
   * round of the same run has the same bits, whoever made it.
   *
   * @param keep latest checkpoints that stay, besides the best; 0 for all
   */
  public void commit(Checkpoint checkpoint, int keep) throws IOException {
    checkClaim();
    Path directory = directory(checkpoint.state().round());
    if (files.exists(new Path(directory, MANIFEST))
        && read(checkpoint.state().round()).isPresent()) {
      return;
    }

    files.delete(directory, true); // left by a killed attempt, or damaged
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, byte[]> file : checkpoint.toFiles().entrySet()) {
      Path path = new Path(directory, file.getKey());
      LostAnswers.retry(path, () -> Storage.write(path, file.getValue()));
      byte[] bytes = file.getValue();
      entries.add(new Entry(file.getKey(), bytes.length, sha256(bytes)));
    }

    Manifest manifest = new Manifest(checkpoint.state().round(), entries);
    Storage.writeText(new Path(directory, MANIFEST), GSON.toJson(manifest));
    prune(keep);
  }

  /**
   * The latest checkpoint that is whole; one whose files do not fit their manifest is passed over
   * with a warning. Empty if there is none yet.
   *
   * @throws InvalidInputException if there are some, of which none is whole or one cannot be read
   */
  public Optional<Checkpoint> latest() throws IOException {
    List<Integer> rounds = committedRounds();
    for (int round : rounds) {
      Optional<Checkpoint> checkpoint = read(round);
      if (checkpoint.isPresent()) {
        return checkpoint;
      }
    }

    if (!rounds.isEmpty()) {
      throw InvalidInputException.of(
          "Cannot go on from the run in %s: none of its checkpoints (rounds %s) is whole; bring one"
              + " back from a copy, or begin another run",
          root, rounds);
    }

    return Optional.empty();
  }

  /**
   * The checkpoint of a round; empty if it is not there or not whole.
   *
   * @throws InvalidInputException if that is not known: its files cannot be read
   */
  public Optional<Checkpoint> read(int round) {
    Path directory = directory(round);
    try {
      Checkpoint checkpoint = Checkpoint.ofFiles(contents(directory));
      if (checkpoint.state().round() == round) {
        return Optional.of(checkpoint);
      }

      LOG.warn("Checkpoint {} is of another round: {}", directory, checkpoint.state().round());
    } catch (IOException e) {
      if (!isDamage(e)) {
        throw new InvalidInputException(
            "Cannot read the checkpoint %s: %s; wait for the store, give the right to read it, or move it away to go on from an earlier one"
                .formatted(directory, Failures.line(e)),
            e);
      }

      LOG.warn("Checkpoint {} is damaged: {}", directory, e.getMessage());
    } catch (RuntimeException e) {
      LOG.warn("Checkpoint {} is damaged: {}", directory, e.getMessage());
    }

    return Optional.empty();
  }

  private SortedMap<String, byte[]> contents(Path directory) throws IOException {
    SortedMap<String, byte[]> contents = new TreeMap<>();
    String text = new String(bytes(new Path(directory, MANIFEST)), StandardCharsets.UTF_8);
    for (Entry entry : GSON.fromJson(text, Manifest.class).files) {
      Checkpoint.checkName(entry.name);
      byte[] bytes = bytes(new Path(directory, entry.name));
      if (bytes.length != entry.bytes || !sha256(bytes).equals(entry.sha256)) {
        throw new ChecksumException(entry.name + " is not what was written", 0);
      }

      contents.put(entry.name, bytes);
    }

    return contents;
  }

  /** A store that is away or refuses says nothing about what it holds. */
  private static boolean isDamage(IOException e) {
    return e instanceof ChecksumException
        || (e instanceof FileNotFoundException
            && !String.valueOf(e.getMessage()).contains("(Permission denied)"));
  }

  /** Rounds with a manifest, the latest first. */
  public List<Integer> committedRounds() throws IOException {
    List<Integer> rounds = new ArrayList<>();
    for (String name : Storage.list(new Path(root, "checkpoints"))) {
      if (name.matches(PREFIX + "[0-9]{1,9}")) {
        int round = Integer.parseInt(name.substring(PREFIX.length()));
        if (files.exists(new Path(directory(round), MANIFEST))) {
          rounds.add(round);
        }
      }
    }

    rounds.sort(Comparator.reverseOrder());
    return rounds;
  }

  private void prune(int keep) throws IOException {
    List<Integer> rounds = committedRounds();
    int best = best().orElse(-1);
    for (int i = keep; keep > 0 && i < rounds.size(); i++) {
      if (rounds.get(i) == best) {
        continue;
      }

      Path directory = directory(rounds.get(i));
      files.delete(new Path(directory, MANIFEST), false); // first: half a checkpoint is none
      files.delete(directory, true);
    }
  }

  private Path directory(int round) {
    return new Path(root, "checkpoints/" + PREFIX + "%05d".formatted(round));
  }

  private byte[] bytes(Path path) throws IOException {
    try (InputStream in = files.open(path)) {
      return in.readAllBytes();
    } catch (FSError e) { // what Hadoop makes of a disk's error is no exception
      throw new IOException("Cannot read " + path, e);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
