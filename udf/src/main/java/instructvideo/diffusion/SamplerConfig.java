package instructvideo.diffusion;

/**
 * How much of the DDIM chain is run, and how.
 *
 * @param steps of a full chain
 * @param partial share of the chain that is run
 * @param guidanceScale 1 for none
 * @param gradSteps last steps that carry a gradient
 */
public record SamplerConfig(int steps, double partial, double guidanceScale, int gradSteps) {}
