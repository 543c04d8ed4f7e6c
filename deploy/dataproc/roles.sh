#!/usr/bin/env bash
# Once a project: the account that clusters run as, which reads and writes one bucket, and the account that Cloud Scheduler calls as.
#
#   deploy/dataproc/roles.sh PROJECT BUCKET
#
# Environment: DRY_RUN=1 (print only). Not tried on Google Cloud: only DRY_RUN.
set -euo pipefail

[ $# = 2 ] || { echo "usage: roles.sh PROJECT BUCKET" >&2; exit 2; }
project=$1 bucket=$2
workers=instructvideo-dataproc@$project.iam.gserviceaccount.com
scheduler=instructvideo-scheduler@$project.iam.gserviceaccount.com
run() {
  if [ -n "${DRY_RUN:-}" ]; then printf '%q ' "$@"; echo; else "$@"; fi
}

run gcloud services enable dataproc.googleapis.com cloudscheduler.googleapis.com --project "$project"
run gcloud iam service-accounts create instructvideo-dataproc --project "$project"
run gcloud iam service-accounts create instructvideo-scheduler --project "$project"
run gcloud projects add-iam-policy-binding "$project" --member "serviceAccount:$workers" --role roles/dataproc.worker --condition None
run gcloud storage buckets add-iam-policy-binding "gs://$bucket" --member "serviceAccount:$workers" --role roles/storage.objectUser
run gcloud projects add-iam-policy-binding "$project" --member "serviceAccount:$scheduler" --role roles/dataproc.editor --condition None
run gcloud iam service-accounts add-iam-policy-binding "$workers" --project "$project" --member "serviceAccount:$scheduler" \
  --role roles/iam.serviceAccountUser
