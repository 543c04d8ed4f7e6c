package instructvideo.job.tracking;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.RunStatus;

/**
 * Parameters, values and status of a run on an MLflow tracking server. The server keeps what it is
 * sent twice: before a value is sent to a run that was there before, or after a failure, the steps
 * that the server has are asked for.
 */
final class MlflowTracker implements RunTracker {

  private static final int PARAMS_IN_BATCH = 100;
  private static final int METRICS_IN_BATCH = 1000;
  private static final int MAX_NAME = 250;
  private static final int MAX_VALUE = 500; // of a parameter; 6000 since MLflow 2.8

  private final MlflowServer server;
  private final String experiment;
  private final MlflowCalls calls;
  private final CompletableFuture<MlflowRun> connected = new CompletableFuture<>();
  private final Map<String, Set<Long>> logged = new HashMap<>();
  private TrackedRun tracked;
  private MlflowRun run;
  private boolean mayHoldMore;

  MlflowTracker(MlflowServer server, String experiment) {
    this.server = server;
    this.experiment = experiment;
    calls = new MlflowCalls(server);
  }

  @Override
  public String name() {
    return "MLflow at " + server;
  }

  @Override
  public void begin(
      TrackedRun begun, int round, long time, SortedMap<Integer, SortedMap<String, Double>> earlier)
      throws IOException {
    tracked = begun;
    connect();
    List<Metric> missed = new ArrayList<>();
    for (Map.Entry<Integer, SortedMap<String, Double>> values : earlier.entrySet()) {
      missed.addAll(metrics(values.getKey(), time, values.getValue()));
    }

    log(missed);
  }

  /** Finds or makes the run, if that has not been done. */
  private MlflowRun connect() throws IOException {
    if (run == null) {
      MlflowRun found = MlflowRun.of(calls, server, experiment, tracked);
      mayHoldMore = !found.isNew();
      if (!found.isNew()) {
        setRunning(found.id());
      }

      logParams(found);
      run = found;
      connected.complete(found);
    }

    return run;
  }

  private void setRunning(String id) throws IOException {
    JsonObject update = new JsonObject();
    update.addProperty("run_id", id);
    update.addProperty("status", RunStatus.RUNNING.name());
    calls.call(client -> client.sendPost("runs/update", update.toString()));
  }

  /** A parameter's value is for ever: only those are sent that are not there. */
  private void logParams(MlflowRun found) throws IOException {
    SortedMap<String, String> missing = new TreeMap<>();
    tracked.parameters().forEach((key, value) -> missing.put(name(key), cut(value, MAX_VALUE)));
    calls
        .call(client -> client.getRun(found.id()))
        .getData()
        .getParamsList()
        .forEach(param -> missing.remove(param.getKey()));
    List<Param> params = new ArrayList<>();
    missing.forEach(
        (key, value) -> params.add(Param.newBuilder().setKey(key).setValue(value).build()));
    for (int from = 0; from < params.size(); from += PARAMS_IN_BATCH) {
      List<Param> batch = params.subList(from, Math.min(params.size(), from + PARAMS_IN_BATCH));
      calls.call(
          client -> {
            client.logBatch(found.id(), List.of(), batch, List.of());
            return true;
          });
    }
  }

  @Override
  public void round(int round, long time, SortedMap<String, Double> values) throws IOException {
    connect();
    log(metrics(round, time, values));
  }

  /** Those of a step that the server does not have. */
  private List<Metric> metrics(int round, long time, SortedMap<String, Double> values)
      throws IOException {
    List<Metric> metrics = new ArrayList<>();
    for (Map.Entry<String, Double> value : values.entrySet()) {
      String key = name(value.getKey());
      if (Double.isFinite(value.getValue()) && !logged(key).contains((long) round)) {
        metrics.add(
            Metric.newBuilder()
                .setKey(key)
                .setValue(value.getValue())
                .setTimestamp(time)
                .setStep(round)
                .build());
      }
    }

    return metrics;
  }

  private Set<Long> logged(String key) throws IOException {
    Set<Long> steps = logged.get(key);
    if (steps == null) {
      steps = new HashSet<>();
      if (mayHoldMore) {
        List<Metric> history =
            calls.call(client -> client.getMetricHistory(run.id(), key), List.of());
        for (Metric metric : history) {
          steps.add(metric.getStep());
        }
      }

      logged.put(key, steps);
    }

    return steps;
  }

  private void log(List<Metric> metrics) throws IOException {
    for (int from = 0; from < metrics.size(); from += METRICS_IN_BATCH) {
      List<Metric> batch = metrics.subList(from, Math.min(metrics.size(), from + METRICS_IN_BATCH));
      try {
        calls.call(
            client -> {
              client.logBatch(run.id(), batch, List.of(), List.of());
              return true;
            });
      } catch (IOException e) { // it may have come through
        mayHoldMore = true;
        logged.clear();
        throw e;
      }

      batch.forEach(metric -> logged.get(metric.getKey()).add(metric.getStep()));
    }
  }

  @Override
  public void look(int round, long time, SortedMap<String, Double> values, List<SampleVideo> videos)
      throws IOException {
    round(round, time, values);
  }

  /** For {@link MlflowFilesTracker}. */
  @Override
  public void adapter(String name, SortedMap<String, byte[]> files) {}

  @Override
  public void end(int round, long time, instructvideo.job.tracking.RunStatus status)
      throws IOException {
    connect();
    calls.call(
        client -> {
          client.setTerminated(run.id(), RunStatus.valueOf(status.name()), time);
          return true;
        });
  }

  /** The run on the server, once it is there; cancelled if it never will be. */
  Future<MlflowRun> connected() {
    return connected;
  }

  @Override
  public void close() {
    connected.cancel(false);
    calls.close();
  }

  /** A name that MLflow takes. */
  static String name(String key) {
    return cut(key.replaceAll("[^A-Za-z0-9_./ -]", "_"), MAX_NAME);
  }

  static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length - 3) + "...";
  }
}
