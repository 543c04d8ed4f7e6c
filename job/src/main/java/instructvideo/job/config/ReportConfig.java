package instructvideo.job.config;

/**
 * What report reads.
 *
 * @param run directory of a training run
 * @param evaluation directory that evaluate wrote, empty for the run's own looks
 */
public record ReportConfig(String run, String evaluation) {}
