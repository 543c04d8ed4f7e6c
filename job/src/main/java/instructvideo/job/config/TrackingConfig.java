package instructvideo.job.config;

import static instructvideo.job.config.Requirements.require;

/**
 * Where a run is told of.
 *
 * @param tensorboard whether event files are written
 * @param videos of each look that are logged
 */
public record TrackingConfig(boolean tensorboard, Mlflow mlflow, int videos) {

  /**
   * A tracking server.
   *
   * @param uri empty for none
   * @param timeout seconds after which a request is given up
   */
  public record Mlflow(String uri, String experiment, int timeout) {
    public Mlflow {
      require(timeout >= 1, "tracking.mlflow.timeout must be at least 1 second, is %s", timeout);
    }
  }

  public TrackingConfig {
    require(videos >= 0, "tracking.videos must not be negative, is %s", videos);
  }
}
