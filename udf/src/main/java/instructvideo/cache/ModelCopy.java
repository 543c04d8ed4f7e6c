package instructvideo.cache;

import instructvideo.cache.FileCopy.Arrived;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies all files of a model into a folder, several ranges at a time. */
record ModelCopy(RemoteModel model, Path folder, int streams, CopyProgress progress) {

  private static final Logger LOG = LoggerFactory.getLogger(ModelCache.class);
  private static final long RANGE = 16 << 20;
  private static final String ENCRYPTION = "header.x-amz-server-side-encryption";

  /** Brings all files; of what differs from the store's checksum, a second copy decides. */
  List<CopiedFile> run() throws IOException {
    List<CopiedFile> copied = new ArrayList<>();
    for (Arrived arrived : bring(model.parts())) {
      copied.add(arrived.contradictsStore() ? settled(arrived) : arrived.copied());
    }

    return copied;
  }

  private List<Arrived> bring(List<RemoteFile> parts) throws IOException {
    List<FileCopy> copies = new ArrayList<>();
    List<Download> downloads = new ArrayList<>();
    try {
      for (RemoteFile part : parts) {
        FileCopy copy = new FileCopy(part, folder.resolve(part.name()), RANGE);
        copies.add(copy);
        for (int index = 0; index < copy.ranges(); index++) {
          downloads.add(new Download(model.files(), copy, index, progress));
        }
      }

      run(downloads);
      return copies.stream().map(FileCopy::end).toList();
    } finally {
      for (FileCopy copy : copies) {
        copy.close();
      }
    }
  }

  private void run(List<Download> downloads) throws IOException {
    ExecutorService pool = Executors.newFixedThreadPool(streams, DaemonThreads.named("model-copy"));
    CompletionService<Download> tasks = new ExecutorCompletionService<>(pool);
    List<Future<Download>> running = new ArrayList<>();
    downloads.forEach(download -> running.add(tasks.submit(download)));
    try {
      for (int i = 0; i < running.size(); i++) {
        tasks.take().get(); // the first that ends, so that the first failure ends all
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    } finally {
      end(pool);
    }
  }

  /** Nobody may write to files that are about to be removed. */
  private static void end(ExecutorService pool) {
    pool.shutdownNow();
    boolean isInterrupted = Thread.interrupted();
    try {
      pool.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      isInterrupted = true;
    }

    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The ETag of what is encrypted with keys of KMS or of a customer is no MD5. */
  private CopiedFile settled(Arrived first) throws IOException {
    RemoteFile remote = first.remote();
    if (encryption(remote).startsWith("aws:kms")) {
      return first.copied();
    }

    Files.delete(folder.resolve(remote.name()));
    Arrived second = bring(List.of(remote)).get(0);
    if (second.contradictsStore() && !second.copied().equals(first.copied())) {
      throw new IOException(
          "%s has another checksum than its store says, and another one each time: the way to"
                  .formatted(remote.status().getPath())
              + " it or the store damages it");
    }

    LOG.warn(
        "{} {}",
        remote.status().getPath(),
        second.contradictsStore()
            ? "has no MD5 for an ETag: two copies are equal, and are taken"
            : "came damaged, and whole the second time");
    return second.copied();
  }

  private String encryption(RemoteFile remote) {
    try {
      byte[] value = model.files().getXAttr(remote.status().getPath(), ENCRYPTION);
      return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    } catch (IOException | UnsupportedOperationException e) {
      return ""; // the store does not tell
    }
  }
}
