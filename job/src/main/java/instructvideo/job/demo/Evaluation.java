package instructvideo.job.demo;

import com.google.gson.Gson;
import com.google.gson.JsonSyntaxException;
import instructvideo.video.RgbFrame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Videos of the held-out captions with their scores, kept as a JSON file.
 *
 * @param key tells what they were made with
 * @param seconds how long making them took
 */
record Evaluation(String key, List<Evaluation.Video> videos, double seconds) {

  /** Reads a file; nothing if it is not there, is broken or has another key. */
  static Optional<Evaluation> read(Path file, String key) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Evaluation read = new Gson().fromJson(Files.readString(file), Evaluation.class);
      return Optional.ofNullable(read).filter(evaluation -> key.equals(evaluation.key));
    } catch (JsonSyntaxException e) {
      return Optional.empty();
    }
  }

  /** Writes the file that {@link #read} reads. */
  void write(Path file) {
    DemoFiles.write(file, new Gson().toJson(this).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A video and what it is worth.
   *
   * @param reward mean cosine of frames and caption
   * @param motion see {@link Clip#frameDifference}
   * @param pixels (frames, size, size, 3) in eight bits, as base64
   */
  record Video(String caption, double reward, double motion, int frames, int size, String pixels) {

    static Video of(String caption, double reward, Clip clip) {
      int length = clip.size() * clip.size() * Clip.CHANNELS;
      byte[] bytes = new byte[clip.frames() * length];
      List<RgbFrame> frames = clip.toFrames();
      for (int i = 0; i < frames.size(); i++) {
        System.arraycopy(frames.get(i).pixels(), 0, bytes, i * length, length);
      }
      String pixels = Base64.getEncoder().encodeToString(bytes);
      return new Video(caption, reward, clip.frameDifference(), clip.frames(), clip.size(), pixels);
    }

    List<RgbFrame> toFrames() {
      byte[] bytes = Base64.getDecoder().decode(pixels);
      int length = bytes.length / frames;
      List<RgbFrame> result = new ArrayList<>();
      for (int i = 0; i < frames; i++) {
        byte[] frame = Arrays.copyOfRange(bytes, i * length, (i + 1) * length);
        result.add(new RgbFrame(size, size, frame));
      }
      return result;
    }
  }
}
