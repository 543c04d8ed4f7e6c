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

  private static final KeptModels<PrepareModels> MODELS = new KeptModels<>();

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
      SparkMetrics.get().decodeError();
      return reject(item, e.getMessage());
    } catch (FileNotFoundException e) {
      SparkMetrics.get().decodeError();
      return reject(item, "no such file");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + item.uri() + ": " + e.getMessage(), e);
    }
  }

  /** The negative prompt's embedding, (n, d). */
  static NegativePrompt negativePrompt(PrepareSetup setup) {
    TorchEngine.start(setup.threads());
    try {
      return MODELS.use(
          setup.key(),
          () -> new PrepareModels(setup),
          models -> new NegativePrompt(models.negativeEmbeds(), models.promptTokens()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<RgbFrame> frames(PrepareSetup setup, PrepareItem item)
      throws IOException, VideoException {
    FrameSelection selection = new FrameSelection(setup.video().frames(), setup.video().fps());
    try (VideoReader reader =
        VideoReader.open(HadoopSource.open(item.uri()), VideoReader.TIMEOUT)) {
      List<RgbFrame> frames = reader.read(selection);
      SparkMetrics.get().video();
      return frames;
    }
  }

  private static PreparedRow encode(PrepareSetup setup, PrepareItem item, List<RgbFrame> frames)
      throws IOException {
    TorchEngine.start(setup.threads());
    return MODELS.use(
        setup.key(), () -> new PrepareModels(setup), models -> encode(models, item, frames));
  }

  private static PreparedRow encode(PrepareModels models, PrepareItem item, List<RgbFrame> frames)
      throws IOException {
    String prompt = item.prompt().text();
    float[] promptEmbeds = models.promptEmbeds(prompt);
    Map<String, float[]> textFeatures = models.textFeatures(prompt);
    Latents latents =
        item.isSampled() ? models.sample(item.prompt().id(), promptEmbeds) : models.encode(frames);
    return latents.isFinite()
        ? sample(item, latents, promptEmbeds, textFeatures)
        : reject(item, "its latents are not finite");
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
