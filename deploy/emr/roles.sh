#!/usr/bin/env bash
# Once an account: the roles of EMR (AWS's own for the service; for the machines one that reads the bucket and writes four folders of
# it) and of the schedule.
#
#   deploy/emr/roles.sh BUCKET
#
# Environment: DRY_RUN=1 (print only). Not tried on AWS: only DRY_RUN, and the requests against AWS's own models of its API.
set -euo pipefail

[ $# = 1 ] || { echo "usage: roles.sh BUCKET" >&2; exit 2; }
bucket=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
run() {
  if [ -n "${DRY_RUN:-}" ]; then printf '%q ' "$@"; echo; else "$@"; fi
}

account=123456789012
[ -n "${DRY_RUN:-}" ] || account=$(aws sts get-caller-identity --query Account --output text)
filled() { # a file of iam/
  sed -e "s/BUCKET/$bucket/g" -e "s/ACCOUNT/$account/g" "$here/iam/$1"
}

run aws emr create-default-roles
# Role and profile must have one name.
run aws iam create-role --role-name instructvideo-emr-ec2 --assume-role-policy-document "$(filled ec2-trust.json)"
run aws iam put-role-policy --role-name instructvideo-emr-ec2 --policy-name bucket --policy-document "$(filled ec2-policy.json)"
run aws iam create-instance-profile --instance-profile-name instructvideo-emr-ec2
run aws iam add-role-to-instance-profile --instance-profile-name instructvideo-emr-ec2 --role-name instructvideo-emr-ec2
run aws iam create-role --role-name instructvideo-scheduler --assume-role-policy-document "$(filled scheduler-trust.json)"
run aws iam put-role-policy --role-name instructvideo-scheduler --policy-name run-job-flow --policy-document "$(filled scheduler-policy.json)"
