package instructvideo.clip;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.zip.GZIPInputStream;

/**
 * OpenCLIP's byte-pair encoding, from the file in its package.
 *
 * @param ids of the tokens
 * @param merges pairs of tokens with a space between, the first merged first
 */
record OpenClipVocabulary(Map<String, Integer> ids, List<String> merges) {

  private static final String START = "<start_of_text>";
  private static final String END = "<end_of_text>";

  /**
   * The vocabulary's size in GPT-2's way of counting, without the bytes and the two special tokens.
   */
  private static final int MERGES = 49152 - 256 - 2;

  private static final Pattern WORDS =
      Pattern.compile(
          "<[sſ]tart_of_text>|<end_of_text>|'[sſ]|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}ͅ]+",
          Pattern.UNICODE_CHARACTER_CLASS);

  /** Reads the resource. */
  static OpenClipVocabulary read() throws IOException {
    List<String> merges = readMerges();
    List<String> tokens = new ArrayList<>(byteCharacters());
    byteCharacters().forEach(character -> tokens.add(character + "</w>"));
    merges.forEach(merge -> tokens.add(merge.replace(" ", "")));
    tokens.add(START);
    tokens.add(END);
    Map<String, Integer> ids = new LinkedHashMap<>();
    tokens.forEach(token -> ids.put(token, ids.size()));
    return new OpenClipVocabulary(ids, merges);
  }

  /** Whether a vocab.json has the same ids; it writes the special tokens in another way. */
  boolean isSame(Map<String, Integer> vocab) {
    Map<String, Integer> renamed = new HashMap<>(vocab);
    renamed.put(START, renamed.remove("<|startoftext|>"));
    renamed.put(END, renamed.remove("<|endoftext|>"));
    return renamed.equals(ids);
  }

  /** The id before a text. */
  int start() {
    return ids.get(START);
  }

  /** The id after a text. */
  int end() {
    return ids.get(END);
  }

  /**
   * The ids of a text. Special tokens that it spells out are taken for such, as OpenCLIP does.
   *
   * @param bytePairs the ids of a part without special tokens
   */
  long[] encode(String text, Function<String, long[]> bytePairs) {
    if (!text.contains(START) && !text.contains(END)) {
      return bytePairs.apply(text);
    }

    LongStream all = LongStream.empty();
    int from = 0;
    Matcher word = WORDS.matcher(text);
    while (word.find()) {
      if (word.group().equals(START) || word.group().equals(END)) {
        long special = ids.get(word.group());
        long[] before = bytePairs.apply(text.substring(from, word.start()));
        all =
            LongStream.concat(
                all, LongStream.concat(LongStream.of(before), LongStream.of(special)));
        from = word.end();
      }
    }

    return LongStream.concat(all, LongStream.of(bytePairs.apply(text.substring(from)))).toArray();
  }

  private static List<String> readMerges() throws IOException {
    try (InputStream in =
        new GZIPInputStream(
            OpenClipVocabulary.class.getResourceAsStream("bpe_simple_vocab_16e6.txt.gz"))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().skip(1).limit(MERGES).toList();
    }
  }

  /** One visible character for each byte: itself if it is one, or one from 256 on. */
  private static List<String> byteCharacters() {
    List<String> characters = new ArrayList<>();
    for (int b = 0; b < 256; b++) {
      if (isVisible(b)) {
        characters.add(Character.toString(b));
      }
    }

    for (int next = 256; characters.size() < 256; next++) {
      characters.add(Character.toString(next));
    }

    return characters;
  }

  private static boolean isVisible(int b) {
    return (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
  }
}
