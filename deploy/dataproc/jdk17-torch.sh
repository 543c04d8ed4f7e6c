#!/usr/bin/env bash
# Initialization action of Dataproc 2.2 and 2.3 (Debian 12 or Ubuntu 22): a JDK 17, which these images may lack, and on nodes with a GPU
# pip's torch with CUDA. Metadata torch-index names another index of wheels.
#
# Not tried on Dataproc.
set -euo pipefail

metadata() {
  curl -sf -H 'Metadata-Flavor: Google' "http://metadata.google.internal/computeMetadata/v1/instance/attributes/$1" || echo "$2"
}

export DEBIAN_FRONTEND=noninteractive
# apt's own timers may hold its lock while a machine starts.
apt-get -o DPkg::Lock::Timeout=300 update
apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends openjdk-17-jdk-headless python3-venv libgomp1
test -x /usr/lib/jvm/java-17-openjdk-amd64/bin/java

if ! grep -q 0x10de /sys/bus/pci/devices/*/vendor; then
  echo "No GPU here: PyTorch is not installed."
  exit 0
fi
nvidia-smi # what the action before this one installed

# Ubuntu's Python, of which python3-venv is a part; the first on Dataproc's PATH may be Conda's.
/usr/bin/python3 -m venv /opt/torch
/opt/torch/bin/pip install --no-cache-dir --index-url "$(metadata torch-index https://download.pytorch.org/whl/cu128)" torch==2.7.1
# A path without Python's version, for the settings of the job. The job follows the link.
ln -sfn /opt/torch/lib/python3.*/site-packages/torch/lib /opt/torch/torch-lib
test -e /opt/torch/torch-lib/libtorch_cuda.so
