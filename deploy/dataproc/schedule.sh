#!/usr/bin/env bash
# Scores what is new in gs://BUCKET/clips every day at 02:17 UTC: Cloud Scheduler starts the workflow, which makes a cluster and ends it.
#
#   deploy/dataproc/schedule.sh PROJECT REGION BUCKET
#
# Environment: DRY_RUN=1 (print only). Not tried on Google Cloud: only DRY_RUN; the template against Google's definition of its API.
set -euo pipefail

[ $# = 3 ] || { echo "usage: schedule.sh PROJECT REGION BUCKET" >&2; exit 2; }
project=$1 region=$2 bucket=$3 folder=gs://$3/instructvideo
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$here/../..
run() {
  if [ -n "${DRY_RUN:-}" ]; then printf '%q ' "$@"; echo; else "$@"; fi
}

run gcloud storage cp "$here/jdk17-torch.sh" "$root/deploy/gpu-discovery.sh" "$root/job/target/instructvideo.jar" \
  "$root"/job/target/natives/*.jar "$folder/"
template=$(mktemp)
sed -e "s/PROJECT/$project/g" -e "s/REGION/$region/g" -e "s/BUCKET/$bucket/g" "$here/workflow-template.yaml" >"$template"
run gcloud dataproc workflow-templates import instructvideo-score --project "$project" --region "$region" --source "$template" --quiet
[ -n "${DRY_RUN:-}" ] || rm "$template"
run gcloud scheduler jobs create http instructvideo-score --project "$project" --location "$region" \
  --schedule "17 2 * * *" --time-zone Etc/UTC --http-method POST \
  --uri "https://dataproc.googleapis.com/v1/projects/$project/regions/$region/workflowTemplates/instructvideo-score:instantiate" \
  --headers Content-Type=application/json --message-body "{\"parameters\": {\"VIDEOS\": \"gs://$bucket/clips\"}}" \
  --oauth-service-account-email "instructvideo-scheduler@$project.iam.gserviceaccount.com" \
  --oauth-token-scope https://www.googleapis.com/auth/cloud-platform
