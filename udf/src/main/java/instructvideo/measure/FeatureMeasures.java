package instructvideo.measure;

import java.util.List;

/** The measures of image features, which are of length one. */
public final class FeatureMeasures {

  private FeatureMeasures() {}

  /** {@link Measure#CONSISTENCY} of a video's frames in their order; null of a single one. */
  public static Double consistency(List<float[]> features) {
    if (features.size() < 2) {
      return null;
    }

    double sum = 0;
    for (int i = 1; i < features.size(); i++) {
      sum += dot(features.get(i - 1), features.get(i));
    }

    return sum / (features.size() - 1);
  }

  /** The feature of a video: the mean of its frames' features, of length one again. */
  public static float[] mean(List<float[]> features) {
    double[] sum = new double[features.get(0).length];
    for (float[] feature : features) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += feature[i];
      }
    }

    double squares = 0;
    for (double value : sum) {
      squares += value * value;
    }

    double length = Math.sqrt(squares);
    float[] mean = new float[sum.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (length == 0 ? 0 : sum[i] / length);
    }

    return mean;
  }

  /** {@link Measure#DIVERSITY} of a prompt's videos by their {@link #mean}s; null of one. */
  public static Double diversity(List<float[]> means) {
    if (means.size() < 2) {
      return null;
    }

    double sum = 0;
    int pairs = 0;
    for (int i = 0; i < means.size(); i++) {
      for (int j = i + 1; j < means.size(); j++) {
        sum += 1 - dot(means.get(i), means.get(j));
        pairs++;
      }
    }

    return sum / pairs;
  }

  private static double dot(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (double) one[i] * other[i];
    }

    return sum;
  }
}
