#!/usr/bin/env bash
# A Dataproc cluster with one T4 a worker; the driver of the GPU comes from Google's own initialization action. It runs as the account
# of roles.sh, goes after an hour without a job, and costs money until then.
#
#   deploy/dataproc/create.sh PROJECT NAME REGION gs://BUCKET/instructvideo [WORKERS]
#
# Environment: ZONE (of REGION, such as europe-west4-b: not every zone has T4s; default: Dataproc's choice), SUBNET (one with Cloud NAT:
# then the machines get no addresses of their own), DRY_RUN=1 (print only). Not tried on Dataproc: only DRY_RUN.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=deploy/common.sh
. "$here/../common.sh"
help_if_asked "$@"
[ $# = 4 ] || [ $# = 5 ] || fail "usage: create.sh PROJECT NAME REGION gs://BUCKET/FOLDER [WORKERS]"
project=$1 name=$2 region=$3 folder=${4%/} workers=${5:-2}
expect PROJECT "$project" '[a-z][a-z0-9-]{4,28}[a-z0-9]' 'my-project (its ID, not its number)'
expect NAME "$name" '[a-z][a-z0-9-]{0,49}[a-z0-9]' my-cluster
expect REGION "$region" '[a-z]+-[a-z]+[0-9]+' europe-west4
expect folder "$folder" 'gs://[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]/[^ ,]+' gs://my-bucket/instructvideo
expect WORKERS "$workers" '[2-9]|[1-9][0-9]+' 2
[ -z "${ZONE:-}" ] || expect ZONE "$ZONE" "$region-[a-z]" "$region-b"

# Images 2.2 and later give machines no addresses unless asked, and the actions below download drivers and wheels.
network=(--public-ip-address)
[ -z "${SUBNET:-}" ] || network=(--subnet "$SUBNET" --no-address)

run gcloud storage cp "$here/jdk17-torch.sh" "$folder/jdk17-torch.sh"
# The driver runs beside an executor (cluster mode): highmem has room for both. One GPU a machine: Google's discovery script keeps its
# first answer for all containers of a machine (submit.sh names ours). An hour for the actions: the first cluster of an image compiles
# NVIDIA's kernel modules, later ones find them in Dataproc's temporary bucket.
run gcloud dataproc clusters create "$name" --project "$project" --region "$region" ${ZONE:+--zone "$ZONE"} --image-version 2.2-ubuntu22 \
  --service-account "instructvideo-dataproc@$project.iam.gserviceaccount.com" --scopes cloud-platform "${network[@]}" \
  --master-machine-type n1-standard-4 --num-workers "$workers" --worker-machine-type n1-highmem-8 \
  --worker-accelerator type=nvidia-tesla-t4,count=1 --worker-boot-disk-size 200GB --no-shielded-secure-boot \
  --initialization-actions "gs://goog-dataproc-initialization-actions-$region/gpu/install_gpu_driver.sh,$folder/jdk17-torch.sh" \
  --initialization-action-timeout 60m --metadata cuda-version=12.8,gpu-driver-provider=NVIDIA,install-gpu-agent=false \
  --max-idle 1h
