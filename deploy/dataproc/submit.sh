#!/usr/bin/env bash
# Submits a subcommand to a cluster of create.sh; the driver runs on the cluster.
#
#   deploy/dataproc/submit.sh PROJECT NAME REGION gs://BUCKET/instructvideo train --conf-file gs://BUCKET/train.conf --out gs://BUCKET/runs/a
#
# Environment: DRY_RUN=1 (print only). Not tried on Dataproc: only DRY_RUN.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=deploy/common.sh
. "$root/deploy/common.sh"
help_if_asked "$@"
[ $# -ge 5 ] || fail "usage: submit.sh PROJECT NAME REGION gs://BUCKET/FOLDER SUBCOMMAND [OPTION ...]"
project=$1 name=$2 region=$3 folder=${4%/}
shift 4
expect PROJECT "$project" '[a-z][a-z0-9-]{4,28}[a-z0-9]' 'my-project (its ID, not its number)'
expect REGION "$region" '[a-z]+-[a-z]+[0-9]+' europe-west4
expect folder "$folder" 'gs://[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]/[^ ,]+' gs://my-bucket/instructvideo
expect SUBCOMMAND "$1" '[a-z]+' score

java=/usr/lib/jvm/java-17-openjdk-amd64
natives=pytorch-native-cpu-2.7.1-linux-x86_64.jar
# conf/spark-defaults.conf with libtorch of jdk17-torch.sh, Java 17 for the driver and the executors, and six of eight cores.
settings=$(grep -vE '^spark\.(executor\.cores|task\.cpus) ' "$root/conf/spark-defaults.conf" | sed -n 's/^\(spark\.[^ ]*\)  *\(.*\)$/\1=\2/p' | paste -sd '|')
settings+="|spark.executor.cores=6|spark.task.cpus=6|spark.submit.deployMode=cluster|spark.executorEnv.JAVA_HOME=$java|spark.yarn.appMasterEnv.JAVA_HOME=$java"
settings+="|spark.executorEnv.PYTORCH_LIBRARY_PATH=/opt/torch/torch-lib|spark.executorEnv.PYTORCH_VERSION=2.7.1"
settings+="|spark.executorEnv.PYTORCH_FLAVOR=cu128"

need "$root/job/target/instructvideo.jar" "$root/job/target/natives/$natives"
run gcloud storage cp "$root/job/target/instructvideo.jar" "$root/job/target/natives/$natives" "$root/deploy/gpu-discovery.sh" "$folder/"
run gcloud dataproc jobs submit spark --project "$project" --cluster "$name" --region "$region" --properties "^|^$settings" \
  --files "$folder/gpu-discovery.sh" --class instructvideo.job.Main \
  --jars "$folder/instructvideo.jar,$folder/$natives" -- "$@"
