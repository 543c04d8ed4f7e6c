package instructvideo.spark.doctor;

import static scala.util.Properties.versionNumberString;

import com.sun.jna.Function;
import java.util.List;
import org.apache.hadoop.util.VersionInfo;

/** The checks of one JVM and its host: of the driver or of an executor. */
public final class HostChecks {

  private static final int JAVA = 17;
  private static final int GLIBC_MINOR = 29; // libtorch 2.7.1 and ffmpeg's libraries

  private HostChecks() {}

  /**
   * Looks at everything but stores and models.
   *
   * @param weights bytes of the models that are to be loaded, 0 if it is not known
   * @param threads of one operator
   */
  public static List<Check> run(long weights, int threads) {
    return List.of(
        java(),
        Check.attempt("spark", "give the job a Spark 3.5 with Scala 2.12", HostChecks::spark),
        Check.attempt(
            "glibc",
            "run on a newer Linux: Debian 12, Ubuntu 22, Rocky 9, Amazon Linux 2023",
            HostChecks::glibc),
        Check.ok("cores", Integer.toString(Runtime.getRuntime().availableProcessors())),
        Check.attempt("memory", "", () -> MemoryCheck.run(MemoryCheck.Limits.read(), weights)),
        Check.attempt(
            "cache",
            "set INSTRUCTVIDEO_CACHE to a folder of this user on a disk with room",
            () -> DiskChecks.cache(weights)),
        Check.attempt(
            "temporary files",
            "set -Djava.io.tmpdir to a folder that can be written to",
            DiskChecks::temporary),
        Check.attempt(
            "torch",
            "operations.md, Errors and remedies, has the lines of PyTorch",
            () -> EngineChecks.torch(threads)),
        Check.attempt("gpu", "operations.md, GPU", EngineChecks::gpu),
        Check.attempt(
            "ffmpeg",
            "give the whole instructvideo.jar, which has ffmpeg's libraries; they need a folder to unpack to: -Dorg.bytedeco.javacpp.cachedir",
            VideoCheck::run));
  }

  private static Check java() {
    int version = Runtime.version().feature();
    String value = "%s (%s)".formatted(Runtime.version(), System.getProperty("java.home"));
    return version == JAVA
        ? Check.ok("java", value)
        : Check.fail(
            "java",
            value,
            "Spark 3.5 needs Java 17: set JAVA_HOME to a JDK 17, of executors spark.executorEnv.JAVA_HOME");
  }

  private static Check spark() {
    String version = org.apache.spark.package$.MODULE$.SPARK_VERSION();
    String scala = versionNumberString();
    String value = "%s, Scala %s, Hadoop %s".formatted(version, scala, VersionInfo.getVersion());
    return version.startsWith("3.5.") && scala.startsWith("2.12.")
        ? Check.ok("spark", value)
        : Check.fail("spark", value, "give the job a Spark 3.5 with Scala 2.12");
  }

  private static Check glibc() {
    String version =
        Function.getFunction("c", "gnu_get_libc_version").invokeString(new Object[0], false);
    String[] parts = version.split("\\.", -1);
    boolean isNew = Integer.parseInt(parts[0]) > 2 || Integer.parseInt(parts[1]) >= GLIBC_MINOR;
    return isNew
        ? Check.ok("glibc", version)
        : Check.fail(
            "glibc",
            version + ", libtorch needs 2." + GLIBC_MINOR,
            "run on a newer Linux: Debian 12, Ubuntu 22, Rocky 9, Amazon Linux 2023");
  }
}
