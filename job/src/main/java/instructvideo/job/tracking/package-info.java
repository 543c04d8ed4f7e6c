/**
 * Training runs in TensorBoard and MLflow. Nothing in here stops or holds up a run. Knows no Spark
 * and nothing of how a run is trained. Start with {@link instructvideo.job.tracking.RunTracking}.
 */
package instructvideo.job.tracking;
