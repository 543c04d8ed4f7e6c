#!/usr/bin/env bash
# Once an account: the roles of EMR (AWS's own for the service; for the machines one that reads the bucket and writes four folders of
# it) and of the schedule. Again: for a bucket that changed.
#
#   deploy/emr/roles.sh BUCKET
#
# Environment: DRY_RUN=1 (print only). Not tried on AWS: only against programs that stand for it, and its own models of its API.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=deploy/common.sh
. "$here/../common.sh"
help_if_asked "$@"
[ $# = 1 ] || fail "usage: roles.sh BUCKET"
bucket=$1
expect_bucket BUCKET "$bucket"

account=$(aws_account)
filled() { # a file of iam/
  sed -e "s/BUCKET/$bucket/g" -e "s/ACCOUNT/$account/g" "$here/iam/$1"
}

run aws emr create-default-roles
# Role and profile must have one name.
make_role instructvideo-emr-ec2 "$(filled ec2-trust.json)" bucket "$(filled ec2-policy.json)"
if ! exists aws iam get-instance-profile --instance-profile-name instructvideo-emr-ec2; then
  run aws iam create-instance-profile --instance-profile-name instructvideo-emr-ec2
  run aws iam add-role-to-instance-profile --instance-profile-name instructvideo-emr-ec2 --role-name instructvideo-emr-ec2
fi
make_role instructvideo-scheduler "$(filled scheduler-trust.json)" run-job-flow "$(filled scheduler-policy.json)"
