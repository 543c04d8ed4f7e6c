package instructvideo.spark;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import instructvideo.error.InvalidInputException;
import instructvideo.format.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;

/**
 * prepare.json, written when the table is complete: readers trust it, never a listing.
 *
 * @param format version of the table's layout
 * @param settings that decide what is in the table, as text by key
 * @param fingerprints of the model's parts ("vae", "text_encoder", "tokenizer", "unet") and of each
 *     reward ("reward.NAME")
 * @param promptTokens tokens of an embedded prompt
 * @param negativePromptEmbeds float32, little-endian, base64
 * @param rows SHA-256 of the rows of each chunk, in their order
 * @param files of the table, relative to the manifest
 */
public record PrepareManifest(
    int format,
    SortedMap<String, String> settings,
    SortedMap<String, String> fingerprints,
    Counts counts,
    int promptTokens,
    String negativePromptEmbeds,
    List<String> rows,
    List<PrepareManifest.DataFile> files) {

  /** Name of the manifest in the table's directory. */
  public static final String NAME = "prepare.json";

  /** The layout that this version writes and reads. */
  public static final int FORMAT = 1;

  /**
   * Reads the text of a manifest.
   *
   * @param uri for messages
   * @throws InvalidInputException if it is none, or of another format
   */
  public static PrepareManifest parse(String json, String uri) {
    try {
      PrepareManifest manifest =
          Json.parse(new GsonBuilder().create(), json, PrepareManifest.class);
      if (manifest == null || manifest.format != FORMAT) {
        throw InvalidInputException.of(
            "Cannot read %s: format %s, this version reads %d; prepare the data again",
            uri, manifest == null ? "none" : manifest.format, FORMAT);
      }

      return manifest;
    } catch (JsonParseException e) {
      throw new InvalidInputException(
          "Cannot read %s: not a manifest of prepare (%s)".formatted(uri, e.getMessage()), e);
    }
  }

  /** What the table is: the same for the same rows in the same files. */
  public String fingerprint() {
    String what = String.join("\n", rows) + settings + fingerprints + negativePromptEmbeds;
    return PreparedRow.sha256(what.getBytes(StandardCharsets.UTF_8)).substring(0, 32);
  }

  /** The manifest's text. */
  public String json() {
    return new GsonBuilder().setPrettyPrinting().create().toJson(this);
  }

  /** Rows: prompts = samples + rejects, samples = fromVideos + sampled. */
  public record Counts(long prompts, long samples, long rejects, long fromVideos, long sampled) {}

  /** A Parquet file of the samples. */
  public record DataFile(String path, long bytes) {}
}
