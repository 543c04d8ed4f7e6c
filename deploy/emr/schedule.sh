#!/usr/bin/env bash
# Scores the videos of yesterday every day at 02:17 UTC: EventBridge Scheduler starts a cluster of run-job-flow.json, whose step is
# score-day.sh; the cluster ends with it. create.sh has copied what it needs.
#
#   deploy/emr/schedule.sh BUCKET SUBNET [NODES]
#
# Environment: DRY_RUN=1 (prints the request). Needs Python 3. Not tried on AWS: only DRY_RUN, and the requests against AWS's own models.
set -euo pipefail

[ $# -ge 2 ] || { echo "usage: schedule.sh BUCKET SUBNET [NODES]" >&2; exit 2; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
account=123456789012
[ -n "${DRY_RUN:-}" ] || account=$(aws sts get-caller-identity --query Account --output text)

request=$(python3 - "$here" "$account" "$@" <<'PYTHON'
import json
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
schedule = read("schedule.json")
schedule["Target"]["Input"] = json.dumps(flow)
print(json.dumps(schedule))
PYTHON
)
if [ -n "${DRY_RUN:-}" ]; then
  echo "$request"
  exit
fi
aws scheduler create-schedule --cli-input-json "$request"
