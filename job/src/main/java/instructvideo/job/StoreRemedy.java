package instructvideo.job;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What to do about a store's refusal.
 *
 * @param words of which one is in its message
 */
public record StoreRemedy(List<String> words, String remedy) {

  private static final List<StoreRemedy> ALL =
      List.of(
          of(
              "the secret does not belong to the access key: AWS_ACCESS_KEY_ID with"
                  + " AWS_SECRET_ACCESS_KEY, or spark.hadoop.fs.s3a.access.key with .secret.key",
              "SignatureDoesNotMatch"),
          of(
              "the store does not know this access key: another account, another endpoint, or it was"
                  + " removed",
              "InvalidAccessKeyId"),
          of("the credentials have run out: get new ones", "ExpiredToken", "TokenRefreshRequired"),
          of(
              "this host's clock is wrong: set it by NTP (S3 refuses more than 15 minutes)",
              "RequestTimeTooSkewed"),
          of(
              "no credentials were found: the machine's role, AWS_ACCESS_KEY_ID and"
                  + " AWS_SECRET_ACCESS_KEY, or spark.hadoop.fs.s3a.access.key and .secret.key",
              "NoAuthWithAWSException",
              "No AWS Credentials",
              "Unable to load AWS credentials",
              "Unable to load credentials"),
          of(
              "there is no such bucket at this endpoint: its name, and AWS_ENDPOINT_URL or"
                  + " spark.hadoop.fs.s3a.endpoint",
              "NoSuchBucket",
              "UnknownStoreException",
              "Bucket does not exist"),
          of(
              "the bucket is in another region: spark.hadoop.fs.s3a.endpoint.region",
              "AuthorizationHeaderMalformed",
              "PermanentRedirect",
              "Status Code: 301",
              "the region"),
          of(
              "this Spark has no S3A: hadoop-aws of Hadoop's version in --jars or in Spark's jars/"
                  + " (operations.md, S3)",
              "S3AFileSystem not found",
              "No FileSystem for scheme"),
          of(
              "the address cannot be reached from here: AWS_ENDPOINT_URL or"
                  + " spark.hadoop.fs.s3a.endpoint, network and firewall",
              "UnknownHostException",
              "Connection refused",
              "connect timed out",
              "Unable to execute HTTP request",
              "No route to host"));

  private static StoreRemedy of(String remedy, String... words) {
    return new StoreRemedy(List.of(words), remedy);
  }

  /** The remedy for an error that a store is known for, at any moment of a run. */
  static Optional<String> known(Throwable error) {
    String text = messages(error);
    boolean isStore = text.contains("Amazon S3") || text.contains("s3a:");
    return isStore ? remedy(text) : Optional.empty();
  }

  private static Optional<String> remedy(String text) {
    return ALL.stream()
        .filter(known -> known.words.stream().anyMatch(text::contains))
        .map(StoreRemedy::remedy)
        .findFirst();
  }

  private static String messages(Throwable error) {
    StringBuilder messages = new StringBuilder();
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      messages.append(cause).append('\n');
    }

    return messages.toString();
  }

  /**
   * The remedy for an error.
   *
   * @param right that the call needs, such as s3:PutObject on the keys below OUT
   */
  public static String of(Throwable error, String right) {
    String text = messages(error);
    Optional<String> known = remedy(text);
    if (known.isPresent()) {
      return known.get();
    }

    String lower = text.toLowerCase(Locale.ROOT);
    boolean isRight =
        lower.contains("denied")
            || lower.contains("forbidden")
            || lower.contains("status code: 403");
    return isRight
        ? "these credentials may not do it: it needs the right " + right
        : "it needs the right " + right + ", and a store that answers";
  }
}
