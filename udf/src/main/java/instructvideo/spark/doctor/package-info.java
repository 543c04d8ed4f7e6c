/**
 * What a host needs before it can train or score: checked on the driver and on executors. Start at
 * {@link instructvideo.spark.doctor.HostChecks}.
 */
package instructvideo.spark.doctor;
