package instructvideo.job.html;

import java.util.regex.Pattern;

/** Keeps credentials out of pages. */
public final class Secrets {

  /** user:password@ of a URI. */
  private static final Pattern USER = Pattern.compile("(://)[^/@\\s\"'<>]*@");

  /** Parameters of signed URLs. */
  private static final Pattern PARAMETER =
      Pattern.compile(
          "(?i)([?&](?:x-(?:amz|goog)-[a-z-]*|awsaccesskeyid|signature|sig|token|[a-z_-]*key"
              + "|[a-z_-]*secret|password)=)[^&\\s\"'<>]+");

  private Secrets() {}

  /** A text without the user part and the signatures of the URIs in it. */
  public static String strip(String text) {
    return PARAMETER.matcher(USER.matcher(text).replaceAll("$1")).replaceAll("$1...");
  }
}
