package instructvideo.spark;

import java.io.Serializable;

/**
 * What guidance leads away from.
 *
 * @param embeds (n, d), row-major
 * @param tokens n
 */
public record NegativePrompt(float[] embeds, int tokens) implements Serializable {}
