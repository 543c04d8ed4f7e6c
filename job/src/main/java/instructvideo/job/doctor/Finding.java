package instructvideo.job.doctor;

import instructvideo.spark.doctor.Check;

/**
 * A check and where it was made.
 *
 * @param where driver, or executors by number
 */
record Finding(String where, Check check) {

  boolean isFailure() {
    return check.status() == Check.Status.FAIL;
  }
}
