#!/usr/bin/env bash
# Once an EKS cluster: namespace, EMR's right to it, roles of the job and of the daily CronJob, virtual cluster; copies the requests,
# filled in, to S3. Again: changes them. The EKS cluster is there, with nodes that have GPUs (AL2023 or Bottlerocket's NVIDIA image),
# NVIDIA's device plugin and an OIDC provider (eksctl utils associate-iam-oidc-provider --cluster EKS_CLUSTER --approve).
#
#   deploy/emr-eks/setup.sh EKS_CLUSTER REGION BUCKET
#
# Environment: DRY_RUN=1 (print only). Not tried on AWS: only against programs that stand for it, and the requests against AWS's own
# models of its API.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=deploy/common.sh
. "$here/../common.sh"
help_if_asked "$@"
[ $# = 3 ] || fail "usage: setup.sh EKS_CLUSTER REGION BUCKET"
cluster=$1 region=$2 bucket=$3
expect EKS_CLUSTER "$cluster" '[A-Za-z0-9][A-Za-z0-9_-]{0,99}' my-cluster
expect REGION "$region" '[a-z]{2}(-[a-z]+)+-[0-9]+' eu-west-1
expect_bucket BUCKET "$bucket"

account=$(aws_account)
virtual=abcdefghij0123456789klmno issuer=oidc.eks.$region.amazonaws.com/id/0123456789ABCDEF
if [ -z "${DRY_RUN:-}" ]; then
  issuer=$(aws eks describe-cluster --region "$region" --name "$cluster" --query cluster.identity.oidc.issuer --output text)
  issuer=${issuer#https://}
fi
filled() { # a file of this folder
  sed -e "s/VIRTUAL_CLUSTER/$virtual/g" -e "s/EKS_CLUSTER/$cluster/g" -e "s/BUCKET/$bucket/g" -e "s/ACCOUNT/$account/g" \
    -e "s/REGION/$region/g" -e "s#ISSUER#$issuer#g" "$here/$1"
}

exists kubectl get namespace instructvideo || run kubectl create namespace instructvideo
run eksctl create iamidentitymapping --cluster "$cluster" --region "$region" --namespace instructvideo --service-name emr-containers
make_role instructvideo-emr-eks "$(filled iam/job-trust.json)" bucket "$(filled iam/job-policy.json)"
run aws emr-containers update-role-trust-policy --region "$region" --cluster-name "$cluster" --namespace instructvideo \
  --role-name instructvideo-emr-eks

if [ -n "${DRY_RUN:-}" ]; then
  run aws emr-containers create-virtual-cluster --region "$region" --cli-input-json "$(filled virtual-cluster.json)"
else
  virtual=$(aws emr-containers list-virtual-clusters --region "$region" --container-provider-id "$cluster" --container-provider-type EKS \
    --states RUNNING --query "virtualClusters[?name=='instructvideo'].id | [0]" --output text)
  [ -n "$virtual" ] && [ "$virtual" != None ] ||
    virtual=$(aws emr-containers create-virtual-cluster --region "$region" --cli-input-json "$(filled virtual-cluster.json)" \
      --query id --output text)
fi

# Of schedule.yaml's account.
make_role instructvideo-submit "$(filled iam/submit-trust.json)" submit "$(filled iam/submit-policy.json)"

for file in driver.yaml executor.yaml start-job-run.json schedule.yaml; do
  if [ -n "${DRY_RUN:-}" ]; then
    run aws s3 cp - "s3://$bucket/instructvideo/$file"
  else
    filled "$file" | aws s3 cp - "s3://$bucket/instructvideo/$file"
  fi
done
echo "virtual cluster $virtual"
