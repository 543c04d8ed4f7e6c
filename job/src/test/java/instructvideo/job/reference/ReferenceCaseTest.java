package instructvideo.job.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import instructvideo.error.InvalidInputException;
import instructvideo.reward.Interpolation;
import instructvideo.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceCaseTest {

  @TempDir private Path directory;
  private JsonObject json;

  @BeforeEach
  void setUp() throws IOException {
    String text = Files.readString(Fixtures.path("cases/wide/case.json"));
    json = JsonParser.parseString(text).getAsJsonObject();
  }

  @Test
  void settingsAreThoseOfTheFile() throws IOException {
    CaseSettings settings = read();

    assertThat(settings.prompts()).hasSize(1);
    assertThat(settings.height()).isEqualTo(24);
    assertThat(settings.lambdaTar()).isEqualTo(0.5);
    assertThat(settings.frameInterpolation()).isEqualTo(Interpolation.BILINEAR);
    assertThat(settings.loraScale()).isEqualTo(3);
    assertThat(settings.sampler().guidanceScale()).isEqualTo(7.5);
    assertThat(settings.sampler().gradSteps()).isEqualTo(2);
  }

  @Test
  void scaleIsOneWhereAlphaIsNotGiven() throws IOException {
    json.remove("alpha");

    assertThat(read().loraScale()).isOne();
  }

  @Test
  void gradientGoesThroughTheWholeChainAtMost() throws IOException {
    json.addProperty("grad_steps", 99);

    assertThat(read().sampler().gradSteps()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({
    "batch, 2, 1 prompts for batch 2",
    "frames, 3, 4 segments of 3 frames",
    "frames, 0, must all be there and above 0",
    "interpolation, '\"nearest\"', must be bicubic or bilinear",
    "rank, '\"four\"', not the settings of a case",
    "starting_partial, 1.5, 1.5",
  })
  void settingThatCannotBeIsRefused(String key, String value, String text) {
    json.add(key, JsonParser.parseString(value));

    assertThatThrownBy(() -> read().sampler())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("case.json")
        .hasMessageContaining(text);
  }

  @Test
  void missingFilesAreNamed() throws IOException {
    assertThatThrownBy(() -> ReferenceCase.read(directory))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("case.json: no such file; --case is a directory");
    read();
    assertThatThrownBy(() -> ReferenceCase.read(directory))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("no pipeline there");
    Files.createDirectory(directory.resolve("pipeline"));
    assertThatThrownBy(() -> ReferenceCase.read(directory))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("no inputs.safetensors there");
  }

  private CaseSettings read() throws IOException {
    Path file = directory.resolve("case.json");
    Files.writeString(file, json.toString());
    return CaseSettings.read(file);
  }
}
