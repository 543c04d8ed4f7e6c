package instructvideo.prompt;

import instructvideo.prompt.Prompt.Origin;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The files of a directory of videos, found by what lists say of them. */
public final class VideoIndex {

  private final TreeSet<String> paths;
  private final Map<String, List<String>> byName = new HashMap<>();
  private final Map<String, List<String>> byStem = new HashMap<>();
  private final Map<String, List<String>> byToken = new HashMap<>();

  /** Indexes paths relative to the directory, with "/" between their parts. */
  public VideoIndex(Collection<String> relativePaths) {
    paths = new TreeSet<>(relativePaths);
    for (String path : paths) {
      String stem = stem(path);
      add(byName, name(path), path);
      add(byStem, stem, path);
      for (String token : stem.split("_", -1)) {
        add(byToken, token, path);
      }
    }
  }

  /**
   * A search's end.
   *
   * @param path the one file, or null
   * @param candidates that tell why there is none: more than one file fits
   */
  public record Match(String path, List<String> candidates) {

    /** Whether several files fit equally well. */
    public boolean isAmbiguous() {
      return candidates.size() > 1;
    }
  }

  /**
   * The file of a prompt. A column "video" names a path, or a name that is there once. Otherwise
   * the first of these that some file fulfils: the path itself; its last part; its stem, or the
   * prompt's id, as a file's stem; its stem as whole words of a file's stem, words being what
   * stands between "_".
   */
  public Match find(Prompt prompt) {
    String path = prompt.video();
    if (path != null && paths.contains(path)) {
      return new Match(path, List.of());
    }

    if (prompt.origin() == Origin.COLUMN) {
      return path.contains("/") ? one(List.of()) : one(byName.get(path));
    }

    List<String> fits = path == null ? null : byName.get(name(path));
    fits = fits == null && path != null ? byStem.get(stem(path)) : fits;
    fits = fits == null ? byStem.get(prompt.id()) : fits;
    fits = fits == null && path != null ? withWords(stem(path)) : fits;
    return one(fits);
  }

  private List<String> withWords(String stem) {
    String words = "_" + stem + "_";
    return byToken.getOrDefault(stem.split("_", -1)[0], List.of()).stream()
        .filter(path -> ("_" + stem(path) + "_").contains(words))
        .toList();
  }

  private static Match one(List<String> fits) {
    if (fits == null || fits.isEmpty()) {
      return new Match(null, List.of());
    }

    return fits.size() == 1 ? new Match(fits.get(0), List.of()) : new Match(null, fits);
  }

  private static void add(Map<String, List<String>> map, String key, String path) {
    List<String> list = map.computeIfAbsent(key, k -> new ArrayList<>());
    if (list.isEmpty() || !list.get(list.size() - 1).equals(path)) { // one path comes at a time
      list.add(path);
    }
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static String stem(String path) {
    String name = name(path);
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }
}
