package instructvideo.spark.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import instructvideo.spark.doctor.Check.Status;
import instructvideo.spark.doctor.MemoryCheck.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryCheckTest {

  private static final long GIGABYTE = 1 << 30;

  @TempDir private Path root;

  private void write(String name, String text) throws IOException {
    Files.createDirectories(root.resolve(name).getParent());
    Files.writeString(root.resolve(name), text);
  }

  @Test
  void theLeastLimitOfControlGroupsOfBothVersions() throws IOException {
    write("proc/meminfo", "MemTotal:       16777216 kB\nMemFree: 5 kB\n");
    assertThat(Limits.total(root)).isEqualTo(16 * GIGABYTE);
    assertThat(Limits.container(root)).isEmpty();
    write("proc/self/cgroup", "0::/yarn/container_1\n");
    write("sys/fs/cgroup/yarn/container_1/memory.max", "max\n");
    assertThat(Limits.container(root)).isEmpty();
    write("sys/fs/cgroup/yarn/memory.max", "8589934592\n");
    assertThat(Limits.container(root)).hasValue(8 * GIGABYTE);
    write("proc/self/cgroup", "11:memory:/docker/a\n4:cpu,cpuacct:/docker/a\n0::/\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    assertThat(Limits.container(root)).isEmpty();
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "4294967296\n"); // in a container /
    assertThat(Limits.container(root)).hasValue(4 * GIGABYTE);
  }

  @Test
  void whatYarnGrantsAnExecutor() {
    SparkConf conf = new SparkConf(false).set("spark.master", "yarn");
    assertThat(Limits.granted(conf)).isEqualTo((1024L + 384) << 20);
    conf.set("spark.executor.memory", "6g").set("spark.executor.memoryOverhead", "10g");
    assertThat(Limits.granted(conf)).isEqualTo(16 * GIGABYTE);
    conf.set("spark.master", "spark://host:7077");
    assertThat(Limits.granted(conf)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void whatIsLeftBesideTheHeap() {
    Limits container = new Limits(64 * GIGABYTE, OptionalLong.of(8 * GIGABYTE), 2 * GIGABYTE);
    assertThat(MemoryCheck.run(container, 5 * GIGABYTE).status()).isEqualTo(Status.OK);
    assertThat(MemoryCheck.run(container, 6 * GIGABYTE).status()).isEqualTo(Status.WARN);
    Limits full = new Limits(64 * GIGABYTE, OptionalLong.of(8 * GIGABYTE), 8 * GIGABYTE);
    Check check = MemoryCheck.run(full, 0);
    assertThat(check.status()).isEqualTo(Status.FAIL);
    assertThat(check.value())
        .isEqualTo(
            "65536 MB of this machine, 8192 MB of this container, Java heap 8192 MB, outside of it 0"
                + " MB; libtorch alone needs 600 MB");
    assertThat(check.remedy()).contains("spark.executor.memoryOverhead");
  }
}
