/**
 * Adapters that commands are given: of a training run, of PEFT, of diffusers. Start with {@link
 * instructvideo.job.adapter.StoredAdapter}.
 */
package instructvideo.job.adapter;
