package instructvideo.train;

import instructvideo.lora.LoraAdapter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The gradients of a round's steps, one step after the other.
 *
 * @param samples what the method made of the worker's samples
 * @param round from 1 on
 */
record RoundGradients<S>(
    TrainMethod<S> method,
    TrainStep trainStep,
    LoraAdapter adapter,
    RoundsConfig rounds,
    Iterator<S> samples,
    int round) {

  /** Begins a round with the weights that the adapter has. */
  static <S> RoundGradients<S> begin(
      TrainMethod<S> method,
      TrainStep trainStep,
      LoraAdapter adapter,
      RoundsConfig rounds,
      Iterator<TrainingSample> samples,
      int round) {
    return new RoundGradients<>(
        method, trainStep, adapter, rounds, method.begin(samples, round), round);
  }

  /** Of the next samples: the mean over those that are finite. */
  StepGradients next() {
    List<List<S>> passes = new ArrayList<>();
    for (int i = 0; i < rounds.accumulate(); i++) {
      passes.add(trainStep.clock().time(Phase.READ, () -> take(rounds.batch())));
    }

    StepGradients all = collect(passes);
    if (all.metrics().samples() == 0 || Double.isFinite(all.norm())) {
      return all;
    }

    // A gradient overflowed though every loss is a number: find out whose, one video at a time.
    all.close();
    List<List<S>> finite = new ArrayList<>();
    int skipped = all.metrics().skipped();
    for (List<S> pass : passes) {
      for (S sample : pass) {
        try (StepGradients alone = collect(List.of(List.of(sample)))) {
          boolean counts = alone.metrics().samples() == 1 && Double.isFinite(alone.norm());
          if (counts) {
            finite.add(List.of(sample));
          } else {
            skipped += alone.metrics().samples();
          }
        }
      }
    }

    return collect(finite).withSkipped(skipped);
  }

  private StepGradients collect(List<List<S>> passes) {
    int numVideos = passes.stream().mapToInt(List::size).sum();
    adapter.watch();
    StepGradients.Sums sums = new StepGradients.Sums();
    for (List<S> pass : passes) {
      method.accumulate(pass, round, numVideos, sums);
    }

    return sums.mean(trainStep.gradients(adapter), numVideos);
  }

  private List<S> take(int count) {
    List<S> taken = new ArrayList<>(count);
    while (taken.size() < count) {
      taken.add(samples.next());
    }

    return taken;
  }
}
