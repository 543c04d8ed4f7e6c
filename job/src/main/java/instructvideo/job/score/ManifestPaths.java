package instructvideo.job.score;

import instructvideo.spark.HadoopFiles;
import java.io.Serializable;
import org.apache.hadoop.fs.Path;

/**
 * The paths that a manifest names: absolute ones and URIs as they are, others from the folder of
 * the manifest on.
 *
 * @param folder of the manifest
 * @param refusesLocal whether files of the executors' hosts are out of bounds
 */
record ManifestPaths(String folder, boolean refusesLocal) implements Serializable {

  /**
   * Those of a manifest.
   *
   * @param allowLocal whether a remote manifest may name local files
   */
  static ManifestPaths of(String manifest, boolean allowLocal) {
    boolean isLocal = HadoopFiles.isLocal(manifest);
    Path path =
        new Path(isLocal ? HadoopFiles.local(manifest).toAbsolutePath().toString() : manifest);
    return new ManifestPaths(path.getParent().toString(), !isLocal && !allowLocal);
  }

  /** Where the bytes are, null of null. */
  String resolve(String video) {
    return video == null || isAbsolute(video) ? video : folder + "/" + video;
  }

  /** Why a path is not followed, null if it is. */
  String problem(String video) {
    if (video == null) {
      return "no video in its row of the manifest";
    }

    if (video.chars().anyMatch(Character::isISOControl)) {
      return "a control character in its path";
    }

    return refusesLocal && isAbsolute(video) && HadoopFiles.isLocal(video)
        ? "a local file, which a manifest elsewhere may name with --allow-local-videos only"
        : null;
  }

  private static boolean isAbsolute(String video) {
    return video.startsWith("/") || video.startsWith("file:") || !HadoopFiles.isLocal(video);
  }
}
