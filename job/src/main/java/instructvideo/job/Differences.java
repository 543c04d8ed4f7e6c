package instructvideo.job;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** What an interrupted piece of work and its continuation do not have in common. */
public final class Differences {

  private static final int LONG = 60;

  private Differences() {}

  /** Each key whose values differ, as "KEY was VALUE, is VALUE". */
  public static List<String> of(SortedMap<String, String> started, SortedMap<String, String> now) {
    List<String> found = new ArrayList<>();
    SortedSet<String> keys = new TreeSet<>(started.keySet());
    keys.addAll(now.keySet());
    for (String key : keys) {
      String before = started.getOrDefault(key, "not set");
      String after = now.getOrDefault(key, "not set");
      if (!before.equals(after)) {
        found.add("%s was %s, is %s".formatted(key, shorten(before), shorten(after)));
      }
    }

    return found;
  }

  private static String shorten(String value) {
    return value.length() > LONG ? value.substring(0, 12) + "..." : value;
  }
}
