package instructvideo.clip;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import instructvideo.testing.Hostile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Any bytes as the three files of a tokenizer and a prompt, with 0xff between them. */
class TokenizerFuzzTest {

  @FuzzTest
  void tokenizer(byte[] input) {
    List<byte[]> parts = Hostile.parts(input, 4);
    Path folder = Hostile.emptyFolder();
    Hostile.write(folder.resolve("vocab.json"), parts.get(0));
    Hostile.write(folder.resolve("merges.txt"), parts.get(1));
    Hostile.write(folder.resolve("tokenizer_config.json"), parts.get(2));
    String prompt = new String(parts.get(3), StandardCharsets.UTF_8);
    Hostile.load(
        input.length,
        () -> {
          try (ClipTokenizer tokenizer = ClipTokenizer.ofPipeline(folder)) {
            assertThat(tokenizer.encode(prompt)).hasSize(77);
          }
        });
    Hostile.load(input.length, () -> TextCleaner.clean(prompt));
  }
}
