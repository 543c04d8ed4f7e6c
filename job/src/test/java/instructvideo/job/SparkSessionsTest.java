package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import instructvideo.error.InvalidInputException;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SparkSessionsTest {

  @Test
  void kryoIsRefused() {
    SparkConf conf = conf("local[2]");
    conf.set("spark.serializer", "org.apache.spark.serializer.KryoSerializer");

    assertThatThrownBy(() -> SparkSessions.check(conf))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("KryoSerializer")
        .hasMessageContaining("leave it out");
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "local[4]", "local[*]"})
  void gpuResourceIsRefusedWithALocalMaster(String master) {
    SparkConf conf = conf(master);
    conf.set("spark.task.resource.gpu.amount", "1");

    assertThatThrownBy(() -> SparkSessions.check(conf))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("spark.task.resource.gpu.amount: 1")
        .hasMessageContaining(master);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yarn", "spark://host:7077", "local-cluster[2,1,1024]"})
  void gpuResourceIsForExecutors(String master) {
    SparkConf conf = conf(master);
    conf.set("spark.task.resource.gpu.amount", "1");

    assertThatCode(() -> SparkSessions.check(conf)).doesNotThrowAnyException();
  }

  @Test
  void executorsWithGpusOfWhichTasksGetNoneAreRefused() {
    SparkConf conf = conf("spark://host:7077").set("spark.executor.resource.gpu.amount", "2");

    assertThatThrownBy(() -> SparkSessions.check(conf))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("Missing spark.task.resource.gpu.amount")
        .hasMessageContaining("spark.executor.resource.gpu.amount=2")
        .hasMessageContaining("set it to 1");
    assertThatCode(() -> SparkSessions.check(conf.clone().set("spark.master", "local[2]")))
        .doesNotThrowAnyException();
  }

  @Test
  void defaultsPass() {
    assertThatCode(() -> SparkSessions.check(conf("local[*]"))).doesNotThrowAnyException();
  }

  private static SparkConf conf(String master) {
    return new SparkConf(false)
        .set("spark.master", master)
        .set("spark.serializer", "org.apache.spark.serializer.JavaSerializer");
  }
}
