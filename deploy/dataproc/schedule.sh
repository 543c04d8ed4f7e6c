#!/usr/bin/env bash
# Scores what is new in gs://BUCKET/clips every day at 02:17 UTC: Cloud Scheduler starts the workflow, which makes a cluster and ends it.
# Again: changes both.
#
#   deploy/dataproc/schedule.sh PROJECT REGION BUCKET
#
# Environment: DRY_RUN=1 (print only). Not tried on Google Cloud: only against programs that stand for it; the template against Google's
# definition of its API.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$here/../..
# shellcheck source=deploy/common.sh
. "$here/../common.sh"
help_if_asked "$@"
[ $# = 3 ] || fail "usage: schedule.sh PROJECT REGION BUCKET"
project=$1 region=$2 bucket=$3 folder=gs://$3/instructvideo
expect PROJECT "$project" '[a-z][a-z0-9-]{4,28}[a-z0-9]' 'my-project (its ID, not its number)'
expect REGION "$region" '[a-z]+-[a-z]+[0-9]+' europe-west4
expect_bucket BUCKET "$bucket"

natives=("$root"/job/target/natives/*.jar)
need "$root/job/target/instructvideo.jar" "${natives[@]}"
run gcloud storage cp "$here/jdk17-torch.sh" "$root/deploy/gpu-discovery.sh" "$root/job/target/instructvideo.jar" "${natives[@]}" "$folder/"
template=$(mktemp)
sed -e "s/PROJECT/$project/g" -e "s/REGION/$region/g" -e "s/BUCKET/$bucket/g" "$here/workflow-template.yaml" >"$template"
run gcloud dataproc workflow-templates import instructvideo-score --project "$project" --region "$region" --source "$template" --quiet
[ -n "${DRY_RUN:-}" ] || rm "$template"
verb=create headers=--headers
if exists gcloud scheduler jobs describe instructvideo-score --project "$project" --location "$region"; then
  verb=update headers=--update-headers
fi
run gcloud scheduler jobs "$verb" http instructvideo-score --project "$project" --location "$region" \
  --schedule "17 2 * * *" --time-zone Etc/UTC --http-method POST \
  --uri "https://dataproc.googleapis.com/v1/projects/$project/regions/$region/workflowTemplates/instructvideo-score:instantiate" \
  "$headers" Content-Type=application/json --message-body "{\"parameters\": {\"VIDEOS\": \"gs://$bucket/clips\"}}" \
  --oauth-service-account-email "instructvideo-scheduler@$project.iam.gserviceaccount.com" \
  --oauth-token-scope https://www.googleapis.com/auth/cloud-platform
