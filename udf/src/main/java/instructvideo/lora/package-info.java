/**
 * Low-rank updates of a UNet's linear layers: their values, names and arrays. Start with {@link
 * instructvideo.lora.LoraAdapter}.
 */
package instructvideo.lora;
