package instructvideo.spark;

import instructvideo.format.Floats;
import instructvideo.nn.TorchEngine;
import instructvideo.video.FrameSelection;
import instructvideo.video.RgbFrame;
import instructvideo.video.VideoException;
import instructvideo.video.VideoReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.RowFactory;
import scala.collection.JavaConverters;

/** Makes rows of items, on an executor; the models stay loaded for the items that follow. */
final class PrepareWorker {

  private static PrepareModels models;
  private static String key;

  private PrepareWorker() {}

  /** The row of an item: a sample, or a reject with its reason. */
  static PreparedRow prepare(PrepareSetup setup, PrepareItem item) {
    if (item.reject() != null) {
      return reject(item, item.reject());
    }

    try {
      // Tasks of one executor decode at the same time; the models serve one after the other.
      List<RgbFrame> frames = item.isSampled() ? List.of() : frames(setup, item);
      return encode(setup, item, frames);
    } catch (VideoException e) {
      return reject(item, e.getMessage());
    } catch (FileNotFoundException e) {
      return reject(item, "no such file");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + item.uri() + ": " + e.getMessage(), e);
    }
  }

  /** The negative prompt's embedding, (n, d). */
  static synchronized NegativePrompt negativePrompt(PrepareSetup setup) {
    try {
      PrepareModels loaded = models(setup);
      return new NegativePrompt(loaded.negativeEmbeds(), loaded.promptTokens());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Frees the models of this JVM. */
  static synchronized void release() {
    if (models != null) {
      models.close();
      models = null;
      key = null;
    }
  }

  private static List<RgbFrame> frames(PrepareSetup setup, PrepareItem item)
      throws IOException, VideoException {
    FrameSelection selection = new FrameSelection(setup.video().frames(), setup.video().fps());
    try (VideoReader reader =
        VideoReader.open(HadoopSource.open(item.uri()), VideoReader.TIMEOUT)) {
      return reader.read(selection);
    }
  }

  private static synchronized PreparedRow encode(
      PrepareSetup setup, PrepareItem item, List<RgbFrame> frames) throws IOException {
    PrepareModels loaded = models(setup);
    String prompt = item.prompt().text();
    float[] promptEmbeds = loaded.promptEmbeds(prompt);
    Map<String, float[]> textFeatures = loaded.textFeatures(prompt);
    Latents latents =
        item.isSampled() ? loaded.sample(item.prompt().id(), promptEmbeds) : loaded.encode(frames);
    return latents.isFinite()
        ? sample(item, latents, promptEmbeds, textFeatures)
        : reject(item, "its latents are not finite");
  }

  private static PrepareModels models(PrepareSetup setup) throws IOException {
    TorchEngine.start(setup.threads());
    if (models == null || !setup.key().equals(key)) {
      release();
      models = new PrepareModels(setup);
      key = setup.key();
    }

    return models;
  }

  private static PreparedRow sample(
      PrepareItem item, Latents latents, float[] promptEmbeds, Map<String, float[]> textFeatures) {
    Map<String, byte[]> features = new TreeMap<>();
    textFeatures.forEach((name, values) -> features.put(name, Floats.toBytes(values)));
    return PreparedRow.sample(
        RowFactory.create(
            item.position(),
            item.prompt().id(),
            item.prompt().text(),
            item.isSampled() ? SamplesTable.SAMPLED : SamplesTable.VIDEO,
            item.video(),
            Floats.toBytes(latents.values()),
            Arrays.stream(latents.shape()).mapToInt(Math::toIntExact).toArray(),
            Floats.toBytes(promptEmbeds),
            JavaConverters.mapAsScalaMapConverter(features).asScala()));
  }

  private static PreparedRow reject(PrepareItem item, String reason) {
    String video = item.video() == null ? item.prompt().video() : item.video();
    return PreparedRow.reject(
        RowFactory.create(
            item.position(), item.prompt().id(), item.prompt().text(), video, reason));
  }
}
