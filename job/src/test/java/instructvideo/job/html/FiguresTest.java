package instructvideo.job.html;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0.000",
    "1.5, 1.500",
    "-0.23456, -0.235",
    "0.01234, 0.0123",
    "-0.00056789, -0.000568",
    "0.0000123, 1.2e-05",
    "12.3456, 12.3",
    "123456, 123456",
    "NaN, no number"
  })
  void areShort(double value, String text) {
    assertThat(Figures.text(value)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"-0.0001, 2, 0.00", "0.126, 2, +0.13", "-0.126, 2, -0.13", "0, 1, 0.0"})
  void haveTheirSign(double value, int decimals, String text) {
    assertThat(Figures.signed(value, decimals)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0.5, 3", "0.1, 3", "0.0412, 4", "7, 2", "20, 1", "1000, 0", "0, 3", "NaN, 3"})
  void haveThreeDigits(double size, int decimals) {
    assertThat(Figures.decimals(size)).isEqualTo(decimals);
  }
}
