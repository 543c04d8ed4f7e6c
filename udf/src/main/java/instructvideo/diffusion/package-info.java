/**
 * The chain: noise schedule, DDIM, guidance, InstructVideo's editing; the parts of a pipeline on
 * disk. Knows the models. Start with {@link instructvideo.diffusion.PartialChain}.
 */
package instructvideo.diffusion;
