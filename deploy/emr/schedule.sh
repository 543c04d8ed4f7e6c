#!/usr/bin/env bash
# Scores the videos of yesterday every day at 02:17 UTC: EventBridge Scheduler starts a cluster of run-job-flow.json, whose step is
# score-day.sh; the cluster ends with it. create.sh has copied what it needs. Again: changes the schedule.
#
#   deploy/emr/schedule.sh BUCKET SUBNET [NODES]
#
# Environment: WHEELS (as for create.sh), DRY_RUN=1 (prints the request). Needs Python 3. Not tried on AWS: only against programs that
# stand for it, and the requests against AWS's own models.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=deploy/common.sh
. "$here/../common.sh"
help_if_asked "$@"
[ $# = 2 ] || [ $# = 3 ] || fail "usage: schedule.sh BUCKET SUBNET [NODES]"
expect_bucket BUCKET "$1"
expect SUBNET "$2" 'subnet-[0-9a-f]+' subnet-0123456789abcdef0
expect NODES "${3:-2}" '[1-9][0-9]*' 2
[ -z "${WHEELS:-}" ] || expect WHEELS "$WHEELS" 's3://[^ ,]+' s3://my-bucket/wheels
account=$(aws_account)

request=$(python3 - "$here" "$account" "$@" <<'PYTHON'
import json
import os
import sys

folder, account, bucket, subnet, *nodes = sys.argv[1:]


def read(name):
    with open(f"{folder}/{name}") as file:
        text = file.read()
    for word, value in (("BUCKET", bucket), ("SUBNET", subnet), ("ACCOUNT", account)):
        text = text.replace(word, value)
    return json.loads(text)


flow = read("run-job-flow.json")
flow["Configurations"] = read("configurations.json")
executors = int(nodes[0]) if nodes else flow["Instances"]["InstanceGroups"][1]["InstanceCount"]
flow["Instances"]["InstanceGroups"][1]["InstanceCount"] = executors
flow["Configurations"][-1]["Properties"]["spark.executor.instances"] = str(executors)
if os.environ.get("WHEELS"):
    flow["BootstrapActions"][0]["ScriptBootstrapAction"]["Args"] = [os.environ["WHEELS"]]
schedule = read("schedule.json")
schedule["Target"]["Input"] = json.dumps(flow)
print(json.dumps(schedule))
PYTHON
)
if [ -n "${DRY_RUN:-}" ]; then
  echo "$request"
elif exists aws scheduler get-schedule --name instructvideo-score; then
  aws scheduler update-schedule --cli-input-json "$request"
else
  aws scheduler create-schedule --cli-input-json "$request"
fi
