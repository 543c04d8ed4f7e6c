/**
 * The directory of a training run: what it is, its checkpoints. Train writes it, others read it.
 * Start with {@link instructvideo.job.run.RunDirectory}.
 */
package instructvideo.job.run;
