#!/usr/bin/env bash
# Once a project: the account that clusters run as, which reads and writes one bucket, and the account that Cloud Scheduler calls as.
# Again: for a bucket that changed.
#
#   deploy/dataproc/roles.sh PROJECT BUCKET
#
# Environment: DRY_RUN=1 (print only). Not tried on Google Cloud: only against programs that stand for it.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=deploy/common.sh
. "$here/../common.sh"
help_if_asked "$@"
[ $# = 2 ] || fail "usage: roles.sh PROJECT BUCKET"
project=$1 bucket=$2
expect PROJECT "$project" '[a-z][a-z0-9-]{4,28}[a-z0-9]' 'my-project (its ID, not its number)'
expect_bucket BUCKET "$bucket"
workers=instructvideo-dataproc@$project.iam.gserviceaccount.com
scheduler=instructvideo-scheduler@$project.iam.gserviceaccount.com

run gcloud services enable dataproc.googleapis.com compute.googleapis.com cloudscheduler.googleapis.com --project "$project"
for account in instructvideo-dataproc instructvideo-scheduler; do
  exists gcloud iam service-accounts describe "$account@$project.iam.gserviceaccount.com" --project "$project" ||
    run gcloud iam service-accounts create "$account" --project "$project"
done
run gcloud projects add-iam-policy-binding "$project" --member "serviceAccount:$workers" --role roles/dataproc.worker --condition None
run gcloud storage buckets add-iam-policy-binding "gs://$bucket" --member "serviceAccount:$workers" --role roles/storage.objectUser
run gcloud projects add-iam-policy-binding "$project" --member "serviceAccount:$scheduler" --role roles/dataproc.editor --condition None
run gcloud iam service-accounts add-iam-policy-binding "$workers" --project "$project" --member "serviceAccount:$scheduler" \
  --role roles/iam.serviceAccountUser
