package instructvideo.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "s3a://me:pass@bucket/run | s3a://bucket/run",
        "see https://u@h/x and s3a://k:s@b/y | see https://h/x and s3a://b/y",
        "https://h/x?X-Amz-Signature=abc&n=1 | https://h/x?X-Amz-Signature=...&n=1",
        "a@b.c | a@b.c",
        "s3a://bucket/me@home | s3a://bucket/me@home",
        "abfss://container@account.dfs.core.windows.net/x | abfss://container@account.dfs.core.windows.net/x",
        "--set spark.hadoop.fs.s3a.secret.key=abc/d+e x | --set spark.hadoop.fs.s3a.secret.key=... x",
        "db_password = hunter2, next | db_password = ..., next",
        "eos_token_id=3 and pad_token x | eos_token_id=3 and pad_token x",
      })
  void credentialsAreLeftOut(String text, String shown) {
    assertThat(Secrets.strip(text)).isEqualTo(shown);
  }

  @Test
  void valuesOfSettingsAreKnown() {
    System.setProperty("spark.hadoop.fs.s3a.bucket.x.secret.key", "planted/value");
    System.setProperty("spark.executorEnv.AWS_SESSION_TOKEN", "planted-token");
    System.setProperty("spark.hadoop.fs.s3a.security.credential.provider.path", "jceks://x");
    try {
      assertThat(Secrets.strip("a planted/value, a planted-token, jceks://x"))
          .isEqualTo("a ..., a ..., jceks://x");
    } finally {
      System.clearProperty("spark.hadoop.fs.s3a.bucket.x.secret.key");
      System.clearProperty("spark.executorEnv.AWS_SESSION_TOKEN");
      System.clearProperty("spark.hadoop.fs.s3a.security.credential.provider.path");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3a://key:secret@bucket/x",
        "https://bucket.s3.amazonaws.com/x.mp4?X-Amz-Credential=a&X-Amz-Signature=b",
        "https://token@host/x",
        "https://account.blob.core.windows.net/x?sv=1&sig=abc"
      })
  void urisThatCarryCredentials(String uri) {
    assertThat(Secrets.isIn(uri)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3a://bucket/me@home:x",
        "abfss://container@account/x",
        "/a/b?token=c",
        "a red ball"
      })
  void urisThatDoNot(String uri) {
    assertThat(Secrets.isIn(uri)).isFalse();
  }
}
