package instructvideo.job.tracking;

import instructvideo.job.Failures;
import instructvideo.job.Outputs;
import instructvideo.spark.HadoopFiles;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileSystem;

/**
 * Files of a run on a tracking server. MLflow's Java client leaves them to its Python command line,
 * which drivers do not have: here they go over the server (mlflow-artifacts:, the default), or
 * straight to the store that it names.
 */
final class MlflowArtifacts {

  private static final String PROXY = "/api/2.0/mlflow-artifacts/artifacts/";

  /** Too late, too often, or a server behind the one that answers is not there. */
  private static final Set<Integer> PASSING = Set.of(408, 429, 502, 503, 504);

  private static final long BYTES_PER_SECOND = 1 << 19;

  private final MlflowServer server;
  private final HttpClient http;

  MlflowArtifacts(MlflowServer server) {
    this.server = server;
    http = HttpClient.newBuilder().connectTimeout(server.timeout()).build();
  }

  /**
   * Writes a file, in place of an older one.
   *
   * @param root the run's artifact_uri
   * @param path below it, with / between
   */
  void put(String root, String path, byte[] bytes) throws IOException {
    URI uri = URI.create(root.replace(" ", "%20"));
    String scheme = uri.getScheme();
    if ("mlflow-artifacts".equals(scheme)) {
      String host = uri.getRawAuthority() == null ? server.address() : host(uri);
      upload(host + PROXY + uri.getRawPath().replaceFirst("^/+", "") + "/" + encoded(path), bytes);
    } else if (scheme == null && !root.startsWith("/")) {
      throw new RefusedException(
          "the artifacts of the run are in %s, relative to the server's folder; start it with"
                  .formatted(root)
              + " --serve-artifacts",
          null);
    } else {
      String store = "s3".equals(scheme) && !has("s3") ? "s3a" + root.substring(2) : root;
      store(store + "/" + path, bytes);
    }
  }

  private static void store(String uri, byte[] bytes) throws IOException {
    try {
      Outputs.file(uri, file -> Files.write(file, bytes));
    } catch (RuntimeException e) { // no such scheme, no right to write
      throw new RefusedException(Failures.line(e), e);
    }
  }

  private String host(URI uri) {
    return URI.create(server.address()).getScheme() + "://" + uri.getRawAuthority();
  }

  private static boolean has(String scheme) {
    try {
      FileSystem.getFileSystemClass(scheme, HadoopFiles.configuration());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static String encoded(String path) {
    return Arrays.stream(path.split("/"))
        .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
        .collect(Collectors.joining("/"));
  }

  private void upload(String address, byte[] bytes) throws IOException {
    Duration time = server.timeout().plusSeconds(bytes.length / BYTES_PER_SECOND);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address))
            .timeout(time)
            .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes));
    server.authorization().ifPresent(value -> request.header("Authorization", value));
    try {
      int status = http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status >= 300) {
        String message = "status %d for an artifact at %s".formatted(status, address);
        throw PASSING.contains(status)
            ? new IOException(message)
            : new RefusedException(message, null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
