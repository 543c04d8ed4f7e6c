/**
 * Adapters as files: those that commands are given (of a training run, of PEFT, of diffusers), and
 * those that are written for others. Start with {@link instructvideo.job.adapter.StoredAdapter}.
 */
package instructvideo.job.adapter;
