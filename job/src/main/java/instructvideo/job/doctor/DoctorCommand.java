package instructvideo.job.doctor;

import instructvideo.job.Command;
import instructvideo.job.Failures;
import instructvideo.job.SparkSessions;
import instructvideo.job.config.RunConfig;
import instructvideo.job.config.Settings;
import instructvideo.spark.doctor.Check;
import instructvideo.spark.doctor.HostChecks;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.SparkSession;

/** {@code doctor}: checks this machine, the executors, stores and models, and says what to do. */
public final class DoctorCommand implements Command {

  private static final int FAILED = 1;

  @Override
  public String name() {
    return "doctor";
  }

  @Override
  public String summary() {
    return "Checks Java, memory, disks, PyTorch, GPU, ffmpeg, executors, the rights on stores and the models,"
        + " and says what to do (exit code 1 if something failed).";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "instructvideo doctor",
        "instructvideo doctor --model zeroscope_v2_576w --reward hpsv2=HPS_v2_compressed.pt \\",
        "    --data s3a://bucket/prepared --out s3a://bucket/runs",
        "spark-submit --master yarn --class instructvideo.job.Main instructvideo.jar doctor \\",
        "    --out s3a://bucket/runs --json");
  }

  @Override
  public List<String> options() {
    return List.of(
        "--out",
        "--model",
        "--reward",
        "--head",
        "--fit",
        "--data",
        "--json",
        "--threads",
        "--master");
  }

  @Override
  public boolean needsStores() {
    return false; // what is wrong with them is what it is to say
  }

  @Override
  public int run(Settings settings) throws Exception {
    ModelChecks models = new ModelChecks(settings);
    int threads = settings.run().threads();
    List<Finding> findings = new ArrayList<>();
    add(findings, HostChecks.run(models.bytes(), threads));
    add(findings, stores(settings.run()));
    add(findings, models.checks());
    if (SparkSessions.isCluster(settings)) {
      findings.addAll(executors(settings, models.bytes()));
    }

    System.out.print(
        settings.run().doctor().json()
            ? DoctorReport.json(findings)
            : DoctorReport.lines(findings));
    return findings.stream().anyMatch(Finding::isFailure) ? FAILED : 0;
  }

  private static void add(List<Finding> findings, List<Check> checks) {
    checks.forEach(check -> findings.add(new Finding("driver", check)));
  }

  private static List<Check> stores(RunConfig config) {
    Set<String> inputs = new LinkedHashSet<>(List.of(config.model(), config.data()));
    inputs.addAll(config.reward().checkpoints().values());
    inputs.addAll(config.reward().heads().values());
    inputs.removeIf(String::isBlank);
    List<Check> checks = new ArrayList<>();
    inputs.forEach(uri -> checks.addAll(StoreChecks.ofInput(uri)));
    if (!config.out().isBlank()) {
      checks.addAll(StoreChecks.ofOutput(config.out()));
    }

    return checks;
  }

  private List<Finding> executors(Settings settings, long weights) throws InterruptedException {
    try (SparkSession spark = SparkSessions.open(settings, name())) {
      return new ClusterChecks(spark, weights, settings.run().threads()).run();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) { // Spark's checked ones are not declared
      Check failed =
          Check.fail(
              "cluster",
              Failures.line(e),
              "Spark cannot start executors: its master, spark.executor.memory and .cores, queue and"
                  + " rights there");
      return List.of(new Finding("driver", failed));
    }
  }
}
