#!/usr/bin/env bash
# Prints the GPUs of this host as Spark wants them: {"name": "gpu", "addresses": ["0", "1"]}. Asks nvidia-smi each time: where
# containers are isolated it lists those of the container, and nothing is kept from one executor to the next.
#
#   spark.executor.resource.gpu.discoveryScript=./gpu-discovery.sh   (YARN; spark-submit --files deploy/gpu-discovery.sh)
#   spark.worker.resource.gpu.discoveryScript=/opt/instructvideo/gpu-discovery.sh   (standalone)
#
# GPUS="0 1" overrides nvidia-smi, to try the scheduling without a GPU. Tried: with GPUS, without nvidia-smi, with programs that answer as
# it does where there is no GPU or no driver. Not tried: a GPU; GPUs cut into parts (MIG), which nvidia-smi lists as one.
set -euo pipefail

fail() {
  echo "error: Cannot list the GPUs of $HOSTNAME: $1" >&2
  exit 1
}

if [ -n "${GPUS:-}" ]; then
  gpus=$GPUS
elif command -v nvidia-smi >/dev/null; then
  # It says on its standard output what is wrong.
  gpus=$(nvidia-smi --query-gpu=index --format=csv,noheader) ||
    fail "${gpus:-nvidia-smi ended without a word}; is NVIDIA's driver running, and a GPU in this container?"
else
  fail "nvidia-smi is not there; install NVIDIA's driver"
fi

addresses=
for gpu in $gpus; do
  [[ $gpu =~ ^[0-9]+$ ]] || fail "$gpu of \"${gpus//$'\n'/ }\" is no number of a GPU"
  addresses+="${addresses:+, }\"$gpu\""
done
echo "{\"name\": \"gpu\", \"addresses\": [$addresses]}"
