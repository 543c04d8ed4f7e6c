package instructvideo.spark;

import instructvideo.format.Fingerprint;
import instructvideo.format.Floats;
import instructvideo.lora.LoraState;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An adapter that videos are made with.
 *
 * @param lora its weights
 * @param scale alpha / rank
 * @param strength 0 (the model alone) to 1
 * @param id fingerprint of weights and scale, not of the strength
 */
public record GenerateAdapter(LoraState lora, double scale, double strength, String id)
    implements Serializable {

  /** An adapter with the fingerprint of its content. */
  public static GenerateAdapter of(LoraState lora, double scale, double strength) {
    List<String> parts = new ArrayList<>(List.of("scale " + scale));
    lora.weights()
        .forEach(
            (name, values) -> {
              parts.add(name + " " + Arrays.toString(lora.shapes().get(name)));
              parts.add(ContentId.of(Floats.toBytes(values)));
            });
    return new GenerateAdapter(lora, scale, strength, Fingerprint.of(parts));
  }

  /** Whether it changes the model at all. */
  boolean isEffective() {
    return strength != 0;
  }
}
