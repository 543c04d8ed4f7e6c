package instructvideo.job.claim;

import com.amazonaws.AmazonClientException;
import com.amazonaws.AmazonServiceException;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.model.ObjectMetadata;
import com.amazonaws.services.s3.model.PutObjectRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.s3a.S3AFileSystem;
import org.apache.hadoop.fs.s3a.api.RequestFactory;

/** By the client of Hadoop 3.3's S3A, of version 1 of the SDK. Loaded only where that is. */
record Sdk1Put(AmazonS3 client, RequestFactory factory, S3aMethod newRequest)
    implements ConditionalPut {

  static Optional<ConditionalPut> of(S3AFileSystem s3) {
    return S3aMethod.find(
            RequestFactory.class,
            "newPutObjectRequest",
            String.class,
            ObjectMetadata.class,
            InputStream.class)
        .map(
            newRequest ->
                new Sdk1Put(
                    s3.getAmazonS3ClientForTesting(ConditionalPut.REASON),
                    s3.getRequestFactory(),
                    newRequest));
  }

  @Override
  public int send(Path path, byte[] content) throws IOException {
    try {
      client.putObject(request(path, content));
      return OK;
    } catch (AmazonServiceException e) {
      return ConditionalPut.understood(e.getStatusCode(), path, e);
    } catch (AmazonClientException e) {
      throw ConditionalPut.failure(path, e);
    }
  }

  /** With the encryption and the rights that the file system is set to. */
  private PutObjectRequest request(Path path, byte[] content) throws IOException {
    PutObjectRequest request =
        (PutObjectRequest)
            newRequest.call(
                factory,
                ConditionalPut.key(path),
                factory.newObjectMetadata(content.length),
                new ByteArrayInputStream(content));
    request.putCustomRequestHeader(HEADER, ANY);
    return request;
  }
}
