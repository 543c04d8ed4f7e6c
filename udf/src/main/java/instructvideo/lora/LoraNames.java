package instructvideo.lora;

/** Names of LoRA weights as diffusers has them: {@code unet.<module>.lora_A.weight}. */
public final class LoraNames {

  private static final String PREFIX = "unet.";
  private static final String LORA_A = ".lora_A.weight";
  private static final String LORA_B = ".lora_B.weight";

  private LoraNames() {}

  /** Of the matrix (rank, in) of a module, which is a path in the UNet. */
  public static String loraA(String module) {
    return PREFIX + module + LORA_A;
  }

  /** Of the matrix (out, rank) of a module. */
  public static String loraB(String module) {
    return PREFIX + module + LORA_B;
  }

  /** Whether a name is that of a first matrix. */
  public static boolean isLoraA(String name) {
    return name.startsWith(PREFIX) && name.endsWith(LORA_A);
  }

  /** The module of either matrix. */
  public static String module(String name) {
    return name.substring(PREFIX.length(), name.length() - LORA_A.length());
  }
}
