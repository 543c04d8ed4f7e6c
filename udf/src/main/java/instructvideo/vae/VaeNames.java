package instructvideo.vae;

import java.util.Map;
import java.util.Map.Entry;

/** Names of tensors that early versions of diffusers gave and checkpoints still have. */
public final class VaeNames {

  /** Early names of attention's layers to today's. */
  private static final Map<String, String> EARLY =
      Map.of(
          ".query.", ".to_q.", ".key.", ".to_k.", ".value.", ".to_v.", ".proj_attn.", ".to_out.0.");

  private VaeNames() {}

  /** Today's name of a tensor. */
  public static String today(String name) {
    if (name.contains(".attentions.")) {
      for (Entry<String, String> part : EARLY.entrySet()) {
        if (name.contains(part.getKey())) {
          return name.replace(part.getKey(), part.getValue());
        }
      }
    }

    return name;
  }
}
