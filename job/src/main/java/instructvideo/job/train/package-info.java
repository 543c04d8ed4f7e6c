/**
 * Training from the driver's side: rounds, checkpoints, metrics. Read {@link
 * instructvideo.job.train.TrainingRun} first.
 */
package instructvideo.job.train;
