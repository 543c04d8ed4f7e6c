package instructvideo.job;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.apache.hadoop.fs.FileSystem;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;

/** The S3 API in this JVM, over a folder: signatures, multipart uploads and listings are real. */
public final class S3Server implements AutoCloseable {

  /** The one bucket. */
  public static final String BUCKET = "s3a://bucket";

  static final String SECRET = "test-secret-key";
  static final String KEY = "test-access-key";

  private final S3Proxy proxy;

  S3Server(Path folder) throws Exception {
    this(folder, UnaryOperator.identity());
  }

  /**
   * A server whose requests pass through something.
   *
   * @param around is given the store, and returns what the server asks instead
   */
  public S3Server(Path folder, UnaryOperator<BlobStore> around) throws Exception {
    Properties properties = new Properties();
    properties.setProperty("jclouds.filesystem.basedir", folder.toString());
    BlobStore store = new OrderedDeletes(BlobStores.create("filesystem-nio2", properties));
    store.createContainer("bucket");
    proxy =
        S3Proxy.builder()
            .blobStore(around.apply(store))
            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, KEY, SECRET)
            .endpoint(URI.create("http://127.0.0.1:0"))
            .stopTimeout(0)
            .build();
    proxy.start();
  }

  /** Where it listens, on 127.0.0.1. */
  public int port() {
    return proxy.getPort();
  }

  /** Options that lead to this server. */
  List<String> options() {
    return options(SECRET);
  }

  /** The same with another secret. */
  List<String> options(String secret) {
    List<String> options = new ArrayList<>();
    settings(secret)
        .forEach((key, value) -> options.addAll(List.of("--set", "spark." + key + "=" + value)));
    return options;
  }

  /** Settings that lead to this server, without the leading "spark.". */
  Map<String, String> settings() {
    return settings(SECRET);
  }

  private Map<String, String> settings(String secret) {
    return settings(proxy.getPort(), secret);
  }

  /** Settings that lead to the server at a port of this machine, without the leading "spark.". */
  public static Map<String, String> settings(int port) {
    return settings(port, SECRET);
  }

  private static Map<String, String> settings(int port, String secret) {
    String prefix = "hadoop.fs.s3a.";
    return Map.of(
        prefix + "endpoint", "http://127.0.0.1:" + port,
        prefix + "endpoint.region", "us-east-1",
        prefix + "path.style.access", "true",
        prefix + "connection.ssl.enabled", "false",
        prefix + "access.key", KEY,
        prefix + "secret.key", secret,
        prefix + "multipart.size", "5M");
  }

  @Override
  public void close() throws Exception {
    FileSystem.closeAll(); // the next server has another port, but the same URI
    proxy.stop();
  }
}
