package instructvideo.job.claim;

import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.s3a.S3AFileSystem;
import org.apache.hadoop.fs.s3a.api.RequestFactory;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** By the client of Hadoop 3.4's S3A, of version 2 of the SDK. Loaded only where that is. */
record Sdk2Put(S3Client client, RequestFactory factory, S3aMethod newBuilder)
    implements ConditionalPut {

  /**
   * That of a file system.
   *
   * @param internals its method that gives what lends the client
   */
  static Optional<ConditionalPut> of(S3AFileSystem s3, S3aMethod internals) throws IOException {
    Optional<S3aMethod> client =
        S3aMethod.find(internals.method().getReturnType(), "getAmazonS3Client", String.class);
    Optional<S3aMethod> newBuilder =
        S3aMethod.find(
            RequestFactory.class,
            "newPutObjectRequestBuilder",
            String.class,
            long.class,
            boolean.class);
    if (client.isEmpty() || newBuilder.isEmpty()) {
      return Optional.empty();
    }

    Object lent = client.get().call(internals.call(s3), ConditionalPut.REASON);
    return Optional.of(new Sdk2Put((S3Client) lent, s3.getRequestFactory(), newBuilder.get()));
  }

  @Override
  public int send(Path path, byte[] content) throws IOException {
    try {
      client.putObject(request(path, content), RequestBody.fromBytes(content));
      return OK;
    } catch (SdkServiceException e) {
      return ConditionalPut.understood(e.statusCode(), path, e);
    } catch (SdkException e) {
      throw ConditionalPut.failure(path, e);
    }
  }

  /**
   * With the encryption, the rights and the time limit that the file system is set to. The first
   * versions of the SDK have no {@code ifNoneMatch}.
   */
  private PutObjectRequest request(Path path, byte[] content) throws IOException {
    PutObjectRequest.Builder builder =
        (PutObjectRequest.Builder)
            newBuilder.call(factory, ConditionalPut.key(path), (long) content.length, false);
    AwsRequestOverrideConfiguration.Builder override =
        Optional.ofNullable(builder.overrideConfiguration())
            .map(AwsRequestOverrideConfiguration::toBuilder)
            .orElseGet(AwsRequestOverrideConfiguration::builder);
    return builder.overrideConfiguration(override.putHeader(HEADER, ANY).build()).build();
  }
}
