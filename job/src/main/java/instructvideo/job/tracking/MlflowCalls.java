package instructvideo.job.tracking;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowClientException;
import org.mlflow.tracking.MlflowHttpException;

/**
 * Calls of MLflow's Java client, each of which ends in time: the client itself waits for ever, and
 * tries what the server refused three times.
 */
final class MlflowCalls {

  private static final int NOT_FOUND = 404;

  /** Not logged in, not allowed, too late, too often: a later try may pass. */
  private static final Set<Integer> PASSING = Set.of(401, 403, 408, 429);

  private final MlflowServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool(MlflowCalls::daemon);
  private MlflowClient client;

  MlflowCalls(MlflowServer server) {
    this.server = server;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "mlflow");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Calls the client.
   *
   * @throws RefusedException if the server will not have it
   * @throws IOException if there is no answer, or one that may change
   */
  <T> T call(Function<MlflowClient, T> function) throws IOException {
    if (client == null) {
      client = new MlflowClient(server.credentials());
    }

    MlflowClient current = client;
    Future<T> answer = threads.submit(() -> function.apply(current));
    try {
      return answer.get(server.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      giveUp(answer);
      throw new IOException("no answer in " + server.timeout().toSeconds() + " s");
    } catch (InterruptedException e) {
      giveUp(answer);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    }
  }

  /** As {@link #call}; the other answer if there is no such thing. */
  <T> T call(Function<MlflowClient, T> function, T ifNone) throws IOException {
    try {
      return call(function);
    } catch (RefusedException e) {
      if (e.getCause() instanceof MlflowHttpException http && http.getStatusCode() == NOT_FOUND) {
        return ifNone;
      }

      throw e;
    }
  }

  /** Closing the client ends its connections, and with them what waits for an answer. */
  private void giveUp(Future<?> answer) {
    answer.cancel(true);
    client.close();
    client = null;
  }

  void close() {
    threads.shutdownNow();
    if (client != null) {
      client.close();
    }
  }

  private static IOException failure(Throwable cause) {
    if (!(cause instanceof MlflowHttpException http)) {
      return new IOException(
          cause instanceof MlflowClientException && cause.getCause() != null
              ? cause.getCause()
              : cause);
    }

    int status = http.getStatusCode();
    String message = status + " " + http.getReasonPhrase() + reason(http.getBodyMessage());
    boolean refused = status >= 400 && status < 500 && !PASSING.contains(status);
    return refused ? new RefusedException(message, http) : new IOException(message);
  }

  /** The server's own words, if it has any. */
  private static String reason(String body) {
    try {
      JsonObject answer = JsonParser.parseString(body).getAsJsonObject();
      String text = answer.get("message").getAsString().lines().findFirst().orElse("");
      return ": " + text.substring(0, Math.min(200, text.length()));
    } catch (JsonParseException | IllegalStateException | NullPointerException e) {
      return "";
    }
  }
}
