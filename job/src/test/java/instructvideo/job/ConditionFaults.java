package instructvideo.job;

import java.io.InputStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** A store whose folders do other things with a conditional PUT. */
final class ConditionFaults extends ForwardingBlobStore {

  /** Writes whatever the condition. */
  static final String IGNORING = "ignoring";

  /** Answers 501: knows no conditions. */
  static final String UNKNOWING = "unknowing";

  /** Answers 409 twice before it writes or refuses. */
  static final String BUSY = "busy";

  /** Answers 403. */
  static final String FORBIDDEN = "forbidden";

  private final AtomicInteger conflicts = new AtomicInteger();

  ConditionFaults(BlobStore store) {
    super(store);
  }

  @Override
  public PutObjectResponse putBlob(PutObjectRequest request, InputStream body) {
    boolean isConditional = request.ifNoneMatch() != null;
    return switch (isConditional ? request.key().split("/", -1)[0] : "") {
      case IGNORING -> super.putBlob(request.toBuilder().ifNoneMatch(null).build(), body);
      case UNKNOWING -> throw S3Exceptions.fromStatusCode(501);
      case FORBIDDEN -> throw S3Exceptions.fromStatusCode(403);
      case BUSY -> {
        if (conflicts.getAndIncrement() % 3 < 2) {
          throw S3Exceptions.fromStatusCode(409);
        }

        yield super.putBlob(request, body);
      }
      default -> super.putBlob(request, body);
    };
  }
}
