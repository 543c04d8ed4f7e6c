package instructvideo.nn;

/** Of the frozen models' weights and activations; LoRA weights and the optimizer are float32. */
public enum Precision {
  FLOAT32,
  FLOAT16,
  BFLOAT16
}
