package instructvideo.job.config;

import static instructvideo.job.config.Requirements.require;

/**
 * How runs keep their outputs from one another.
 *
 * @param heartbeat seconds between two signs of life
 * @param takeover seconds of silence after which a run is taken for dead
 */
public record ClaimConfig(double heartbeat, double takeover) {
  public ClaimConfig {
    require(heartbeat > 0, "claim.heartbeat must be above 0 seconds, is %s", heartbeat);
    require(
        takeover >= 3 * heartbeat,
        "claim.takeover must be at least 3 times claim.heartbeat, is %s",
        takeover);
  }
}
