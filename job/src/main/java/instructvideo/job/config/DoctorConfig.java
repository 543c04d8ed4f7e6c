package instructvideo.job.config;

/**
 * How doctor tells.
 *
 * @param json whether as JSON, for programs
 */
public record DoctorConfig(boolean json) {}
