/**
 * diffusers' UNet3DConditionModel: predicts the noise in a video's latents. Knows nn and the
 * formats, no other model. Start with {@link instructvideo.unet.UNet3DConditionModel}.
 */
package instructvideo.unet;
