#!/usr/bin/env bash
# A training run in the tools that people have: TensorBoard and an MLflow server, both from PyPI, while it goes on, after SIGKILL and
# a resume, and with the server down, hanging and back. What they show is compared with the run's own table of metrics.
#
#   deploy/check-tracking.sh           # installs mlflow, tensorboard and pyarrow into a new folder below target/
#   deploy/check-tracking.sh late     # one of killed, late, hangs, ended
#   PYTHON=/opt/venv/bin/python deploy/check-tracking.sh
#
# After `mvn package`. Needs JDK 17 and python3, and a network unless PYTHON has the three. Everything it writes stays below target/.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
  echo "error: $1" >&2
  exit 1
}

[ -e job/target/instructvideo.jar ] || fail "Cannot check tracking: job/target/instructvideo.jar is not there, run mvn package"
mkdir -p target
work=$(mktemp -d "$PWD/target/check-tracking.XXXXXX")
log=$work/log

python=${PYTHON:-}
if [ -z "$python" ]; then
  command -v python3 >/dev/null || fail "Cannot check tracking: python3 is not there; install it"
  python3 -m venv "$work/venv" >"$log" 2>&1 || fail "Cannot make a Python environment: $(tail -1 "$log"); install python3-venv, or set PYTHON"
  python=$work/venv/bin/python
  "$work/venv/bin/pip" install -q --disable-pip-version-check mlflow==3.17.2 tensorboard==2.21.0 pyarrow >"$log" 2>&1 ||
    fail "Cannot install mlflow and tensorboard: $(sed -n 's/^ERROR: //p' "$log" | head -1); check the network, or set PYTHON"
fi
"$python" -c 'import mlflow, tensorboard, pyarrow' 2>/dev/null || fail "Cannot check tracking: $python lacks mlflow, tensorboard or pyarrow"

"$python" deploy/check_tracking.py "$PWD" "$work" "$@"
