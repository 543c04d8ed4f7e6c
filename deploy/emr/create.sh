#!/usr/bin/env bash
# An EMR 7 cluster with one A10G a core node; prints its id.
#
#   deploy/emr/create.sh s3://BUCKET/instructvideo SUBNET [NODES]
#
# Environment: DRY_RUN=1 (print only). Not tried on EMR: only DRY_RUN.
set -euo pipefail

[ $# -ge 2 ] || { echo "usage: create.sh s3://BUCKET/FOLDER SUBNET [NODES]" >&2; exit 2; }
folder=$1 subnet=$2 nodes=${3:-2}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$here/../..
run() {
  if [ -n "${DRY_RUN:-}" ]; then printf '%q ' "$@"; echo; else "$@"; fi
}

for file in "$here/bootstrap.sh" "$root/deploy/gpu-discovery.sh" "$root/job/target/instructvideo.jar" "$root"/job/target/natives/*.jar; do
  run aws s3 cp "$file" "$folder/"
done
run aws emr create-cluster --name instructvideo --release-label emr-7.12.0 --applications Name=Spark --use-default-roles \
  --log-uri "$folder/logs/" --ec2-attributes "SubnetId=$subnet" --ebs-root-volume-size 64 \
  --instance-groups InstanceGroupType=MASTER,InstanceType=m5.xlarge,InstanceCount=1 \
  "InstanceGroupType=CORE,InstanceType=g5.2xlarge,InstanceCount=$nodes" \
  --bootstrap-actions "Path=$folder/bootstrap.sh" --configurations "file://$here/configurations.json" \
  --auto-termination-policy IdleTimeout=3600
