package instructvideo.train;

import ai.djl.ndarray.NDArray;
import java.util.SortedMap;

/**
 * What one step returns.
 *
 * @param loss mean over videos of 1 - score
 * @param chain latents after each step of the chain, (steps, b, 4, f, h, w)
 * @param scores of each video, weighted by TAR
 * @param frameScores the reward of each video and segment
 * @param gradients d loss / d LoRA weight, by the adapter's names
 */
public record StepResult(
    double loss,
    NDArray chain,
    double[] scores,
    float[][] frameScores,
    SortedMap<String, NDArray> gradients) {}
