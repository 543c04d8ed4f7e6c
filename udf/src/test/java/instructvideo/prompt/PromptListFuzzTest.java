package instructvideo.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import instructvideo.testing.Hostile;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Any bytes as a list of prompts, whose extension the first byte chooses, and as the names of files
 * that their videos are sought among.
 */
class PromptListFuzzTest {

  private static final List<String> NAMES = List.of("a.txt", "a.csv", "a.jsonl", "a.bin");

  @FuzzTest
  void prompts(byte[] input) {
    List<byte[]> parts = Hostile.parts(Hostile.rest(input), 2);
    String name = NAMES.get(Hostile.choice(input, NAMES.size()));
    List<String> files = new String(parts.get(1), StandardCharsets.UTF_8).lines().toList();
    Hostile.load(
        input.length,
        () -> {
          VideoIndex index = new VideoIndex(files);
          for (Prompt prompt : PromptList.parse(name, parts.get(0)).prompts()) {
            check(prompt);
            if (!prompt.hasAbsoluteVideo()) {
              index.find(prompt);
            }
          }
        });
  }

  private static void check(Prompt prompt) {
    assertThat(prompt.text()).isNotBlank();
    if (prompt.video() != null) {
      assertThat(List.of(prompt.video().split("/"))).doesNotContain("..");
    }
  }
}
