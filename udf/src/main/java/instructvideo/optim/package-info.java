/**
 * Local and outer optimizers, the learning rate, clipping. Start with {@link
 * instructvideo.optim.AdamW}.
 */
package instructvideo.optim;
