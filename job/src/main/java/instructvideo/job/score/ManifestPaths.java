package instructvideo.job.score;

import instructvideo.error.Secrets;
import instructvideo.job.ListedVideos;
import instructvideo.spark.HadoopFiles;
import java.io.Serializable;
import org.apache.hadoop.fs.Path;

/**
 * The paths that a manifest names: absolute ones and URIs as they are, others from the folder of
 * the manifest on.
 *
 * @param folder of the manifest
 * @param allowed what it may name
 */
record ManifestPaths(String folder, ListedVideos allowed) implements Serializable {

  /**
   * Those of a manifest.
   *
   * @param allowLocal whether a remote manifest may name local files
   */
  static ManifestPaths of(String manifest, boolean allowLocal) {
    boolean isLocal = HadoopFiles.isLocal(manifest);
    Path path =
        new Path(isLocal ? HadoopFiles.local(manifest).toAbsolutePath().toString() : manifest);
    return new ManifestPaths(path.getParent().toString(), ListedVideos.of(manifest, allowLocal));
  }

  /** Where the bytes are; null of what is not followed, so that nothing beside it is read. */
  String resolve(String video) {
    return problem(video) == null ? place(video) : null;
  }

  /** What the table calls a video: as the manifest does, but for credentials. */
  static String shown(String video) {
    return Secrets.isIn(video) ? Secrets.strip(video) + " (without its credentials)" : video;
  }

  /** Why a path is not followed, null if it is. */
  String problem(String video) {
    if (video == null) {
      return "no video in its row of the manifest";
    }

    if (video.chars().anyMatch(Character::isISOControl)) {
      return "a control character in its path";
    }

    if (Secrets.isIn(video)) {
      return "credentials in its URI; give them as settings of Spark";
    }

    String refused = allowed.problem(place(video));
    return refused == null
        ? null
        : refused + ", which a manifest elsewhere may name with --allow-local-videos only";
  }

  private String place(String video) {
    boolean absolute =
        video.startsWith("/") || video.startsWith("file:") || !HadoopFiles.isLocal(video);
    return absolute ? video : folder + "/" + video;
  }
}
