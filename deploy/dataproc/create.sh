#!/usr/bin/env bash
# A Dataproc cluster with one T4 a worker; the driver of the GPU comes from Google's own initialization action.
#
#   deploy/dataproc/create.sh NAME REGION gs://BUCKET/instructvideo [WORKERS]
#
# Environment: DRY_RUN=1 (print only). Not tried on Dataproc: only DRY_RUN.
set -euo pipefail

[ $# -ge 3 ] || { echo "usage: create.sh NAME REGION gs://BUCKET/FOLDER [WORKERS]" >&2; exit 2; }
name=$1 region=$2 folder=$3 workers=${4:-2}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
run() {
  if [ -n "${DRY_RUN:-}" ]; then printf '%q ' "$@"; echo; else "$@"; fi
}

run gcloud storage cp "$here/jdk17-torch.sh" "$folder/jdk17-torch.sh"
# The driver runs beside an executor (cluster mode): highmem has room for both. One GPU a machine: Google's discovery script keeps its first answer for all containers of a machine (submit.sh names ours).
run gcloud dataproc clusters create "$name" --region "$region" --image-version 2.2-ubuntu22 \
  --master-machine-type n1-standard-4 --num-workers "$workers" --worker-machine-type n1-highmem-8 \
  --worker-accelerator type=nvidia-tesla-t4,count=1 --worker-boot-disk-size 200GB --no-shielded-secure-boot \
  --initialization-actions "gs://goog-dataproc-initialization-actions-$region/gpu/install_gpu_driver.sh,$folder/jdk17-torch.sh" \
  --initialization-action-timeout 30m --metadata cuda-version=12.8,gpu-driver-provider=NVIDIA \
  --max-idle 1h
