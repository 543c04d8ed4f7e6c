package instructvideo.job.reference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import instructvideo.clip.ClipTokenizer;
import instructvideo.nn.BlockRunner;
import instructvideo.vae.AutoencoderKL;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What prepare computes of a case, with its classes.
 *
 * @param inputIds of the prompts and as many empty ones, (2b, 77)
 * @param rewardIds of the prompts, (b, 77)
 * @param promptEmbeds (2b, 77, c)
 * @param latents (b, 4, f, h, w)
 * @param textFeatures the reward's, (b, d)
 */
record ReferenceEncodings(
    NDArray inputIds,
    NDArray rewardIds,
    NDArray promptEmbeds,
    NDArray latents,
    NDArray textFeatures) {

  /** Each model is loaded, used and freed in turn. */
  static ReferenceEncodings of(ReferenceModels models, NDManager manager, NDArray pixels)
      throws IOException {
    List<String> prompts = new ArrayList<>(models.golden().settings().prompts());
    NDArray rewardIds;
    try (ClipTokenizer tokenizer = models.reward().tokenizer()) {
      rewardIds = ids(manager, tokenizer, prompts);
    }

    prompts.addAll(Collections.nCopies(prompts.size(), ""));
    NDArray inputIds;
    try (ClipTokenizer tokenizer = models.pipeline(manager).tokenizer()) {
      inputIds = ids(manager, tokenizer, prompts);
    }

    return new ReferenceEncodings(
        inputIds,
        rewardIds,
        promptEmbeds(models, manager, inputIds),
        latents(models, manager, pixels),
        textFeatures(models, manager, rewardIds));
  }

  private static NDArray ids(NDManager manager, ClipTokenizer tokenizer, List<String> prompts) {
    NDList rows = new NDList();
    prompts.forEach(prompt -> rows.add(manager.create(tokenizer.encode(prompt))));
    return NDArrays.stack(rows);
  }

  private static NDArray promptEmbeds(ReferenceModels models, NDManager manager, NDArray ids)
      throws IOException {
    try (NDManager scope = manager.newSubManager()) {
      NDArray embeds =
          models.pipeline(scope).textEncoder().forward(BlockRunner.aliases(scope, ids).head());
      embeds.attach(manager);
      return embeds;
    }
  }

  private static NDArray textFeatures(ReferenceModels models, NDManager manager, NDArray ids)
      throws IOException {
    try (NDManager scope = manager.newSubManager()) {
      NDArray features =
          models.reward(scope).clip().textFeatures(BlockRunner.aliases(scope, ids).head());
      features.attach(manager);
      return features;
    }
  }

  /** One frame at a time, from (b, 3, f, H, W). */
  private static NDArray latents(ReferenceModels models, NDManager manager, NDArray pixels)
      throws IOException {
    Shape s = pixels.getShape();
    try (NDManager scope = manager.newSubManager()) {
      AutoencoderKL vae = models.pipeline(scope).vae();
      NDList frames = new NDList();
      for (long video = 0; video < s.get(0); video++) {
        for (long frame = 0; frame < s.get(2); frame++) {
          NDIndex at = new NDIndex("%d:%d, :, %d".formatted(video, video + 1, frame));
          frames.add(BlockRunner.FREEING.run(in -> vae.encode(in.head()), pixels.get(at)));
        }
      }

      NDArray latents = NDArrays.concat(frames); // (b*f, 4, h, w)
      Shape l = latents.getShape();
      latents = latents.reshape(s.get(0), s.get(2), l.get(1), l.get(2), l.get(3));
      latents = latents.transpose(0, 2, 1, 3, 4).duplicate();
      latents.attach(manager);
      return latents;
    }
  }
}
