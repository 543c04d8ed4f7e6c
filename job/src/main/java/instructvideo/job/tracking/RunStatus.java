package instructvideo.job.tracking;

/** How a run ended; MLflow's names. */
enum RunStatus {
  FINISHED,
  FAILED,
  KILLED
}
