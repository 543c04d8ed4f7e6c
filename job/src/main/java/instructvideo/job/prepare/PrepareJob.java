package instructvideo.job.prepare;

import instructvideo.error.InvalidInputException;
import instructvideo.format.Floats;
import instructvideo.job.ProgressLine;
import instructvideo.job.prepare.PreparedTable.Marker;
import instructvideo.spark.NegativePrompt;
import instructvideo.spark.PrepareChunk;
import instructvideo.spark.PrepareItem;
import instructvideo.spark.PrepareManifest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;

/** Makes a table chunk by chunk; chunks that an earlier attempt finished are kept. */
final class PrepareJob {

  private final SparkSession spark;
  private final PrepareInputs inputs;
  private final PreparedTable table;

  PrepareJob(SparkSession spark, PrepareInputs inputs) throws IOException {
    this.spark = spark;
    this.inputs = inputs;
    table = new PreparedTable(inputs.out());
  }

  /** Returns the exit code. */
  int run() throws IOException {
    NegativePrompt negative = PrepareChunk.negativePrompt(spark, inputs.setup());
    table.claim(inputs.identity());
    List<Optional<Marker>> earlier = earlier();
    if (table.manifest().isPresent() && earlier.stream().allMatch(Optional::isPresent)) {
      System.out.printf("The table in %s is complete.%n", inputs.out());
      return 0;
    }

    List<Marker> chunks = chunks(earlier);
    PrepareManifest manifest = manifest(negative, chunks);
    if (manifest.counts().samples() == 0) {
      throw InvalidInputException.of(
          "Cannot use the table in %s: all %d prompts were rejected",
          inputs.out(), manifest.counts().prompts());
    }

    table.complete(manifest);
    report(manifest.counts());
    return 0;
  }

  private List<Optional<Marker>> earlier() throws IOException {
    List<Optional<Marker>> markers = new ArrayList<>();
    for (int chunk = 0; chunk < numChunks(); chunk++) {
      markers.add(table.marker(chunk, PrepareIdentity.sha256(items(chunk))));
    }

    return markers;
  }

  private List<Marker> chunks(List<Optional<Marker>> earlier) throws IOException {
    LongAccumulator done = spark.sparkContext().longAccumulator("prepared");
    long before = 0;
    for (int chunk = 0; chunk < numChunks(); chunk++) {
      before += earlier.get(chunk).isPresent() ? items(chunk).size() : 0;
    }

    if (before > 0) {
      System.err.printf("Going on after %d of %d prompts.%n", before, inputs.items().size());
    }

    List<Marker> markers = new ArrayList<>();
    try (ProgressLine line =
        new ProgressLine("prepare", inputs.items().size(), before, done::sum)) {
      for (int chunk = 0; chunk < numChunks(); chunk++) {
        boolean isKept = earlier.get(chunk).isPresent();
        markers.add(isKept ? earlier.get(chunk).get() : make(chunk, done));
        checkRejects(markers);
      }
    }

    return markers;
  }

  private Marker make(int chunk, LongAccumulator done) throws IOException {
    List<PrepareItem> items = items(chunk);
    spark
        .sparkContext()
        .setJobDescription("prepare: chunk %d of %d".formatted(chunk + 1, numChunks()));
    try (PrepareChunk rows =
        PrepareChunk.of(spark, inputs.setup(), items, table.notes(chunk), done)) {
      return table.write(chunk, PrepareIdentity.sha256(items), rows);
    }
  }

  /** Fails as soon as the rejects are too many, whatever comes; they are tried again next time. */
  private void checkRejects(List<Marker> chunks) throws IOException {
    long rejects = chunks.stream().mapToLong(chunk -> chunk.summary().rejects()).sum();
    double fraction = inputs.config().prepare().maxRejectFraction();
    int prompts = inputs.items().size();
    if (rejects <= fraction * prompts) {
      return;
    }

    List<String> reasons = new ArrayList<>();
    for (int chunk = 0; chunk < chunks.size(); chunk++) {
      if (chunks.get(chunk).summary().rejects() > 0) {
        reasons.addAll(chunks.get(chunk).reasons());
        table.forget(chunk);
      }
    }

    throw new IOException(
        String.format(
            Locale.ROOT,
            "%d of %d prompts were rejected, --max-reject-fraction allows %s; see %s/rejects (%s)",
            rejects,
            prompts,
            fraction,
            inputs.out(),
            String.join("; ", reasons.subList(0, Math.min(3, reasons.size())))));
  }

  private PrepareManifest manifest(NegativePrompt negative, List<Marker> chunks) {
    long fromVideos = chunks.stream().mapToLong(chunk -> chunk.summary().fromVideos()).sum();
    long sampled = chunks.stream().mapToLong(chunk -> chunk.summary().sampled()).sum();
    long rejects = chunks.stream().mapToLong(chunk -> chunk.summary().rejects()).sum();
    long samples = fromVideos + sampled;
    return new PrepareManifest(
        PrepareManifest.FORMAT,
        inputs.identity().settings(),
        inputs.identity().modelFingerprints(),
        new PrepareManifest.Counts(samples + rejects, samples, rejects, fromVideos, sampled),
        negative.tokens(),
        Base64.getEncoder().encodeToString(Floats.toBytes(negative.embeds())),
        chunks.stream().map(chunk -> chunk.summary().sha256()).toList(),
        chunks.stream().flatMap(chunk -> chunk.files().stream()).toList());
  }

  private void report(PrepareManifest.Counts counts) {
    System.out.printf(
        "Prepared %d samples (%d of videos, %d sampled from the model), %d rejects: %s%n",
        counts.samples(), counts.fromVideos(), counts.sampled(), counts.rejects(), inputs.out());
  }

  private int numChunks() {
    int size = inputs.config().prepare().chunk();
    return (inputs.items().size() + size - 1) / size;
  }

  private List<PrepareItem> items(int chunk) {
    int size = inputs.config().prepare().chunk();
    int end = Math.min((chunk + 1) * size, inputs.items().size());
    return inputs.items().subList(chunk * size, end);
  }
}
