#!/usr/bin/env bash
# Once an EKS cluster: namespace, EMR's right to it, role of the job, virtual cluster; copies the requests, filled in, to S3. The EKS
# cluster is there, with nodes that have GPUs (AL2023 or Bottlerocket's NVIDIA image), NVIDIA's device plugin and an OIDC provider
# (eksctl utils associate-iam-oidc-provider --cluster EKS_CLUSTER --approve).
#
#   deploy/emr-eks/setup.sh EKS_CLUSTER REGION BUCKET
#
# Environment: DRY_RUN=1 (print only). Not tried on AWS: only DRY_RUN, and the requests against AWS's own models of its API.
set -euo pipefail

[ $# = 3 ] || { echo "usage: setup.sh EKS_CLUSTER REGION BUCKET" >&2; exit 2; }
cluster=$1 region=$2 bucket=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
run() {
  if [ -n "${DRY_RUN:-}" ]; then printf '%q ' "$@"; echo; else "$@"; fi
}

account=123456789012 virtual=abcdefghij0123456789klmno
[ -n "${DRY_RUN:-}" ] || account=$(aws sts get-caller-identity --query Account --output text)
filled() { # a file of this folder
  sed -e "s/BUCKET/$bucket/g" -e "s/ACCOUNT/$account/g" -e "s/REGION/$region/g" -e "s/EKS_CLUSTER/$cluster/g" \
    -e "s/VIRTUAL_CLUSTER/$virtual/g" "$here/$1"
}

run kubectl create namespace instructvideo
run eksctl create iamidentitymapping --cluster "$cluster" --region "$region" --namespace instructvideo --service-name emr-containers
run aws iam create-role --role-name instructvideo-emr-eks --assume-role-policy-document "$(filled iam/job-trust.json)"
run aws iam put-role-policy --role-name instructvideo-emr-eks --policy-name bucket --policy-document "$(filled iam/job-policy.json)"
run aws emr-containers update-role-trust-policy --region "$region" --cluster-name "$cluster" --namespace instructvideo \
  --role-name instructvideo-emr-eks
if [ -n "${DRY_RUN:-}" ]; then
  run aws emr-containers create-virtual-cluster --region "$region" --cli-input-json "$(filled virtual-cluster.json)"
else
  virtual=$(aws emr-containers create-virtual-cluster --region "$region" --cli-input-json "$(filled virtual-cluster.json)" \
    --query id --output text)
fi

for file in driver.yaml executor.yaml start-job-run.json; do
  if [ -n "${DRY_RUN:-}" ]; then
    run aws s3 cp - "s3://$bucket/instructvideo/$file"
  else
    filled "$file" | aws s3 cp - "s3://$bucket/instructvideo/$file"
  fi
done
echo "virtual cluster $virtual"
