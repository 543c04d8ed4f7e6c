package instructvideo.job.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PairedGainTest {

  private static final Offset<Double> ROUNDING = within(1e-12);

  private static Evaluation.Video video(String caption, double reward) {
    return Evaluation.Video.of(caption, reward, new Clip(1, 1, new float[Clip.CHANNELS]));
  }

  private static PairedGain gain(List<Evaluation.Video> before, List<Evaluation.Video> after) {
    return PairedGain.of(before, after, Evaluation.Video::reward);
  }

  @Test
  void averagesCopiesOfACaptionBeforeCaptions() {
    List<Evaluation.Video> before =
        List.of(video("a", 0), video("a", 0.2), video("a", 0.4), video("b", 0.6));
    List<Evaluation.Video> after =
        List.of(video("a", 0.4), video("a", 0.2), video("a", 0.6), video("b", 1.2));
    PairedGain gain = gain(before, after);
    assertThat(gain.before().value()).isCloseTo((0.2 + 0.6) / 2, ROUNDING);
    assertThat(gain.after().value()).isCloseTo((0.4 + 1.2) / 2, ROUNDING);
    assertThat(gain.gain().value()).isCloseTo((0.2 + 0.6) / 2, ROUNDING);
    // Two gains, 0.2 and 0.6: deviations of 0.2, squares 0.08, over (2 - 1) and over 2.
    assertThat(gain.gain().standardError()).isCloseTo(0.2, ROUNDING);
    assertThat(gain.better()).as("the second video is as before").isEqualTo(3);
    assertThat(gain.videos()).isEqualTo(4);
  }

  @Test
  void pairsWithinACaption() {
    List<Evaluation.Video> before = List.of(video("a", -0.5), video("b", 0.5));
    List<Evaluation.Video> after = List.of(video("a", -0.25), video("b", 0.75));
    PairedGain gain = gain(before, after);
    assertThat(gain.before().standardError()).isCloseTo(0.5, ROUNDING);
    assertThat(gain.gain().standardError()).as("each gains as much").isCloseTo(0, ROUNDING);
    assertThat(gain.gain()).hasToString("0.250 +- 0.000");
  }

  @Test
  void givesNoStandardErrorForOneCaption() {
    List<Evaluation.Video> before = List.of(video("a", 0.1), video("a", 0.3));
    List<Evaluation.Video> after = List.of(video("a", 0.5), video("a", 0.1));
    PairedGain gain = gain(before, after);
    assertThat(gain.gain().standardError()).isNaN();
    assertThat(gain.gain()).hasToString("0.100");
    assertThat(gain.better()).isEqualTo(1);
  }
}
