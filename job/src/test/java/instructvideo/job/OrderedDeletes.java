package instructvideo.job;

import java.util.ArrayList;
import java.util.List;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.DeletedObject;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;

/**
 * A store over a folder that deletes many objects one after another. S3Proxy deletes ten at a time,
 * and where a folder's marker goes at the same time as the last object in it, the empty folder
 * stays and is listed: S3 has no such thing.
 */
final class OrderedDeletes extends ForwardingBlobStore {

  OrderedDeletes(BlobStore store) {
    super(store);
  }

  @Override
  public DeleteObjectsResponse removeBlobs(DeleteObjectsRequest request) {
    List<DeletedObject> deleted = new ArrayList<>();
    List<S3Error> errors = new ArrayList<>();
    for (ObjectIdentifier object : request.delete().objects()) {
      Delete one = request.delete().toBuilder().objects(object).build();
      DeleteObjectsResponse response = super.removeBlobs(request.toBuilder().delete(one).build());
      deleted.addAll(response.deleted());
      errors.addAll(response.errors());
    }

    return DeleteObjectsResponse.builder().deleted(deleted).errors(errors).build();
  }
}
