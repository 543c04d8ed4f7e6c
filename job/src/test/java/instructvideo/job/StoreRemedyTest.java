package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.s3.model.AmazonS3Exception;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A store that refuses in the middle of a run. */
class StoreRemedyTest {

  private static IOException expired() {
    AmazonS3Exception client = new AmazonS3Exception("The provided token has expired.");
    client.setErrorCode("ExpiredToken");
    client.setServiceName("Amazon S3");
    return new IOException("Writing Object on run/checkpoints/adapter: " + client, client);
  }

  @Test
  void knownRefusalHasARemedy() {
    assertThat(StoreRemedy.known(new IllegalStateException(expired())))
        .hasValue("the credentials have run out: get new ones");
  }

  @Test
  void otherErrorsHaveNone() {
    assertThat(StoreRemedy.known(new IOException("ExpiredToken of another program"))).isEmpty();
    assertThat(StoreRemedy.known(new IOException("s3a://bucket/x is odd"))).isEmpty();
  }

  @Test
  void lineNamesTheObject() {
    assertThat(Failures.line(new IllegalStateException(expired())))
        .startsWith("IOException: Writing Object on run/checkpoints/adapter: ")
        .contains("Error Code: ExpiredToken");
  }
}
