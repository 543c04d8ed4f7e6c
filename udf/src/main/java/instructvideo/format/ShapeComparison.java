package instructvideo.format;

import instructvideo.error.InvalidInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What a checkpoint has against what its config asks for.
 *
 * @param missing names that it should have
 * @param unexpected names that it should not have
 * @param misshapen tensors of another shape, with both shapes
 */
record ShapeComparison(List<String> missing, List<String> unexpected, List<String> misshapen) {

  /** Names that a message lists of each kind. */
  private static final int LISTED = 10;

  /**
   * Compares names and shapes.
   *
   * @param harmless names that may be there or not
   */
  static ShapeComparison of(
      Map<String, long[]> expected, Map<String, long[]> actual, Predicate<String> harmless) {
    List<String> missing = new ArrayList<>();
    List<String> misshapen = new ArrayList<>();
    List<String> unexpected = new ArrayList<>();
    for (String name : new TreeSet<>(expected.keySet())) {
      long[] shape = actual.get(name);
      if (shape == null) {
        missing.add(name);
      } else if (!Arrays.equals(shape, expected.get(name))) {
        misshapen.add(
            "%s is %s, not %s"
                .formatted(name, Arrays.toString(shape), Arrays.toString(expected.get(name))));
      }
    }

    for (String name : new TreeSet<>(actual.keySet())) {
      if (!expected.containsKey(name) && !harmless.test(name)) {
        unexpected.add(name);
      }
    }

    return new ShapeComparison(missing, unexpected, misshapen);
  }

  /** Throws an {@link InvalidInputException} that lists the differences if there are any. */
  void check(String model, Path file) {
    List<String> parts = new ArrayList<>();
    describe(parts, missing, "missing");
    describe(parts, unexpected, "not known");
    describe(parts, misshapen, "of another shape");
    if (!parts.isEmpty()) {
      throw InvalidInputException.of(
          "Cannot load %s: its tensors are not those of the %s in its config: %s",
          file, model, String.join("; ", parts));
    }
  }

  private static void describe(List<String> parts, List<String> names, String what) {
    if (!names.isEmpty()) {
      String list = String.join(", ", names.subList(0, Math.min(LISTED, names.size())));
      String more = names.size() > LISTED ? ", ..." : "";
      parts.add("%d %s (%s%s)".formatted(names.size(), what, list, more));
    }
  }
}
