package instructvideo.job.tracking;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;

/**
 * The run on the server: the one that OUT/tracking.json names, else the one with its id as a tag,
 * else a new one.
 *
 * @param artifacts where its files are
 * @param isNew whether nothing was logged before
 */
record MlflowRun(String id, String artifacts, boolean isNew) {

  private static final String TAG = "instructvideo.id";
  private static final String DELETED = "deleted";
  private static final int MAX_TAG = 5000; // of all versions of the server

  static MlflowRun of(MlflowCalls calls, MlflowServer server, String experiment, TrackedRun run)
      throws IOException {
    TrackingFile file = TrackingFile.of(run.out());
    if (file.mlflow() != null) {
      String id = file.mlflow().run();
      Optional<Run> known = calls.call(client -> Optional.of(client.getRun(id)), Optional.empty());
      if (known.filter(found -> isOurs(found, file.id())).isPresent()) {
        return of(known.get().getInfo(), false);
      }
    }

    String experimentId = experiment(calls, experiment);
    String filter = "tags.`%s` = '%s'".formatted(TAG, file.id());
    List<Run> found =
        calls.call(
            client ->
                client
                    .searchRuns(List.of(experimentId), filter, ViewType.ACTIVE_ONLY, 1)
                    .getItems());
    RunInfo info =
        found.isEmpty()
            ? calls.call(client -> client.createRun(request(experimentId, file.id(), run)))
            : found.get(0).getInfo();
    file.write(run.out(), new TrackingFile.Mlflow(server.address(), experiment, info.getRunId()));
    return of(info, found.isEmpty());
  }

  private static MlflowRun of(RunInfo info, boolean isNew) {
    return new MlflowRun(info.getRunId(), info.getArtifactUri(), isNew);
  }

  private static boolean isOurs(Run run, String id) {
    return !DELETED.equals(run.getInfo().getLifecycleStage())
        && run.getData().getTagsList().stream()
            .anyMatch(tag -> tag.getKey().equals(TAG) && tag.getValue().equals(id));
  }

  private static String experiment(MlflowCalls calls, String name) throws IOException {
    Optional<Experiment> there = calls.call(client -> client.getExperimentByName(name));
    if (there.isPresent()) {
      return there.get().getExperimentId();
    }

    try {
      return calls.call(client -> client.createExperiment(name));
    } catch (RefusedException e) { // another run was faster
      return calls
          .call(client -> client.getExperimentByName(name))
          .orElseThrow(() -> e)
          .getExperimentId();
    }
  }

  private static CreateRun request(String experimentId, String id, TrackedRun run) {
    Map<String, String> tags = new TreeMap<>(run.tags());
    tags.put(TAG, id);
    tags.put("mlflow.source.name", "instructvideo train");
    tags.put("mlflow.source.type", "JOB");
    tags.put("mlflow.user", System.getProperty("user.name"));
    tags.put("mlflow.note.content", "Run directory: " + run.out());
    List<RunTag> list = new ArrayList<>();
    tags.forEach(
        (key, value) ->
            list.add(
                RunTag.newBuilder()
                    .setKey(MlflowTracker.name(key))
                    .setValue(MlflowTracker.cut(value, MAX_TAG))
                    .build()));
    return CreateRun.newBuilder()
        .setExperimentId(experimentId)
        .setStartTime(System.currentTimeMillis())
        .setRunName(run.name())
        .addAllTags(list)
        .build();
  }
}
