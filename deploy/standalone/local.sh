#!/usr/bin/env bash
# A standalone cluster on this machine, to try the files of this folder: a master and two workers, each of which offers one GPU.
#
#   deploy/standalone/local.sh start FOLDER      # logs, process ids and work go into FOLDER; prints the master's URL
#   deploy/standalone/local.sh stop FOLDER
#
# Environment: SPARK_HOME (needed), PORT (default 17077), CORES and MEMORY of a worker (default 1 and 2g).
# Without a GPU the workers say that they have one each (GPUS of deploy/gpu-discovery.sh): scheduling can be tried, and a task that
# asks for its GPU ends with a line that says there is none; GPU=0 deploy/spark-submit.sh scores on the CPU.
# Tried: with Spark 3.5.8, on a machine without a GPU.
set -euo pipefail

[ $# = 2 ] || { echo "usage: local.sh start|stop FOLDER" >&2; exit 2; }
mkdir -p "$2"
folder=$(cd "$2" && pwd)
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
port=${PORT:-17077}

start() { # name, class, options ...
  local name=$1
  shift
  "$SPARK_HOME/bin/spark-class" "$@" >"$folder/$name.log" 2>&1 &
  echo $! >"$folder/$name.pid"
}

await() { # a port
  for _ in $(seq 120); do
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
    sleep 0.5
  done
  echo "error: Cannot start Spark: nothing listens on port $1; its log is in $folder" >&2
  exit 1
}

case $1 in
  start)
    [ -x "${SPARK_HOME:-}/bin/spark-class" ] || { echo "error: Invalid SPARK_HOME: ${SPARK_HOME:-} has no bin/spark-class" >&2; exit 2; }
    export SPARK_LOCAL_IP=127.0.0.1
    start master org.apache.spark.deploy.master.Master --host 127.0.0.1 --port "$port" --webui-port $((port + 1))
    await "$port"
    for worker in 0 1; do
      gpus=
      command -v nvidia-smi >/dev/null || gpus=$worker
      GPUS=$gpus SPARK_WORKER_OPTS="-Dspark.worker.resource.gpu.amount=1 -Dspark.worker.resource.gpu.discoveryScript=$here/../gpu-discovery.sh" \
        start "worker-$worker" org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --webui-port $((port + 2 + worker)) \
        --cores "${CORES:-1}" --memory "${MEMORY:-2g}" --work-dir "$folder/work-$worker" "spark://127.0.0.1:$port"
      await $((port + 2 + worker))
    done
    echo "spark://127.0.0.1:$port"
    ;;
  stop)
    for name in worker-1 worker-0 master; do
      [ ! -e "$folder/$name.pid" ] || kill "$(cat "$folder/$name.pid")" 2>/dev/null || true
      rm -f "$folder/$name.pid"
    done
    ;;
  *)
    echo "usage: local.sh start|stop FOLDER" >&2
    exit 2
    ;;
esac
