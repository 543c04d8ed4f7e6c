package instructvideo.job;

import instructvideo.spark.HadoopFiles;
import java.io.Serializable;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.apache.hadoop.fs.Path;

/**
 * What a list of videos may name. One on this machine is the user's own; who can write to a remote
 * store must not reach files, services or clusters that only this job can: such a list may name
 * what lies in its own store, and in buckets of object stores, which ask for credentials.
 *
 * @param list URI of the list
 * @param mayNameAll whether the list is local, or the user allows it
 */
public record ListedVideos(String list, boolean mayNameAll) implements Serializable {

  private static final Set<String> OBJECT_STORES =
      Set.of("s3", "s3a", "s3n", "gs", "abfs", "abfss", "wasb", "wasbs", "oss", "cosn", "obs");

  /**
   * Those of a list.
   *
   * @param allowLocal whether the user said --allow-local-videos
   */
  public static ListedVideos of(String list, boolean allowLocal) {
    return new ListedVideos(list, allowLocal || HadoopFiles.isLocal(list));
  }

  /**
   * What a video is that the list may not name; null if it may.
   *
   * @param video absolute path or URI
   */
  public String problem(String video) {
    if (mayNameAll) {
      return null;
    }

    URI uri;
    try {
      uri = new Path(video).toUri();
    } catch (IllegalArgumentException e) {
      return "no URI";
    }

    if (video.contains("\\") || List.of(video.split("/", -1)).contains("..")) {
      return "a path with .. or \\";
    }

    return isReachable(uri) ? null : kind(uri);
  }

  private boolean isReachable(URI uri) {
    String scheme = scheme(uri);
    if (OBJECT_STORES.contains(scheme)) {
      return uri.getAuthority() != null;
    }

    URI own = new Path(list).toUri();
    return scheme.equals(scheme(own)) && Objects.equals(uri.getAuthority(), own.getAuthority());
  }

  /** Hadoop takes FILE: for file: where it has opened that before. */
  private static String scheme(URI uri) {
    return uri.getScheme() == null ? "file" : uri.getScheme().toLowerCase(Locale.ROOT);
  }

  private static String kind(URI uri) {
    String scheme = scheme(uri);
    if (OBJECT_STORES.contains(scheme)) {
      return "a URI without a bucket";
    }

    return scheme.equals("file") ? "a file of this machine" : "a file of another store";
  }
}
