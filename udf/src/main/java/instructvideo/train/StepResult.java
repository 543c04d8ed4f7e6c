package instructvideo.train;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/**
 * What one step returns.
 *
 * @param cosines of each video and segment
 * @param gradients d loss / d LoRA weight, by the adapter's names
 */
public record StepResult(double loss, float[][] cosines, Map<String, NDArray> gradients) {}
