#!/usr/bin/env bash
# Submits a subcommand to a cluster of create.sh; the driver runs on the cluster.
#
#   deploy/dataproc/submit.sh NAME REGION gs://BUCKET/instructvideo train --conf-file gs://BUCKET/train.conf --out gs://BUCKET/runs/first
#
# Environment: DRY_RUN=1 (print only). Not tried on Dataproc: only DRY_RUN.
set -euo pipefail

[ $# -ge 4 ] || { echo "usage: submit.sh NAME REGION gs://BUCKET/FOLDER SUBCOMMAND [OPTION ...]" >&2; exit 2; }
name=$1 region=$2 folder=$3
shift 3
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
run() {
  if [ -n "${DRY_RUN:-}" ]; then printf '%q ' "$@"; echo; else "$@"; fi
}

java=/usr/lib/jvm/java-17-openjdk-amd64
natives=pytorch-native-cpu-2.7.1-linux-x86_64.jar
# conf/spark-defaults.conf with libtorch of jdk17-torch.sh, Java 17 for the driver and the executors, and six of eight cores.
settings=$(grep -vE '^spark\.(executor\.cores|task\.cpus) ' "$root/conf/spark-defaults.conf" | sed -n 's/^\(spark\.[^ ]*\)  *\(.*\)$/\1=\2/p' | paste -sd '|')
settings+="|spark.executor.cores=6|spark.task.cpus=6|spark.submit.deployMode=cluster|spark.executorEnv.JAVA_HOME=$java|spark.yarn.appMasterEnv.JAVA_HOME=$java"
settings+="|spark.executorEnv.PYTORCH_LIBRARY_PATH=/opt/torch/torch-lib|spark.executorEnv.PYTORCH_VERSION=2.7.1"
settings+="|spark.executorEnv.PYTORCH_FLAVOR=cu128"

run gcloud storage cp "$root/job/target/instructvideo.jar" "$root/job/target/natives/$natives" "$root/deploy/gpu-discovery.sh" "$folder/"
run gcloud dataproc jobs submit spark --cluster "$name" --region "$region" --properties "^|^$settings" \
  --files "$folder/gpu-discovery.sh" --class instructvideo.job.Main \
  --jars "$folder/instructvideo.jar,$folder/$natives" -- "$@"
