package instructvideo.clip;

import com.google.gson.Gson;
import instructvideo.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptTokensTest {
  @TempDir private Path temp;

  @Test
  void rewardIdsAreThoseOfOpenClip() throws IOException {
    try (ClipTokenizer var1 = ClipTokenizer.ofReward()) {
      ArrayList var2 = new ArrayList();

      for (PromptTokensTest.Prompt var4 : prompts()) {
        compare(var4.text, var1.encode(var4.text), var4.reward, var2);
      }

      Assertions.assertThat(var2).isEmpty();
    }
  }

  @Test
  void pipelineIdsAreThoseOfTransformers() throws IOException {
    writePipelineTokenizer();

    try (ClipTokenizer var1 = ClipTokenizer.ofPipeline(temp)) {
      ArrayList var2 = new ArrayList();

      for (PromptTokensTest.Prompt var4 : prompts()) {
        compare(var4.text, var1.encode(var4.text), var4.pipeline, var2);
      }

      Assertions.assertThat(var2).isEmpty();
    }
  }

  @Test
  void loneSurrogateIsAReplacementCharacter() throws IOException {
    writePipelineTokenizer();

    try (ClipTokenizer var1 = ClipTokenizer.ofPipeline(temp);
        ClipTokenizer var2 = ClipTokenizer.ofReward(); ) {
      for (ClipTokenizer var4 : List.of(var1, var2)) {
        Assertions.assertThat(var4.encode("a \ud83d b \ude00")).isEqualTo(var4.encode("a � b �"));
      }
    }
  }

  private static void compare(String var0, long[] var1, long[] var2, List<String> var3) {
    if (!Arrays.equals(var1, Arrays.copyOf(var2, 77))) {
      var3.add(
          "%s%n is     %s%n should %s"
              .formatted(new Gson().toJson(var0), Arrays.toString(var1), Arrays.toString(var2)));
    }
  }

  private static List<PromptTokensTest.Prompt> prompts() throws IOException {
    Gson var0 = new Gson();
    ArrayList var1 = new ArrayList();

    for (String var3 : Files.readAllLines(Fixtures.path("prompts.jsonl"))) {
      var1.add((PromptTokensTest.Prompt) var0.fromJson(var3, PromptTokensTest.Prompt.class));
    }

    return var1;
  }

  private void writePipelineTokenizer() throws IOException {
    OpenClipVocabulary var1 = OpenClipVocabulary.read();
    LinkedHashMap var2 = new LinkedHashMap<>(var1.ids());
    var2.values().removeIf(var1x -> var1x >= var1.start());
    var2.put("<|startoftext|>", var1.start());
    var2.put("<|endoftext|>", var1.end());
    Files.writeString(temp.resolve("vocab.json"), new Gson().toJson(var2));
    Files.writeString(
        temp.resolve("merges.txt"), "#version: 0.2\n" + String.join("\n", var1.merges()) + "\n");
    Files.writeString(temp.resolve("tokenizer_config.json"), "{\"pad_token\": \"!\"}");
  }

  private record Prompt(String text, long[] pipeline, long[] reward) {}
}
