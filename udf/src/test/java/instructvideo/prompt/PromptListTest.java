package instructvideo.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import instructvideo.error.InvalidInputException;
import instructvideo.prompt.Prompt.Origin;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptListTest {

  private static final String RELATIVE =
      "Invalid video in %s: row %d is %s; must be a path relative to --videos, without ..";

  @Test
  void textHasAPromptALine() {
    PromptList list = parse("a.txt", "a cat\r\nein süßer Hund\n\n");

    assertThat(list.prompts())
        .containsExactly(
            new Prompt("p000000", "a cat", null, Origin.NONE),
            new Prompt("p000001", "ein süßer Hund", null, Origin.NONE));
    assertThat(list.notices()).isEmpty();
  }

  @Test
  void csvIsQuotedAsSpreadsheetsDo() {
    PromptList list =
        parse(
            "a.csv",
            String.join(
                "\r\n",
                "\uFEFFid,Prompt,video",
                "c1,\"a cat, \"\"Tom\"\"\nsits\",clips/tom.mp4",
                "",
                ",a dog,",
                ""));

    assertThat(list.prompts())
        .containsExactly(
            new Prompt("c1", "a cat, \"Tom\"\nsits", "clips/tom.mp4", Origin.COLUMN),
            new Prompt("p000001", "a dog", null, Origin.NONE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"prompt", "caption", "text", "Caption"})
  void columnOfPromptsHasThreeNames(String column) {
    assertThat(parse("a.csv", column + "\na cat").prompts().get(0).text()).isEqualTo("a cat");
    assertThat(parse("a.jsonl", "{\"" + column + "\": \"a cat\"}").prompts().get(0).text())
        .isEqualTo("a cat");
  }

  @Test
  void jsonLinesHaveTheSameKeys() {
    PromptList list =
        parse("a.jsonl", "{\"id\": 7, \"caption\": \"a \\u00e9t\\u00e9\", \"video\": null}\n\n");

    assertThat(list.prompts()).containsExactly(new Prompt("7", "a été", null, Origin.NONE));
  }

  @Test
  void publishedListsAreKnownByTheirBars() {
    PromptList list = parse("list.dat", "a/1.mp4|||cat walking|||16\nb.mp4|||a dog\n");

    assertThat(list.prompts())
        .containsExactly(
            new Prompt("a/1.mp4", "cat walking", "a/1.mp4", Origin.PATH),
            new Prompt("b.mp4", "a dog", "b.mp4", Origin.PATH));
  }

  @Test
  void columnPathMeansNothing() {
    Prompt prompt = new Prompt("p000000", "a cat", "b.mp4", Origin.COLUMN);

    assertThat(parse("a.csv", "path,prompt,video\n/x,a cat,b.mp4").prompts())
        .containsExactly(prompt);
    assertThat(
            parse("a.jsonl", "{\"path\":\"/x\",\"prompt\":\"a cat\",\"video\":\"b.mp4\"}")
                .prompts())
        .containsExactly(prompt);
  }

  @Test
  void repeatedPathsGetNumbers() {
    PromptList list = parse("a.txt", "x|||1\nx|||2\ny|||3\nx|||4\nx#2|||5");

    assertThat(list.prompts())
        .extracting(Prompt::id)
        .containsExactly("x", "x#3", "y", "x#4", "x#2");
    assertThat(list.notices())
        .containsExactly(
            "a.txt: 2 rows repeat the path of an earlier one; their ids end with #2, #3 and so on");
  }

  @Test
  void repeatedIdIsRefused() {
    assertRefused(
        "a.csv",
        "id,prompt\nx,1\ny,2\nx,3",
        "Duplicate id x in a.csv: rows 2 and 4; ids must differ");
    assertRefused(
        "a.jsonl",
        "{\"prompt\": \"1\"}\n{\"id\": \"p000000\", \"prompt\": \"2\"}",
        "Duplicate id p000000 in a.jsonl: rows 1 and 2; ids must differ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.txt", "a.csv", "a.jsonl"})
  void emptyListIsRefused(String name) {
    assertRefused(name, "\n", "Cannot read " + name + ": it holds no prompts");
  }

  @Test
  void headerAloneIsAnEmptyList() {
    assertRefused("a.csv", "prompt\n", "Cannot read a.csv: it holds no prompts");
  }

  @Test
  void emptyPromptIsNamed() {
    assertRefused("a.txt", "a\n \nb", "Invalid prompt in a.txt: row 2 is empty");
    assertRefused("a.csv", "id,prompt\n1,a\n2,\n", "Invalid prompt in a.csv: row 3 is empty");
    assertRefused("a.txt", "a.mp4|||cat\nb.mp4||| \n", "Invalid prompt in a.txt: row 2 is empty");
    assertRefused("a.jsonl", "{\"prompt\": \"\"}", "Invalid prompt in a.jsonl: row 1 is empty");
  }

  @Test
  void missingColumnNamesThoseThatAreThere() {
    assertRefused(
        "a.csv",
        "id,title\n1,a",
        "Cannot read a.csv: no column prompt (or caption, text); its columns are id, title");
    assertRefused(
        "a.jsonl",
        "{\"prompt\": \"a\"}\n{\"title\": \"a\"}",
        "Cannot read a.jsonl row 2: no column prompt (or caption, text); its columns are title");
  }

  @Test
  void brokenRowsAreNamed() {
    assertRefused(
        "a.csv",
        "id,prompt\n1,a cat, sitting",
        "Cannot read a.csv: row 2 has 3 fields, the header 2; quote fields that hold a comma");
    assertRefused("a.csv", "prompt\n\"a", "Cannot read a.csv: the quote of row 2 is open");
    assertRefused(
        "a.csv", "prompt\n\"a\"b\n", "Cannot read a.csv: row 2 has text behind a closing quote");
    assertRefused(
        "a.jsonl", "{\"prompt\": \"a\"}\n[1]", "Cannot read a.jsonl: row 2 is no JSON object");
    assertRefused("a.jsonl", "{\"prompt\": \"a\"", "Cannot read a.jsonl: row 1 is no JSON object");
    assertRefused(
        "a.txt",
        "a|||b\nc",
        "Cannot read a.txt: row 2 is no path|||caption or path|||caption|||frames: c");
  }

  @Test
  void otherEncodingsAreRefused() {
    byte[] latin1 = "ein süßer Hund".getBytes(StandardCharsets.ISO_8859_1);
    byte[] utf16 = "a cat".getBytes(StandardCharsets.UTF_16LE);

    assertThatThrownBy(() -> PromptList.parse("a.txt", latin1))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Cannot read a.txt: it is not UTF-8 text; convert it");
    assertThatThrownBy(() -> PromptList.parse("a.txt", utf16))
        .hasMessageStartingWith("Cannot read a.txt: it is no text;");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../a.mp4",
        "a/../../b.mp4",
        "/etc/passwd",
        "s3a://b/a.mp4",
        "file:/a",
        "~/a",
        "a\\b"
      })
  void pathsOfPublishedListsStayInTheDirectory(String path) {
    assertRefused("a.txt", path + "|||cat", RELATIVE.formatted("a.txt", 1, path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../a.mp4",
        "a/../../b.mp4",
        "~/a",
        "a\\b",
        "a:b",
        "C:/a.mp4",
        "data:a",
        "a\u0007"
      })
  void relativeVideosStayInTheDirectory(String video) {
    assertRefused("a.csv", "prompt,video\ncat," + video, RELATIVE.formatted("a.csv", 2, video));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/a/../b.mp4", "s3a://b/../a.mp4", "file:/..", "/a\\b", "s3a://b/a\u0000.mp4"})
  void absoluteVideosAreStraight(String video) {
    String message =
        "Invalid video in a.jsonl: row 1 is %s; must be without .., \\ and control characters";
    assertRefused("a.jsonl", json(video), message.formatted(video));
  }

  private static String json(String video) {
    JsonObject row = new JsonObject();
    row.addProperty("prompt", "cat");
    row.addProperty("video", video);
    return row.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/a b/ü.mp4", "file:/a", "file:///a#1.mp4", "s3a://b/c:d.mp4", "hdfs://nn:8020/a"})
  void videosMayBeAbsolute(String video) {
    Prompt prompt = parse("a.jsonl", json(video)).prompts().get(0);
    assertThat(prompt).isEqualTo(new Prompt("p000000", "cat", video, Origin.COLUMN));
    assertThat(prompt.hasAbsoluteVideo()).isTrue();
    assertThat(new Prompt("p", "cat", "a/b.mp4", Origin.COLUMN).hasAbsoluteVideo()).isFalse();
    assertThat(new Prompt("p", "cat", null, Origin.NONE).hasAbsoluteVideo()).isFalse();
  }

  private static PromptList parse(String name, String text) {
    return PromptList.parse(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertRefused(String name, String text, String message) {
    assertThatThrownBy(() -> parse(name, text))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(message);
  }
}
