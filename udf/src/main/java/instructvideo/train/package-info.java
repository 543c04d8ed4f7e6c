/**
 * One step, and the local steps of a worker; knows no Spark. Start with {@link
 * instructvideo.train.TrainStep}, which reads like section 4 of the paper.
 */
package instructvideo.train;
