package instructvideo.reward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import instructvideo.clip.ClipModel;
import instructvideo.clip.ClipTokenizer;
import instructvideo.nn.BlockRunner;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The feature of each prompt, computed once; those used last are kept. */
final class PromptFeatures implements AutoCloseable {

  private static final int CAPACITY = 1 << 25; // numbers kept: 128 MiB, 32768 prompts of ViT-H-14

  private final ClipModel clip;
  private final ClipTokenizer tokenizer;
  private final Map<String, float[]> kept = new LinkedHashMap<>(16, 0.75f, true);

  PromptFeatures(ClipModel clip, ClipTokenizer tokenizer) {
    this.clip = clip;
    this.tokenizer = tokenizer;
  }

  /** Of each prompt, (n, d), of length one; new ones go through the text tower together. */
  synchronized NDArray of(NDManager manager, List<String> prompts) {
    Map<String, float[]> features = new HashMap<>();
    Set<String> missing = new LinkedHashSet<>();
    for (String prompt : prompts) {
      float[] feature = kept.get(prompt);
      if (feature == null) {
        missing.add(prompt);
      } else {
        features.put(prompt, feature);
      }
    }

    if (!missing.isEmpty()) {
      features.putAll(compute(manager, new ArrayList<>(missing)));
    }

    int width = clip.featureSize();
    FloatBuffer all = FloatBuffer.allocate(prompts.size() * width);
    prompts.forEach(prompt -> all.put(features.get(prompt)));
    return manager.create(all.flip(), new Shape(prompts.size(), width));
  }

  @Override
  public void close() {
    tokenizer.close();
  }

  private Map<String, float[]> compute(NDManager manager, List<String> prompts) {
    Map<String, float[]> computed = new HashMap<>();
    for (List<String> piece : BatchRows.pieces(prompts, BatchRows.size(manager.getDevice()))) {
      computed.putAll(computePiece(manager, piece));
    }

    kept.putAll(computed);
    forget();
    return computed;
  }

  private Map<String, float[]> computePiece(NDManager manager, List<String> prompts) {
    Map<String, float[]> computed = new HashMap<>();
    try (NDManager scope = manager.newSubManager()) {
      NDArray features =
          BlockRunner.FREEING.run(
              in -> clip.textFeatures(in.head()), ids(scope, prompts)); // (n, d)
      float[] values = features.toFloatArray();
      int width = values.length / prompts.size();
      FloatBuffer rows = FloatBuffer.wrap(values);
      for (String prompt : prompts) {
        float[] row = new float[width];
        rows.get(row);
        computed.put(prompt, row);
      }
    }

    return computed;
  }

  private NDArray ids(NDManager manager, List<String> prompts) {
    List<long[]> ids = prompts.stream().map(tokenizer::encode).toList();
    int length = ids.get(0).length;
    LongBuffer all = LongBuffer.allocate(ids.size() * length);
    ids.forEach(all::put);
    return manager.create(all.flip(), new Shape(ids.size(), length));
  }

  private void forget() {
    int most = CAPACITY / clip.featureSize();
    var oldest = kept.keySet().iterator();
    for (int over = kept.size() - most; over > 0; over--) {
      oldest.next();
      oldest.remove();
    }
  }
}
