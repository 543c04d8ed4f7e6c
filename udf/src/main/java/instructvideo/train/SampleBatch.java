package instructvideo.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import instructvideo.random.CounterRandom;
import instructvideo.random.CounterRandom.Purpose;
import instructvideo.reward.SegmentSampler;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.Function;

/**
 * Makes the tensors of a step from values of the table, with the noise and the frames that are
 * drawn for them.
 *
 * @param seed of the run
 * @param offsetNoise strength of the temporal offset noise
 * @param negativeEmbeds of the negative prompt, (n, d), row-major
 * @param tokens n, of every prompt
 */
record SampleBatch(
    long seed, double offsetNoise, SegmentSampler segments, float[] negativeEmbeds, int tokens) {

  /** The tensors of some videos in a round, in the given manager. */
  Sample of(NDManager manager, List<TrainingSample> videos, int round) {
    return of(manager, videos, round, video -> noise(video, round));
  }

  /** The same with pure noise, which a full chain begins with. */
  Sample fromNoise(NDManager manager, List<TrainingSample> videos, int round) {
    return of(
        manager,
        videos,
        round,
        video -> random(video, round, Purpose.INITIAL_NOISE).gaussians(video.latents().length));
  }

  private Sample of(
      NDManager manager,
      List<TrainingSample> videos,
      int round,
      Function<TrainingSample, float[]> noise) {
    long[] s = videos.get(0).latentsShape(); // 4, f, h, w
    Shape latents = new Shape(videos.size(), s[0], s[1], s[2], s[3]);
    Shape features = new Shape(videos.size(), videos.get(0).textFeatures().length);
    int[][] indices =
        videos.stream()
            .map(v -> segments.draw(random(v, round, Purpose.FRAME_INDICES), (int) s[1]))
            .toArray(int[][]::new);
    return new Sample(
        stack(manager, latents, videos, TrainingSample::latents),
        stack(manager, latents, videos, noise),
        promptEmbeds(manager, videos),
        stack(manager, features, videos, TrainingSample::textFeatures),
        indices);
  }

  /** randn(4, f, h, w) + strength * randn(4, f, 1, 1). */
  float[] noise(TrainingSample video, int round) {
    long[] s = video.latentsShape();
    float[] noise = random(video, round, Purpose.NOISE).gaussians(video.latents().length);
    float[] offsets =
        random(video, round, Purpose.OFFSET_NOISE).gaussians(Math.toIntExact(s[0] * s[1]));
    int pixels = Math.toIntExact(s[2] * s[3]);
    for (int i = 0; i < noise.length; i++) {
      noise[i] += (float) (offsetNoise * offsets[i / pixels]);
    }

    return noise;
  }

  /** Of the prompts, then as many times the negative prompt's: (2b, n, d). */
  NDArray promptEmbeds(NDManager manager, List<TrainingSample> videos) {
    int size = negativeEmbeds.length;
    FloatBuffer values = FloatBuffer.allocate(2 * videos.size() * size);
    videos.forEach(video -> values.put(video.promptEmbeds()));
    videos.forEach(video -> values.put(negativeEmbeds));
    return manager.create(
        values.flip(), new Shape(2L * videos.size(), tokens, (long) size / tokens));
  }

  /** Values of the shape of a video's latents, (1, 4, f, h, w). */
  NDArray latents(NDManager manager, TrainingSample video, float[] values) {
    return manager.create(
        FloatBuffer.wrap(values), new Shape(1).addAll(new Shape(video.latentsShape())));
  }

  private static NDArray stack(
      NDManager manager,
      Shape shape,
      List<TrainingSample> videos,
      Function<TrainingSample, float[]> values) {
    FloatBuffer buffer = FloatBuffer.allocate(Math.toIntExact(shape.size()));
    videos.forEach(video -> buffer.put(values.apply(video)));
    return manager.create(buffer.flip(), shape);
  }

  /** The generator of a video in a round. */
  CounterRandom random(TrainingSample video, int round, Purpose purpose) {
    return CounterRandom.of(seed, round, video.id(), video.epoch(), purpose);
  }
}
