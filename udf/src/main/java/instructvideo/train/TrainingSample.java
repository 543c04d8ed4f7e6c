package instructvideo.train;

import java.io.Serializable;

/**
 * One video of the prepared table, as values.
 *
 * @param id of the prompt
 * @param epoch how many times the table was gone through before
 * @param latents (4, f, h, w), row-major
 * @param latentsShape 4, f, h, w
 * @param promptEmbeds (n, d), row-major
 * @param textFeatures as the reward takes them, (d); d may be 0
 */
public record TrainingSample(
    String id,
    int epoch,
    float[] latents,
    long[] latentsShape,
    float[] promptEmbeds,
    float[] textFeatures)
    implements Serializable {}
