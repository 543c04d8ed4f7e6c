package instructvideo.error;

import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Knows what a credential looks like, and keeps it out of logs, errors, tables and pages: user and
 * password of a URI, the parameters of signed URLs, assignments such as password=..., and the
 * values that this process was given by its environment and as settings of Spark.
 */
public final class Secrets {

  private static final String NAME =
      "secret|passw(?:or)?d|access[._-]?key|account[._-]?key|credential|(?:session|auth|bearer|api"
          + "|access|refresh|tracking)[._-]?token|authorization|private[._-]?key";

  /** user:password@ of a URI, and the user alone where it may be a token. */
  private static final Pattern USER =
      Pattern.compile(
          "(://)[^/@\\s\"'<>]*:[^/@\\s\"'<>]*@|((?i)(?:https?|s3[an]?)://)[^/@\\s\"'<>]*@");

  /** Parameters of signed URLs. */
  private static final Pattern PARAMETER =
      Pattern.compile(
          "(?i)([?&](?:x-(?:amz|goog)-[a-z-]*|awsaccesskeyid|signature|sig|token|[a-z_-]*key"
              + "|[a-z_-]*secret|password)=)[^&\\s\"'<>]+");

  private static final Pattern ASSIGNED =
      Pattern.compile("(?i)([\\w.-]*(?:" + NAME + ")[\\w.-]*\\s?=\\s?)[^\\s,;&\"'<>]+");

  private static final Pattern NAMED = Pattern.compile("(?i).*(?:" + NAME + "|token).*");

  /** What the environment calls so is never a credential: paths and providers. */
  private static final Pattern NO_VALUE =
      Pattern.compile("(?i).*(?:file|path|dir|provider|class|enabled|timeout|algorithm)s?$");

  /**
   * Characters of the shortest value that is looked for; in every text shorter ones would be found.
   */
  private static final int SHORTEST = 6;

  private static final String HIDDEN = "...";

  private Secrets() {}

  /** Settings of Spark whose values its event log and its pages hide, by key or by value. */
  public static String sparkPattern() {
    return "(?i)" + NAME + "|token|signature|://[^/@\\s]*:[^/@\\s]*@";
  }

  /** A text without the credentials in it. */
  public static String strip(String text) {
    if (text == null) {
      return null;
    }

    String stripped = USER.matcher(text).replaceAll(Secrets::scheme);
    stripped = PARAMETER.matcher(stripped).replaceAll("$1" + HIDDEN);
    stripped = ASSIGNED.matcher(stripped).replaceAll("$1" + HIDDEN);
    for (String value : known().stream().sorted(Comparator.reverseOrder()).toList()) {
      stripped = stripped.replace(value, HIDDEN);
    }

    return stripped;
  }

  /** Whether a URI carries credentials, and so is nothing to be written down. */
  public static boolean isIn(String uri) {
    return uri != null
        && (USER.matcher(uri).find() || (uri.contains("://") && PARAMETER.matcher(uri).find()));
  }

  private static String scheme(MatchResult match) {
    return match.group(1) == null ? match.group(2) : match.group(1);
  }

  /** Asked for anew each time: settings become known while a command starts. */
  private static Set<String> known() {
    Set<String> values = new HashSet<>();
    System.getenv().forEach((name, value) -> add(values, name, value));
    for (Map.Entry<Object, Object> property : System.getProperties().entrySet()) {
      if (property.getKey().toString().startsWith("spark.")) {
        add(values, property.getKey().toString(), property.getValue().toString());
      }
    }

    return values;
  }

  private static void add(Set<String> values, String name, String value) {
    boolean named = NAMED.matcher(name).matches() && !NO_VALUE.matcher(name).matches();
    if (named && value.length() >= SHORTEST && !value.startsWith("/")) {
      values.add(value);
    }
  }
}
