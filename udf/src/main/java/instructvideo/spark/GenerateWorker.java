package instructvideo.spark;

import instructvideo.nn.TorchEngine;
import instructvideo.video.RgbFrame;
import java.io.IOException;
import java.util.List;

/** Makes videos on an executor; the models stay loaded for those that follow. */
final class GenerateWorker {

  private static final KeptModels<GenerateModels> MODELS = new KeptModels<>();

  private GenerateWorker() {}

  /** The frames of a video; none if they are not finite. */
  static List<RgbFrame> frames(GenerateSetup setup, GenerateItem item) throws IOException {
    TorchEngine.start(setup.threads());
    return MODELS.use(
        setup.modelsKey(), () -> new GenerateModels(setup), models -> models.frames(setup, item));
  }

  /** Frees the models of this JVM. */
  static void release() {
    MODELS.release();
  }
}
