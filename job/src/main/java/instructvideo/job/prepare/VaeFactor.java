package instructvideo.job.prepare;

import com.google.gson.JsonObject;
import instructvideo.error.InvalidInputException;
import instructvideo.format.Json;
import instructvideo.video.VideoConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many pixels of a side a VAE makes one latent of: twice as many with each block. */
public record VaeFactor(int factor) {

  /**
   * Of a pipeline.
   *
   * @throws InvalidInputException if there is none
   */
  public static VaeFactor of(Path model) throws IOException {
    Path file = model.resolve("vae/config.json");
    if (!Files.exists(file)) {
      throw InvalidInputException.of(
          "Cannot read %s: no such file; --model is a diffusers text-to-video directory", file);
    }

    JsonObject json = Json.read(file);
    return new VaeFactor(1 << (json.getAsJsonArray("block_out_channels").size() - 1));
  }

  /**
   * Checks the size of videos.
   *
   * @throws InvalidInputException naming the nearest size that fits
   */
  public void check(VideoConfig video) {
    check("--height", video.height());
    check("--width", video.width());
  }

  private void check(String option, int pixels) {
    if (pixels % factor != 0) {
      int nearest = Math.max(factor, Math.round((float) pixels / factor) * factor);
      throw InvalidInputException.of(
          "Invalid %s: %d, must be a multiple of the VAE's factor %d, such as %d",
          option, pixels, factor, nearest);
    }
  }
}
