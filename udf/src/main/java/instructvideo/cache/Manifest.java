package instructvideo.cache;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import instructvideo.format.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What an entry of the cache holds, written before the entry appears.
 *
 * @param source the URI that it was copied from
 */
record Manifest(String source, List<CopiedFile> files) {

  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  /** Reads one; null if there is none that can be read. */
  static Manifest read(Path file) {
    try {
      Manifest read = Json.parse(GSON, Files.readString(file), Manifest.class);
      return read == null || read.files == null ? null : read;
    } catch (IOException | JsonParseException e) {
      return null; // the entry is copied again
    }
  }

  void write(Path file) throws IOException {
    Files.writeString(file, GSON.toJson(this));
  }
}
