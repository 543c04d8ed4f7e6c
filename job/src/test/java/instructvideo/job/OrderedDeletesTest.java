package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

class OrderedDeletesTest {

  @TempDir private Path temp;

  /** Without the order every 40th folder or so stays. */
  @Test
  void nothingIsLeftOfFolders() {
    Properties properties = new Properties();
    properties.setProperty("jclouds.filesystem.basedir", temp.toString());
    try (BlobStore store = new OrderedDeletes(BlobStores.create("filesystem-nio2", properties))) {
      store.createContainer("bucket");
      for (int i = 0; i < 300; i++) {
        List<ObjectIdentifier> objects = new ArrayList<>();
        for (String name : List.of("", "a/", "a/1", "a/2", "b/", "b/1", "b/2")) {
          objects.add(put(store, "folder-%d/%s".formatted(i, name)));
        }

        Delete delete = Delete.builder().objects(objects).build();
        store.removeBlobs(DeleteObjectsRequest.builder().bucket("bucket").delete(delete).build());
      }
    }

    assertThat(temp.resolve("bucket")).isEmptyDirectory();
  }

  private static ObjectIdentifier put(BlobStore store, String key) {
    byte[] content = key.endsWith("/") ? new byte[0] : new byte[] {1};
    store.putBlob(
        PutObjectRequest.builder()
            .bucket("bucket")
            .key(key)
            .contentLength((long) content.length)
            .build(),
        new ByteArrayInputStream(content));
    return ObjectIdentifier.builder().key(key).build();
  }
}
