package instructvideo.job.tracking;

import instructvideo.job.Storage;
import instructvideo.spark.AtomicFile;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/**
 * Event files below OUT/tensorboard. Each is written once and whole, since stores such as S3 cannot
 * append: one for each round, look, beginning and end. TensorBoard reads them in the order of their
 * names and never looks back, so names sort as they are written; a round that is run again replaces
 * its own file.
 */
final class TensorBoardTracker implements RunTracker {

  private static final Pattern NAME = Pattern.compile("events\\.out\\.tfevents\\.(\\d{10})\\.(.*)");
  private static final String BEGIN = "0-begin";
  private static final String ROUND = "1-round";
  private static final String LOOK = "2-look";
  private static final String END = "3-end";

  private final String folder;
  private final String staging;

  /**
   * For a run.
   *
   * @param out its directory; a URI
   */
  TensorBoardTracker(String out) {
    folder = out + "/tensorboard";
    staging = out + "/.tensorboard"; // TensorBoard reads folders below its own, and hidden files
  }

  @Override
  public String name() {
    return "TensorBoard's files in " + folder;
  }

  @Override
  public void begin(
      TrackedRun run, int round, long time, SortedMap<Integer, SortedMap<String, Double>> earlier)
      throws IOException {
    List<String> there = Storage.list(new Path(folder));
    for (String name : there) {
      Matcher matcher = NAME.matcher(name);
      if (matcher.matches()
          && (Integer.parseInt(matcher.group(1)) > round || matcher.group(2).equals(END))) {
        Path path = new Path(folder, name);
        Storage.fileSystem(path).delete(path, false);
      }
    }

    EventFile begin = new EventFile(time, 0);
    begin.text("run/parameters", table(run.parameters())).text("run/about", table(run.tags()));
    write(0, BEGIN, begin.hparams(run.parameters()));
    for (Map.Entry<Integer, SortedMap<String, Double>> missed : earlier.entrySet()) {
      if (!there.contains(file(missed.getKey(), ROUND))) {
        round(missed.getKey(), time, missed.getValue());
      }
    }
  }

  @Override
  public void round(int round, long time, SortedMap<String, Double> values) throws IOException {
    write(round, ROUND, new EventFile(time, round).scalars(values));
  }

  @Override
  public void look(int round, long time, SortedMap<String, Double> values, List<SampleVideo> videos)
      throws IOException {
    EventFile file = new EventFile(time, round).scalars(values);
    for (SampleVideo video : videos) {
      file.gif("videos/" + video.name(), escaped(video.prompt()), video.gif());
    }

    write(round, LOOK, file);
  }

  /** TensorBoard has no place for it. */
  @Override
  public void adapter(String name, SortedMap<String, byte[]> files) {}

  @Override
  public void end(int round, long time, RunStatus status) throws IOException {
    write(round, END, new EventFile(time, round).end(status == RunStatus.FINISHED));
  }

  @Override
  public void close() {}

  private static String file(int round, String kind) {
    return "events.out.tfevents.%010d.%s".formatted(round, kind);
  }

  private void write(int round, String kind, EventFile file) throws IOException {
    AtomicFile.publish(file.bytes(), folder + "/" + file(round, kind), staging);
  }

  private static String table(Map<String, String> values) {
    StringBuilder text = new StringBuilder("| key | value |\n|---|---|\n");
    values.forEach(
        (key, value) -> text.append("| %s | %s |\n".formatted(escaped(key), escaped(value))));
    return text.toString();
  }

  /** For Markdown. */
  private static String escaped(String text) {
    return text.replaceAll("[\\\\`*_{}\\[\\]<>#|~]", "\\\\$0").replaceAll("\\s*\\n\\s*", " ");
  }
}
