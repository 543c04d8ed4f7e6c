package instructvideo.job;

import instructvideo.job.claim.ConditionalWrites;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.VersionInfo;

/** Conditional writes with the Hadoop of a class path of its own. */
final class ClaimProcess {

  private static final int RACES = 50;

  private final FileSystem first;
  private final FileSystem second;

  private ClaimProcess(Configuration configuration) throws IOException {
    URI bucket = URI.create("s3a://bucket/");
    first = FileSystem.newInstance(bucket, configuration);
    second = FileSystem.newInstance(bucket, configuration);
  }

  /**
   * Prints the version of Hadoop, how many races had one winner, and what the store makes of a
   * second file in each folder.
   *
   * @param args folders; settings of Hadoop, as key=value
   */
  public static void main(String[] args) throws Exception {
    Configuration configuration = new Configuration();
    List<String> folders = new ArrayList<>();
    for (String arg : args) {
      String[] parts = arg.split("=", 2);
      if (parts.length == 2) {
        configuration.set(parts[0], parts[1]);
      } else {
        folders.add(arg);
      }
    }

    ClaimProcess claims = new ClaimProcess(configuration);
    System.out.println("Hadoop " + VersionInfo.getVersion());
    System.out.println("one winner in " + claims.races());
    for (String folder : folders) {
      System.out.println(folder + ": " + claims.support(folder));
    }

    Runtime.getRuntime().exit(0); // S3A leaves threads behind
  }

  /** Two writers that begin in the same moment, each with a client of its own. */
  private int races() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    CyclicBarrier start = new CyclicBarrier(2);
    int decided = 0;
    for (int i = 0; i < RACES; i++) {
      Path path = new Path("s3a://bucket/races/" + i);
      Future<Boolean> one = threads.submit(writer(first, path, "one", start));
      Future<Boolean> two = threads.submit(writer(second, path, "two", start));
      decided += one.get().equals(two.get()) ? 0 : 1;
    }

    threads.shutdown();
    return decided;
  }

  private static Callable<Boolean> writer(
      FileSystem files, Path path, String content, CyclicBarrier start) {
    return () -> {
      start.await();
      return ConditionalWrites.create(files, path, content.getBytes(StandardCharsets.UTF_8));
    };
  }

  private String support(String folder) {
    try {
      return ConditionalWrites.probe(first, new Path("s3a://bucket/" + folder + "/probe"))
          .toString();
    } catch (IOException e) {
      return e.getMessage();
    }
  }
}
