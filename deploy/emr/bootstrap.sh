#!/usr/bin/env bash
# Bootstrap action of EMR 7 (Amazon Linux 2023): a v1 devices hierarchy for YARN's GPU isolation, and pip's torch with CUDA.
#
#   bootstrap.sh [INDEX]     INDEX: of wheels, default PyTorch's own for CUDA 12.8; s3://BUCKET/FOLDER of wheels for clusters without
#                            internet, filled by: pip download --dest wheels --python-version 3.11 --only-binary :all: \
#                              --platform manylinux_2_28_x86_64 --platform manylinux_2_27_x86_64 --platform manylinux2014_x86_64 \
#                              --index-url https://download.pytorch.org/whl/cu128 torch==2.7.1
#                            (pip takes each platform by its name; NVIDIA's wheels are of the older two)
#
# Not tried on EMR.
set -euo pipefail

index=${1:-https://download.pytorch.org/whl/cu128}
cgroup=/instructvideo-cgroup # as in configurations.json

sudo mkdir -p "$cgroup/devices"
mountpoint -q "$cgroup/devices" || sudo mount -t cgroup -o devices cgroupv1-devices "$cgroup/devices"
sudo chmod -R a+rwx "$cgroup"

# Copies of models, of the driver too, and unpacked natives: Amazon Linux 2023 keeps /tmp in memory (half of it), EMR's disks are /mnt.
# The sticky bit as of /tmp: containers may run as other users than the driver.
sudo install -d -m 1777 /mnt/instructvideo

# By the hardware: EMR may install NVIDIA's driver only after the bootstrap actions.
if ! grep -q 0x10de /sys/bus/pci/devices/*/vendor; then
  echo "No GPU here (the primary node): the driver computes on the CPU, with the library of --jars."
  exit 0
fi
nvidia-smi || echo "NVIDIA's driver is not here yet."

# Several gigabytes of wheels: not through /tmp either.
sudo install -d -m 1777 /mnt/instructvideo/pip
export TMPDIR=/mnt/instructvideo/pip
sudo python3.11 -m venv /opt/torch
case $index in
  s3://*)
    wheels=$(mktemp -d)
    aws s3 cp --recursive --only-show-errors "$index" "$wheels"
    sudo TMPDIR="$TMPDIR" /opt/torch/bin/pip install --no-cache-dir --no-index --find-links "$wheels" torch==2.7.1
    rm -r "${wheels:?}"
    ;;
  *) sudo TMPDIR="$TMPDIR" /opt/torch/bin/pip install --no-cache-dir --index-url "$index" torch==2.7.1 ;;
esac
# A path without Python's version, for the settings of the job. The job follows the link to find nvidia/cuda_runtime/lib beside torch/.
sudo ln -sfn /opt/torch/lib/python3.11/site-packages/torch/lib /opt/torch/torch-lib
test -e /opt/torch/torch-lib/libtorch_cuda.so
