package instructvideo.clip;

import com.google.gson.Gson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** CLIP's byte-pair encoding in the form that Hugging Face's tokenizers read. */
final class TokenizerJson {

  static final String START = "<|startoftext|>";
  static final String END = "<|endoftext|>";
  private static final String WORDS =
      "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";
  static final String OPEN_CLIP_WORDS =
      "<[sſ]tart_of_text>|<end_of_text>|'[sſ]|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}ͅ]+";

  private TokenizerJson() {}

  /**
   * transformers' CLIPTokenizer: special tokens in a text count as such.
   *
   * @param specials tokens that are never split
   */
  static String ofPipeline(Map<String, Integer> vocab, List<String> merges, List<String> specials) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", "1.0");
    json.put("added_tokens", specials.stream().map(token -> special(token, vocab)).toList());
    json.put("normalizer", normalizer());
    json.put("pre_tokenizer", preTokenizer(WORDS, true));
    json.put("model", model(vocab, merges));
    return new Gson().toJson(json);
  }

  /** OpenCLIP's, of text that is cleaned already and holds no special tokens. */
  static String ofOpenClip(Map<String, Integer> vocab, List<String> merges) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", "1.0");
    json.put("added_tokens", List.of());
    json.put("pre_tokenizer", preTokenizer(OPEN_CLIP_WORDS, false));
    json.put("model", model(vocab, merges));
    return new Gson().toJson(json);
  }

  /** A token that is taken whole. */
  private static Map<String, Object> special(String token, Map<String, Integer> vocab) {
    return Map.of(
        "id", vocab.get(token),
        "content", token,
        "single_word", false,
        "lstrip", false,
        "rstrip", false,
        "normalized", false,
        "special", true);
  }

  private static Map<String, Object> normalizer() {
    return Map.of(
        "type",
        "Sequence",
        "normalizers",
        List.of(
            Map.of("type", "NFC"),
            Map.of("type", "Replace", "pattern", Map.of("Regex", "\\s+"), "content", " "),
            Map.of("type", "Lowercase")));
  }

  private static Map<String, Object> preTokenizer(String words, boolean splitAgain) {
    return Map.of(
        "type",
        "Sequence",
        "pretokenizers",
        List.of(
            Map.of(
                "type",
                "Split",
                "pattern",
                Map.of("Regex", words),
                "behavior",
                "Removed",
                "invert",
                true),
            Map.of(
                "type",
                "ByteLevel",
                "add_prefix_space",
                false,
                "trim_offsets",
                true,
                "use_regex",
                splitAgain)));
  }

  private static Map<String, Object> model(Map<String, Integer> vocab, List<String> merges) {
    return Map.of(
        "type",
        "BPE",
        "unk_token",
        END,
        "continuing_subword_prefix",
        "",
        "end_of_word_suffix",
        "</w>",
        "fuse_unk",
        false,
        "byte_fallback",
        false,
        "ignore_merges",
        false,
        "vocab",
        vocab,
        "merges",
        merges);
  }
}
