#!/usr/bin/env bash
# Bootstrap action of EMR 7 (Amazon Linux 2023): a v1 devices hierarchy for YARN's GPU isolation, and pip's torch with CUDA.
#
#   bootstrap.sh [INDEX]     INDEX: of wheels, default PyTorch's own for CUDA 12.8; a folder of wheels works too
#
# Not tried on EMR.
set -euo pipefail

index=${1:-https://download.pytorch.org/whl/cu128}
cgroup=/instructvideo-cgroup # as in configurations.json

sudo mkdir -p "$cgroup/devices"
mountpoint -q "$cgroup/devices" || sudo mount -t cgroup -o devices cgroupv1-devices "$cgroup/devices"
sudo chmod -R a+rwx "$cgroup"

if ! nvidia-smi; then
  echo "No GPU here (the primary node): the job runs no step on it."
  exit 0
fi

sudo python3.11 -m venv /opt/torch
if [ -d "$index" ]; then
  sudo /opt/torch/bin/pip install --no-cache-dir --no-index --find-links "$index" torch==2.7.1
else
  sudo /opt/torch/bin/pip install --no-cache-dir --index-url "$index" torch==2.7.1
fi
test -e /opt/torch/lib/python3.11/site-packages/torch/lib/libtorch_cuda.so
