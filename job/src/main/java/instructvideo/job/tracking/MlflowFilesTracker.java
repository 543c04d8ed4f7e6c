package instructvideo.job.tracking;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;

/**
 * Artifacts of a run on an MLflow tracking server: run.json, videos and adapters. A tracker of its
 * own, so that a store that fails holds up no metrics.
 */
final class MlflowFilesTracker implements RunTracker {

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private final MlflowTracker run;
  private final MlflowServer server;
  private final MlflowArtifacts artifacts;

  /**
   * For a run.
   *
   * @param run finds or makes it on the server
   */
  MlflowFilesTracker(MlflowTracker run, MlflowServer server) {
    this.run = run;
    this.server = server;
    artifacts = new MlflowArtifacts(server);
  }

  @Override
  public String name() {
    return "MLflow's artifacts at " + server;
  }

  @Override
  public void begin(
      TrackedRun tracked,
      int round,
      long time,
      SortedMap<Integer, SortedMap<String, Double>> earlier)
      throws IOException {
    put("run.json", bytes(tracked.record()));
  }

  /** Numbers are for {@link MlflowTracker}. */
  @Override
  public void round(int round, long time, SortedMap<String, Double> values) {}

  @Override
  public void look(int round, long time, SortedMap<String, Double> values, List<SampleVideo> videos)
      throws IOException {
    String folder = "videos/round-%05d/".formatted(round);
    SortedMap<String, String> prompts = new TreeMap<>();
    for (SampleVideo video : videos) {
      String file = video.name().replaceAll("[^A-Za-z0-9._-]+", "-");
      put(folder + file + ".mp4", video.mp4());
      put(folder + file + ".gif", video.gif());
      prompts.put(file, video.prompt());
    }

    if (!prompts.isEmpty()) {
      put(folder + "prompts.json", bytes(GSON.toJson(prompts)));
    }
  }

  @Override
  public void adapter(String name, SortedMap<String, byte[]> files) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      put(name + "/" + file.getKey(), file.getValue());
    }
  }

  /** For {@link MlflowTracker}. */
  @Override
  public void end(int round, long time, RunStatus status) {}

  @Override
  public void close() {}

  private void put(String path, byte[] bytes) throws IOException {
    try {
      artifacts.put(run.connected().get().artifacts(), path, bytes);
    } catch (CancellationException | ExecutionException e) {
      throw new RefusedException("there is no run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
