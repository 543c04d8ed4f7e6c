package instructvideo.job;

import instructvideo.spark.HadoopFiles;

/** What an executor does before it loads models, in a process of its own. */
final class ModelCacheProcess {

  private ModelCacheProcess() {}

  /** Copies models to this host and prints where they are; lives until its input ends. */
  public static void main(String[] uris) throws Exception {
    for (String uri : uris) {
      System.out.println(HadoopFiles.local(uri));
    }

    System.out.println("ready");
    if (System.in.read() < 0) {
      Runtime.getRuntime().exit(0); // S3A leaves threads behind
    }
  }
}
