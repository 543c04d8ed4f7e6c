package instructvideo.job.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HtmlTest {

  @Test
  void textIsNeverMarkup() {
    assertThat(Html.escape("<script>alert(\"1\" & '2')</script>"))
        .isEqualTo("&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;");
    assertThat(Html.escape("süß 🐈\n\u0000\u0007\uD800")).isEqualTo("süß 🐈\n\uFFFD\uFFFD\uFFFD");
  }

  @Test
  void textTurnsNothingAroundItAndTellsNoCredential() {
    assertThat(Html.escape("a\u202Egpj.exe\u202C \u2066b\u2069 עברית"))
        .isEqualTo("a\uFFFDgpj.exe\uFFFD \uFFFDb\uFFFD עברית");
    assertThat(Html.escape("https://h/a.mp4?n=1&X-Amz-Signature=abc s3a://k:s@b/x"))
        .isEqualTo("https://h/a.mp4?n=1&amp;X-Amz-Signature=... s3a://b/x");
  }

  /** Text may look like one, but pages have no links but those to their own sections. */
  @Test
  void pagesLinkToThemselvesOnly() throws IOException {
    Path sources = Path.of("src/main");
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : files.filter(f -> f.toString().matches(".*\\.(java|html)")).toList()) {
        assertThat(Files.readString(file).replaceAll("href=\\\\?\"(#|data:,)", ""))
            .as(file.toString())
            .doesNotContain("href=", "<iframe", "<form");
      }
    }
  }

  @Test
  void valuesHoldNoPlaces() throws IOException {
    String html = Html.fill(HtmlTest.class, "page.html", Map.of("a", "{{b}} $1", "b", "\\"));
    assertThat(html.strip()).isEqualTo("{{b}} $1 and \\ and {{b}} $1");
    assertThatThrownBy(() -> Html.fill(HtmlTest.class, "page.html", Map.of("a", "")))
        .hasMessage("No value of b in page.html");
  }

  @ParameterizedTest
  @CsvSource({
    "0.011, 0.02, 2",
    "0.02, 0.02, 2",
    "0.3, 0.5, 1",
    "7, 10, 0",
    "1, 1, 0",
    "1e-7, 1e-7, 7"
  })
  void stepsAreRound(double width, double step, int decimals) {
    assertThat(Ticks.step(width)).isCloseTo(step, withinPercentage(1e-9));
    assertThat(Ticks.decimals(Ticks.step(width))).isEqualTo(decimals);
  }
}
