#!/usr/bin/env bash
# Prints the GPUs of this host as Spark wants them: {"name": "gpu", "addresses": ["0", "1"]}. Asks nvidia-smi each time: where
# containers are isolated it lists those of the container, and nothing is kept from one executor to the next.
#
#   spark.executor.resource.gpu.discoveryScript=./gpu-discovery.sh   (YARN; spark-submit --files deploy/gpu-discovery.sh)
#   spark.worker.resource.gpu.discoveryScript=/opt/instructvideo/gpu-discovery.sh   (standalone)
#
# GPUS="0 1" overrides nvidia-smi, to try the scheduling without a GPU. Tried: with GPUS, and without nvidia-smi. Not tried: a GPU.
set -euo pipefail

if [ -n "${GPUS:-}" ]; then
  gpus=$GPUS
elif command -v nvidia-smi >/dev/null; then
  gpus=$(nvidia-smi --query-gpu=index --format=csv,noheader)
else
  echo "error: Cannot list the GPUs of $(hostname): nvidia-smi is not there; install NVIDIA's driver" >&2
  exit 1
fi

addresses=
for gpu in $gpus; do
  addresses+="${addresses:+, }\"$gpu\""
done
echo "{\"name\": \"gpu\", \"addresses\": [$addresses]}"
