package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class LostAnswersTest {

  private int writes;

  private void fail(int times, String message) throws IOException {
    writes++;
    if (writes <= times) {
      throw new IOException("Job aborted", new IOException(message));
    }
  }

  @Test
  void lostAnswersAreNoFailures() throws IOException {
    LostAnswers.retry("a table", () -> fail(3, "Status Code: 404; Error Code: NoSuchUpload; ..."));
    assertThat(writes).isEqualTo(4);
  }

  @Test
  void whatStaysLostIsOne() {
    assertThatThrownBy(() -> LostAnswers.retry("a table", () -> fail(9, "NoSuchUpload")))
        .isInstanceOf(IOException.class)
        .hasMessage("Job aborted");
    assertThat(writes).isEqualTo(4);
  }

  @Test
  void otherFailuresAreToldAtOnce() {
    assertThatThrownBy(() -> LostAnswers.retry("a table", () -> fail(9, "Access Denied")))
        .isInstanceOf(IOException.class);
    assertThat(writes).isEqualTo(1);
  }
}
