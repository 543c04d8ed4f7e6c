package instructvideo.job;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** A store that counts its GETs and makes some of them go wrong. */
final class FaultyStore extends ForwardingBlobStore {

  /** What becomes of a GET. */
  interface Fault {
    /** What the client gets instead of these bytes. */
    InputStream of(InputStream bytes) throws IOException;
  }

  /** The server has too much to do. */
  static final Fault BUSY =
      bytes -> {
        throw S3Exceptions.fromStatusCode(503);
      };

  /** The connection ends after some bytes. */
  static final Fault BROKEN =
      bytes ->
          new FilterInputStream(bytes) {
            private int left = 1 << 20;

            @Override
            public int read(byte[] buffer, int offset, int size) throws IOException {
              if (left <= 0) {
                throw new IOException("cut");
              }

              int read = super.read(buffer, offset, Math.min(size, left));
              left -= read;
              return read;
            }
          };

  private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
  private volatile boolean isReadOnly;
  private final AtomicInteger gets = new AtomicInteger();

  FaultyStore(BlobStore store) {
    super(store);
  }

  /** The first byte of what is read changes by this much. */
  static Fault damaged(int by) {
    return bytes ->
        new FilterInputStream(bytes) {
          private boolean isFirst = true;

          @Override
          public int read(byte[] buffer, int offset, int size) throws IOException {
            int read = super.read(buffer, offset, size);
            if (isFirst && read > 0) {
              buffer[offset] += (byte) by;
              isFirst = false;
            }

            return read;
          }
        };
  }

  /** The GETs to come: a fault each, then none. */
  void next(Fault... next) {
    faults.clear();
    faults.addAll(List.of(next));
  }

  /** Whether credentials may read, but not write. */
  void readOnly(boolean now) {
    isReadOnly = now;
  }

  @Override
  public PutObjectResponse putBlob(PutObjectRequest request, InputStream bytes) {
    if (isReadOnly) {
      throw S3Exceptions.fromStatusCode(403);
    }

    return super.putBlob(request, bytes);
  }

  int gets() {
    return gets.get();
  }

  @Override
  public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
    gets.incrementAndGet();
    ResponseInputStream<GetObjectResponse> whole = super.getBlob(request);
    Fault fault = faults.poll();
    try {
      return fault == null ? whole : new ResponseInputStream<>(whole.response(), fault.of(whole));
    } catch (IOException e) {
      throw S3Exceptions.fromStatusCode(500);
    }
  }
}
