#!/usr/bin/env bash
# Copies the job to S3 and makes an EMR 7 cluster with one A10G a machine; prints the cluster's id. Roles: roles.sh, for the same bucket.
# The cluster ends after an hour without a step; until then it costs money.
#
#   deploy/emr/create.sh s3://BUCKET/instructvideo SUBNET [NODES]
#
# Environment: SPOT (task nodes on spot beside the core nodes, default 0), WHEELS (s3://... of torch's wheels, for subnets without
# internet), DRY_RUN=1 (print only). Not tried on EMR: only DRY_RUN, and the request against AWS's own model of its API.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$here/../..
# shellcheck source=deploy/common.sh
. "$here/../common.sh"
help_if_asked "$@"
[ $# = 2 ] || [ $# = 3 ] || fail "usage: create.sh s3://BUCKET/instructvideo SUBNET [NODES]"
folder=${1%/} subnet=$2 nodes=${3:-2} spot=${SPOT:-0}
# The machines' role may write to no other folder.
expect folder "$folder" 's3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/instructvideo' s3://my-bucket/instructvideo
expect SUBNET "$subnet" 'subnet-[0-9a-f]+' subnet-0123456789abcdef0
expect NODES "$nodes" '[1-9][0-9]*' 2
expect SPOT "$spot" '[0-9]+' 2
[ -z "${WHEELS:-}" ] || expect WHEELS "$WHEELS" 's3://[^ ,]+' s3://my-bucket/wheels

natives=("$root"/job/target/natives/*.jar)
need "$root/job/target/instructvideo.jar" "${natives[@]}"
for file in "$here/bootstrap.sh" "$here/score-day.sh" "$root/deploy/gpu-discovery.sh" "$root/job/target/instructvideo.jar" "${natives[@]}"; do
  run aws s3 cp --only-show-errors "$file" "$folder/"
done

groups=("InstanceGroupType=MASTER,InstanceType=m5.xlarge,InstanceCount=1"
  "InstanceGroupType=CORE,InstanceType=g5.2xlarge,InstanceCount=$nodes")
[ "$spot" = 0 ] || groups+=("InstanceGroupType=TASK,InstanceType=g5.2xlarge,InstanceCount=$spot,BidPrice=OnDemandPrice")
# An executor a machine.
configurations=$(sed "s/\(\"spark.executor.instances\": \)\"2\"/\1\"$((nodes + spot))\"/" "$here/configurations.json")
run aws emr create-cluster --name instructvideo --release-label emr-7.13.0 --applications Name=Spark \
  --service-role EMR_DefaultRole --ec2-attributes "SubnetId=$subnet,InstanceProfile=instructvideo-emr-ec2" \
  --log-uri "$folder/logs/" --ebs-root-volume-size 64 --instance-groups "${groups[@]}" \
  --bootstrap-actions "Path=$folder/bootstrap.sh${WHEELS:+,Args=[$WHEELS]}" --configurations "$configurations" \
  --auto-termination-policy IdleTimeout=3600 --query ClusterId --output text
