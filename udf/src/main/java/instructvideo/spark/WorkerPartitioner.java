package instructvideo.spark;

import org.apache.spark.Partitioner;

/** One partition a worker. */
final class WorkerPartitioner extends Partitioner {

  private static final long serialVersionUID = 1;

  private final int workers;

  WorkerPartitioner(int workers) {
    this.workers = workers;
  }

  @Override
  public int numPartitions() {
    return workers;
  }

  @Override
  public int getPartition(Object key) {
    return ((Slot) key).worker();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WorkerPartitioner partitioner && partitioner.workers == workers;
  }

  @Override
  public int hashCode() {
    return workers;
  }
}
