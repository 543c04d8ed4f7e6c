package instructvideo.job.claim;

import com.amazonaws.AmazonClientException;
import com.amazonaws.AmazonServiceException;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.model.PutObjectRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.s3a.S3AFileSystem;
import org.apache.hadoop.fs.s3a.api.RequestFactory;

/**
 * A conditional PUT by the client of Hadoop 3.3's S3A, which cannot do it itself. Loaded only where
 * hadoop-aws 3.3 and version 1 of the SDK are.
 */
final class S3ConditionalPut {

  private static final int FAILED = 412; // PreconditionFailed: another object is there, or our own
  private static final int CONFLICT = 409; // another write is under way: to be tried again
  private static final int NOT_IMPLEMENTED = 501;
  private static final int ATTEMPTS = 10;

  private S3ConditionalPut() {}

  /**
   * Puts an object unless one is there, which is no error. Returns false where the store knows no
   * conditions.
   */
  static boolean put(FileSystem files, Path path, byte[] content) throws IOException {
    S3AFileSystem s3 = (S3AFileSystem) files;
    AmazonS3 client = s3.getAmazonS3ClientForTesting("conditional write");
    for (int attempt = 1; ; attempt++) {
      try {
        client.putObject(request(s3.getRequestFactory(), path, content));
        return true;
      } catch (AmazonServiceException e) {
        if (e.getStatusCode() == FAILED || e.getStatusCode() == NOT_IMPLEMENTED) {
          return e.getStatusCode() == FAILED;
        }

        if (e.getStatusCode() != CONFLICT || attempt == ATTEMPTS) {
          throw new IOException("Cannot write " + path + ": " + e.getMessage(), e);
        }

        pause();
      } catch (AmazonClientException e) {
        throw new IOException("Cannot write " + path + ": " + e.getMessage(), e);
      }
    }
  }

  /** With the encryption and the rights that the file system is set to. */
  private static PutObjectRequest request(RequestFactory factory, Path path, byte[] content) {
    String key = path.toUri().getPath().substring(1);
    PutObjectRequest request =
        factory.newPutObjectRequest(
            key, factory.newObjectMetadata(content.length), new ByteArrayInputStream(content));
    request.putCustomRequestHeader("If-None-Match", "*");
    return request;
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(200);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
