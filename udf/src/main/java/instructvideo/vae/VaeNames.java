package instructvideo.vae;

import java.util.Map;
import java.util.Map.Entry;

public final class VaeNames {

  private static final Map<String, String> EARLY =
      Map.of(
          ".query.", ".to_q.", ".key.", ".to_k.", ".value.", ".to_v.", ".proj_attn.", ".to_out.0.");

  private VaeNames() {}

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
