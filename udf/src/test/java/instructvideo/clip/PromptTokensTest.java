package instructvideo.clip;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import instructvideo.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ids of prompts.jsonl, which make_prompts.py wrote with transformers and open_clip. */
class PromptTokensTest {

  private static final int LENGTH = 77;

  @TempDir private Path temp;

  @Test
  void rewardIdsAreThoseOfOpenClip() throws IOException {
    try (ClipTokenizer tokenizer = ClipTokenizer.ofReward()) {
      assertThat(differences(tokenizer, Prompt::reward)).isEmpty();
    }
  }

  @Test
  void pipelineIdsAreThoseOfTransformers() throws IOException {
    writePipelineTokenizer();
    try (ClipTokenizer tokenizer = ClipTokenizer.ofPipeline(temp)) {
      assertThat(differences(tokenizer, Prompt::pipeline)).isEmpty();
    }
  }

  @Test
  void loneSurrogateIsAReplacementCharacter() throws IOException {
    writePipelineTokenizer();
    try (ClipTokenizer pipeline = ClipTokenizer.ofPipeline(temp);
        ClipTokenizer reward = ClipTokenizer.ofReward()) {
      for (ClipTokenizer tokenizer : List.of(pipeline, reward)) {
        assertThat(tokenizer.encode("a \ud83d b \ude00"))
            .isEqualTo(tokenizer.encode("a \ufffd b \ufffd"));
      }
    }
  }

  /** One text for each prompt that has other ids; the file leaves out the padding with 0. */
  private static List<String> differences(ClipTokenizer tokenizer, Function<Prompt, long[]> column)
      throws IOException {
    Gson gson = new Gson();
    List<Prompt> prompts =
        Files.readAllLines(Fixtures.path("prompts.jsonl")).stream()
            .map(line -> gson.fromJson(line, Prompt.class))
            .toList();
    assertThat(prompts).isNotEmpty();
    List<String> differences = new ArrayList<>();
    for (Prompt prompt : prompts) {
      long[] actual = tokenizer.encode(prompt.text);
      long[] expected = Arrays.copyOf(column.apply(prompt), LENGTH);
      if (!Arrays.equals(actual, expected)) {
        differences.add(
            "%s%n is     %s%n should %s"
                .formatted(
                    gson.toJson(prompt.text), Arrays.toString(actual), Arrays.toString(expected)));
      }
    }

    return differences;
  }

  /** OpenCLIP's vocabulary in the files of transformers, which pads with "!", whose id is 0. */
  private void writePipelineTokenizer() throws IOException {
    OpenClipVocabulary vocabulary = OpenClipVocabulary.read();
    Map<String, Integer> ids = new LinkedHashMap<>(vocabulary.ids());
    ids.values().removeIf(id -> id >= vocabulary.start());
    ids.put("<|startoftext|>", vocabulary.start());
    ids.put("<|endoftext|>", vocabulary.end());
    Files.writeString(temp.resolve("vocab.json"), new Gson().toJson(ids));
    Files.writeString(
        temp.resolve("merges.txt"),
        "#version: 0.2\n" + String.join("\n", vocabulary.merges()) + "\n");
    Files.writeString(temp.resolve("tokenizer_config.json"), "{\"pad_token\": \"!\"}");
  }

  private record Prompt(String text, long[] pipeline, long[] reward) {}
}
