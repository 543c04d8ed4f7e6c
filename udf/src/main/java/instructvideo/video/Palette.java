package instructvideo.video;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * 256 colours for some pictures, by median cut (Heckbert, "Color image quantization for frame
 * buffer display", SIGGRAPH 1982) of their colours at 5 bits a channel.
 */
final class Palette {

  private static final int SIZE = 256;
  private static final int BITS = 5;
  private static final int LEVELS = 1 << BITS;

  private final int[] colors; // 0xffRRGGBB
  private final byte[] nearest = new byte[LEVELS * LEVELS * LEVELS];

  private Palette(int[] colors) {
    this.colors = colors;
    for (int cell = 0; cell < nearest.length; cell++) {
      nearest[cell] = (byte) nearestTo(cell);
    }
  }

  static Palette of(List<RgbFrame> frames) {
    long[] counts = new long[LEVELS * LEVELS * LEVELS];
    for (RgbFrame frame : frames) {
      for (int i = 0; i < frame.pixels().length; i += 3) {
        counts[cell(frame.pixels(), i)]++;
      }
    }

    List<int[]> boxes = new ArrayList<>(); // each the cells of one colour
    boxes.add(cells(counts));
    while (boxes.size() < SIZE) {
      int[] widest = boxes.stream().max(Comparator.comparingLong(b -> weight(b, counts))).get();
      if (widest.length < 2) {
        break;
      }

      boxes.remove(widest);
      boxes.addAll(split(widest, counts));
    }

    return new Palette(boxes.stream().mapToInt(box -> mean(box, counts)).toArray());
  }

  int size() {
    return colors.length;
  }

  /** As 0xffRRGGBB. */
  int color(int index) {
    return colors[index];
  }

  /** The index of the colour of the pixel that starts at a byte. */
  byte index(byte[] pixels, int at) {
    return nearest[cell(pixels, at)];
  }

  private static int[] cells(long[] counts) {
    int used = 0;
    int[] cells = new int[counts.length];
    for (int cell = 0; cell < counts.length; cell++) {
      if (counts[cell] > 0) {
        cells[used++] = cell;
      }
    }

    return Arrays.copyOf(cells, used);
  }

  /** Pixels times the square of the extent: what splitting may gain. 0 for a single cell. */
  private static long weight(int[] box, long[] counts) {
    long pixels = Arrays.stream(box).mapToLong(cell -> counts[cell]).sum();
    long extent = extent(box, longestChannel(box));
    return pixels * extent * extent;
  }

  private static List<int[]> split(int[] box, long[] counts) {
    int channel = longestChannel(box);
    int[] sorted =
        Arrays.stream(box)
            .boxed()
            .sorted(Comparator.comparingInt((Integer c) -> level(c, channel)).thenComparing(c -> c))
            .mapToInt(c -> c)
            .toArray();
    long half = Arrays.stream(box).mapToLong(cell -> counts[cell]).sum() / 2;
    int cut = 0;
    for (long seen = 0; cut < sorted.length - 1 && seen <= half; cut++) {
      seen += counts[sorted[cut]];
    }

    cut = Math.max(1, cut);
    return List.of(Arrays.copyOf(sorted, cut), Arrays.copyOfRange(sorted, cut, sorted.length));
  }

  private static int longestChannel(int[] box) {
    int longest = 0;
    for (int channel = 1; channel < 3; channel++) {
      if (extent(box, channel) > extent(box, longest)) {
        longest = channel;
      }
    }

    return longest;
  }

  private static int extent(int[] box, int channel) {
    int low = LEVELS;
    int high = 0;
    for (int cell : box) {
      low = Math.min(low, level(cell, channel));
      high = Math.max(high, level(cell, channel));
    }

    return high - low;
  }

  private static int mean(int[] box, long[] counts) {
    int color = 0xff;
    for (int channel = 0; channel < 3; channel++) {
      long sum = 0;
      long pixels = 0;
      for (int cell : box) {
        sum += counts[cell] * middle(level(cell, channel));
        pixels += counts[cell];
      }

      color = (color << 8) | (int) (sum / pixels);
    }

    return color;
  }

  private int nearestTo(int cell) {
    int best = 0;
    int bestDistance = Integer.MAX_VALUE;
    for (int i = 0; i < colors.length; i++) {
      int distance = 0;
      for (int channel = 0; channel < 3; channel++) {
        int value = (colors[i] >> (16 - 8 * channel)) & 0xff;
        int difference = value - middle(level(cell, channel));
        distance += difference * difference;
      }

      if (distance < bestDistance) {
        best = i;
        bestDistance = distance;
      }
    }

    return best;
  }

  private static int cell(byte[] pixels, int at) {
    int shift = 8 - BITS;
    int red = (pixels[at] & 0xff) >> shift;
    int green = (pixels[at + 1] & 0xff) >> shift;
    int blue = (pixels[at + 2] & 0xff) >> shift;
    return (red * LEVELS + green) * LEVELS + blue;
  }

  private static int level(int cell, int channel) {
    return (cell >> (BITS * (2 - channel))) & (LEVELS - 1);
  }

  /** The 8-bit value in the middle of a level, with both ends of the range kept. */
  private static int middle(int level) {
    return level * 255 / (LEVELS - 1);
  }
}
