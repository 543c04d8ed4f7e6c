package instructvideo.job.score;

import instructvideo.error.InvalidInputException;
import instructvideo.job.Storage;
import instructvideo.job.prepare.PromptFiles;
import instructvideo.prompt.Prompt;
import instructvideo.prompt.VideoIndex;
import instructvideo.prompt.VideoIndex.Match;
import instructvideo.spark.ContentId;
import instructvideo.spark.PlanTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The files of a folder, of all folders below it, or of a glob. */
final class FolderItems {

  /** Files that go with videos but are none. */
  private static final Set<String> PASSED_OVER =
      Set.of(
          "txt", "csv", "tsv", "json", "jsonl", "ndjson", "parquet", "md", "html", "xml", "yaml",
          "yml", "srt", "vtt", "log", "crc", "md5", "sha256");

  private static final StructType SCHEMA =
      PlanTable.ITEMS
          .add(VideoItems.SIDECAR, DataTypes.StringType)
          .add(VideoItems.ORDER, DataTypes.LongType);

  private final String uri;
  private final SortedMap<String, FileStatus> files = new TreeMap<>(); // by the name in the table
  private final SortedMap<String, String> texts = new TreeMap<>(); // URI by the name without .txt
  private final SortedMap<String, Integer> passedOver = new TreeMap<>(); // by extension
  private final List<Row> rows = new ArrayList<>();

  private FolderItems(String uri) {
    this.uri = uri;
  }

  /**
   * Lists the files.
   *
   * @param prompts URI of a list of their prompts, "" for none
   */
  static VideoItems read(SparkSession spark, String uri, String prompts) throws IOException {
    FolderItems items = new FolderItems(uri);
    items.list();
    if (prompts.isEmpty()) {
      items.files.keySet().forEach(name -> items.add(name, null));
    } else {
      items.match(PromptFiles.read(prompts, spark).prompts(), prompts);
    }

    boolean isPartitioned = items.files.keySet().stream().anyMatch(name -> day(name) != null);
    return new VideoItems(
        spark.createDataFrame(items.rows, SCHEMA),
        new StructType(),
        isPartitioned,
        items.notices(),
        UnaryOperator.identity());
  }

  private List<String> notices() {
    String extensions =
        passedOver.entrySet().stream()
            .map(entry -> entry.getValue() + " ." + entry.getKey())
            .collect(Collectors.joining(", "));
    return passedOver.isEmpty() ? List.of() : List.of("passed over in " + uri + ": " + extensions);
  }

  private void list() throws IOException {
    FileSystem system = Storage.fileSystem(new Path(uri));
    List<FileStatus> found = Storage.glob(uri);
    if (found.isEmpty()) {
      throw InvalidInputException.of("Cannot read %s: no such file or directory", uri);
    }

    for (FileStatus status : found) {
      if (status.isFile()) {
        take(status);
      } else {
        RemoteIterator<LocatedFileStatus> entries = system.listFiles(status.getPath(), true);
        while (entries.hasNext()) {
          takeListed(entries.next(), status.getPath());
        }
      }
    }

    if (files.isEmpty()) {
      throw InvalidInputException.of("Cannot score %s: there are no videos in it", uri);
    }
  }

  /** Hidden files and folders are those of Hadoop's tools and of file managers. */
  private void takeListed(FileStatus status, Path folder) {
    String start = folder.toUri().getPath();
    String inside = status.getPath().toUri().getPath().substring(start.length());
    boolean hidden =
        List.of(inside.split("/", -1)).stream()
            .anyMatch(part -> part.startsWith(".") || part.startsWith("_"));
    if (!hidden) {
      take(status);
    }
  }

  private void take(FileStatus status) {
    String name = name(status.getPath());
    String extension = extension(name);
    if (!PASSED_OVER.contains(extension)) {
      files.put(name, status);
      return;
    }

    passedOver.merge(extension, 1, Integer::sum);
    if (extension.equals("txt")) {
      texts.put(stem(name), status.getPath().toString());
    }
  }

  /** As people write it: the path of a local file, else the URI. */
  private static String name(Path path) {
    return "file".equals(path.toUri().getScheme()) ? path.toUri().getPath() : path.toString();
  }

  private static String extension(String name) {
    int dot = name.lastIndexOf('.');
    return dot > name.lastIndexOf('/') ? name.substring(dot + 1).toLowerCase(Locale.ROOT) : "";
  }

  private static String stem(String name) {
    int dot = name.lastIndexOf('.');
    return dot > name.lastIndexOf('/') ? name.substring(0, dot) : name;
  }

  /** The value of a folder dt=VALUE, or null. */
  private static String day(String name) {
    for (String part : name.split("/", -1)) {
      if (part.startsWith(ScoreTable.PARTITION + "=")) {
        return part.substring(ScoreTable.PARTITION.length() + 1);
      }
    }

    return null;
  }

  /** Prompts of a list to the files that they name; if they name none, each to every file. */
  private void match(List<Prompt> prompts, String list) {
    if (prompts.stream().allMatch(prompt -> prompt.video() == null)) {
      files.keySet().forEach(name -> prompts.forEach(prompt -> add(name, prompt.text())));
      return;
    }

    Map<String, String> names = new HashMap<>(); // by the path in the folder
    files.keySet().forEach(name -> names.put(inFolder(name), name));
    VideoIndex index = new VideoIndex(names.keySet());
    Map<String, List<String>> found = new HashMap<>();
    for (Prompt prompt : prompts) {
      Match match = index.find(prompt);
      if (match.path() != null) {
        found.computeIfAbsent(names.get(match.path()), n -> new ArrayList<>()).add(prompt.text());
      } else if (prompt.video() != null) {
        addMissing(prompt, match, list);
      }
    }

    for (String name : files.keySet()) {
      List<String> texts = found.get(name);
      if (texts == null) {
        add(name, null);
      } else {
        texts.forEach(text -> add(name, text));
      }
    }
  }

  private String inFolder(String name) {
    String root = name(new Path(uri));
    return name.startsWith(root + "/") ? name.substring(root.length() + 1) : name;
  }

  private void addMissing(Prompt prompt, Match match, String list) {
    String problem =
        match.isAmbiguous()
            ? "several videos fit: " + String.join(", ", match.candidates())
            : "no such file in " + uri + ", which " + list + " names";
    addRow(prompt.video(), prompt.text(), null, null, problem, null);
  }

  private void add(String name, String prompt) {
    FileStatus status = files.get(name);
    String sidecar = prompt == null ? texts.get(stem(name)) : null;
    addRow(name, prompt, status.getPath().toString(), ContentId.ofListing(status), null, sidecar);
  }

  private void addRow(
      String name, String prompt, String file, String contentId, String problem, String sidecar) {
    rows.add(
        RowFactory.create(
            name, prompt, file, contentId, problem, day(name), sidecar, (long) rows.size()));
  }
}
