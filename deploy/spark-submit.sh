#!/usr/bin/env bash
# spark-submit with this job's jar, libtorch and settings. What stands before -- goes to spark-submit, what follows to the job:
#
#   deploy/spark-submit.sh --master yarn --deploy-mode cluster -- train --conf-file s3a://bucket/train.conf --out s3a://bucket/runs/first
#   GPU=0 deploy/spark-submit.sh --master spark://host:7077 -- prepare --conf-file prepare.conf --out s3a://bucket/table
#
# Environment: SPARK_HOME (else spark-submit of the PATH), GPU=0 (executors without a GPU), TORCH (folder of libtorch with CUDA on the
# executors, such as /opt/torch/lib/python3.11/site-packages/torch/lib; without it the CPU build is sent along), DRY_RUN=1 (print only).
# Tried: local-cluster and a standalone cluster (deploy/standalone/local.sh), with GPU=0 and with GPUs that are assigned but absent. Not
# tried: YARN, a real GPU.
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
jar=$root/job/target/instructvideo.jar
defaults=$root/conf/spark-defaults.conf

# shellcheck source=deploy/common.sh
. "$root/deploy/common.sh"
[ $# != 1 ] || help_if_asked "$1"

submit=spark-submit
[ -z "${SPARK_HOME:-}" ] || submit=$SPARK_HOME/bin/spark-submit
[ -n "${DRY_RUN:-}" ] || command -v "$submit" >/dev/null || fail "Cannot submit: $submit is not there; set SPARK_HOME"
[ -e "$jar" ] || fail "Cannot submit: $jar is not there; run mvn -DskipTests package"

options=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  options+=("$1")
  shift
done
[ $# -gt 1 ] || fail "Missing --: options of spark-submit, then --, then a subcommand and its options"
shift

# As --conf, not as --properties-file, which would put the cluster's own spark-defaults.conf out of force.
settings=()
while read -r key value; do
  case $key in
    '' | '#'*) ;;
    *.resource.gpu.*) [ "${GPU:-1}" = 0 ] || settings+=(--conf "$key=$value") ;;
    *) settings+=(--conf "$key=$value") ;;
  esac
done <"$defaults"
[ "${GPU:-1}" = 0 ] || settings+=(--files "$root/deploy/gpu-discovery.sh")

natives=("$root"/job/target/natives/*.jar)
if [ -n "${TORCH:-}" ]; then
  settings+=(--conf "spark.executorEnv.PYTORCH_LIBRARY_PATH=$TORCH" --conf spark.executorEnv.PYTORCH_VERSION=2.7.1
    --conf spark.executorEnv.PYTORCH_FLAVOR="$([ "${GPU:-1}" = 0 ] && echo cpu || echo cu128)")
else
  [ "${GPU:-1}" = 0 ] || echo "note: without TORCH executors have the CPU build of PyTorch, and a task with a GPU fails" >&2
fi
# The driver computes on the CPU (it reads the models' headers), so libtorch for the CPU goes along either way.
[ -e "${natives[0]}" ] || fail "Cannot submit: job/target/natives is empty; run mvn -DskipTests package"
settings+=(--jars "$(IFS=,; echo "${natives[*]}")")

command=("$submit" "${settings[@]}" ${options[@]+"${options[@]}"} --class instructvideo.job.Main "$jar" "$@")
if [ -n "${DRY_RUN:-}" ]; then
  printf '%q ' "${command[@]}"
  echo
  exit
fi
exec "${command[@]}"
