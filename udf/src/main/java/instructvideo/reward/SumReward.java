package instructvideo.reward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import instructvideo.nn.BlockRunner;
import instructvideo.nn.Functional;
import java.util.List;

/** A weighted sum of rewards; the text features of its terms stand one after the other. */
public record SumReward(List<Term> terms) implements FrameReward {

  /** A reward and its factor. */
  public record Term(double factor, FrameReward reward) {}

  @Override
  public NDArray score(NDArray frames, NDArray textFeatures, BlockRunner runner) {
    NDArray sum = null;
    int begin = 0;
    for (Term term : terms) {
      int end = begin + term.reward.textWidth();
      NDArray text =
          begin == end ? textFeatures : textFeatures.get(new NDIndex(":, " + begin + ":" + end));
      NDArray score = Functional.scale(term.reward.score(frames, text, runner), term.factor);
      sum = sum == null ? score : sum.add(score);
      begin = end;
    }

    return sum;
  }

  @Override
  public int textWidth() {
    return terms.stream().mapToInt(term -> term.reward.textWidth()).sum();
  }
}
