package instructvideo.job.tracking;

import instructvideo.error.InvalidInputException;
import instructvideo.job.config.TrackingConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;

/**
 * A tracking server and who asks it. User and password come from the address or, as in MLflow's own
 * clients, from MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD; MLFLOW_TRACKING_TOKEN is
 * taken without them.
 *
 * @param address without user and password, without a slash at its end
 * @param user may be null, as may the password and the token
 * @param timeout of one request
 */
record MlflowServer(String address, String user, String password, String token, Duration timeout) {

  /**
   * Reads the settings.
   *
   * @param environment variables of the process
   * @throws InvalidInputException if the address is none of a server
   */
  static MlflowServer of(TrackingConfig.Mlflow config, Map<String, String> environment) {
    URI uri = uri(config.uri());
    String[] userInfo = uri.getRawUserInfo() == null ? null : uri.getRawUserInfo().split(":", 2);
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceFirst("/+$", "");
    return new MlflowServer(
        uri.getScheme() + "://" + uri.getHost() + port + path,
        userInfo == null ? environment.get("MLFLOW_TRACKING_USERNAME") : decoded(userInfo[0]),
        userInfo == null
            ? environment.get("MLFLOW_TRACKING_PASSWORD")
            : userInfo.length < 2 ? "" : decoded(userInfo[1]),
        environment.get("MLFLOW_TRACKING_TOKEN"),
        Duration.ofSeconds(config.timeout()));
  }

  private static URI uri(String text) {
    try {
      URI uri = new URI(text.strip());
      if (uri.getHost() != null && String.valueOf(uri.getScheme()).matches("(?i)https?")) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // its message would show the password
    }

    throw InvalidInputException.of(
        "Invalid --mlflow: %s; give the address of a tracking server, such as http://host:5000",
        text.replaceFirst("(//)?[^/@]*@", "$1"));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  BasicMlflowHostCreds credentials() {
    return new BasicMlflowHostCreds(address, user, password, token, false);
  }

  /** The header Authorization. */
  Optional<String> authorization() {
    if (user != null && password != null) {
      byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
      return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
    }

    return Optional.ofNullable(token).map(value -> "Bearer " + value);
  }

  /** The address: nothing secret. */
  @Override
  public String toString() {
    return address;
  }
}
