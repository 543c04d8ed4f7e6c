/**
 * diffusers' AutoencoderKL: pixels to latents and back. Knows nn and the formats, no other model.
 * Start with {@link instructvideo.vae.AutoencoderKL}.
 */
package instructvideo.vae;
