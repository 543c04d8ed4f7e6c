#!/usr/bin/env bash
# The shaded jar under the Spark that PyPI's pyspark carries: its older gson and commons-compress come first on the class path,
# which Maven's class path does not show. Runs prepare, train and export on the models of a test case with two executors, then scores
# videos from PySpark (SQL, a pipeline saved and loaded) and from spark-sql, and compares with what score writes.
#
#   deploy/check-pyspark.sh            # installs pyspark 3.5.8 (317 MB) into a new folder below target/
#   SPARK_HOME=/opt/spark deploy/check-pyspark.sh
#
# After `mvn package`. Needs JDK 17 and python3, and a network unless SPARK_HOME is given. Everything it writes stays below target/.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

fail() {
  echo "error: $1" >&2
  exit 1
}

jar=$PWD/job/target/instructvideo.jar
fixture=$PWD/udf/src/test/resources/fixtures/cases/square
[ -e "$jar" ] || fail "Cannot check the jar: $jar is not there, run mvn package"
natives=("$PWD"/job/target/natives/*.jar)
[ -e "${natives[0]}" ] || fail "Cannot check the jar: job/target/natives is empty, run mvn package"

mkdir -p target
work=$(mktemp -d "$PWD/target/check-pyspark.XXXXXX")
log=$work/log

command -v python3 >/dev/null || fail "Cannot check PySpark: python3 is not there; install it"
if [ -z "${SPARK_HOME:-}" ]; then
  python3 -m venv "$work/venv" >"$log" 2>&1 || fail "Cannot make a Python environment: $(tail -1 "$log"); install python3-venv, or set SPARK_HOME"
  "$work/venv/bin/pip" install -q --disable-pip-version-check pyspark==3.5.8 numpy >"$log" 2>&1 ||
    fail "Cannot install pyspark 3.5.8: $(sed -n 's/^ERROR: //p' "$log" | head -1); check the network, or set SPARK_HOME to a Spark 3.5"
  export PATH=$work/venv/bin:$PATH # spark-class asks the first python3 for more than its home
  SPARK_HOME=$(python3 -c 'import os, pyspark; print(os.path.dirname(pyspark.__file__))')
fi
python3 -c 'import numpy' 2>/dev/null || fail "Cannot check PySpark: python3 has no numpy, which pyspark.ml needs; install it"
[ -x "$SPARK_HOME/bin/spark-submit" ] || fail "Invalid SPARK_HOME: $SPARK_HOME has no bin/spark-submit"

# local-cluster writes into SPARK_HOME/work: give it a home of its own.
spark=$work/spark
mkdir "$spark"
ln -s "$SPARK_HOME"/* "$spark"
[ ! -e "$spark/work" ] || unlink "$spark/work"
export SPARK_HOME=$spark SPARK_LOCAL_IP=127.0.0.1

# Runs a subcommand; its output is shown only where it fails.
submit() {
  "$SPARK_HOME/bin/spark-submit" --master 'local-cluster[2,1,1024]' --class instructvideo.job.Main \
    --jars "$(IFS=,; echo "${natives[*]}")" "$jar" "$@" >"$work/$1.log" 2>&1 && return
  local code=$?
  tail -40 "$work/$1.log" >&2
  fail "$1 under Spark in $(readlink -f "$spark/jars") ended with $code; its log is $work/$1.log"
}

printf 'a cat walking\na dog\n' >"$work/prompts.txt"
models=(--model "$fixture/pipeline" --reward "hpsv2=$fixture/reward/HPS_v2.pt" --set "reward.config=$fixture/reward/config.json")

SECONDS=0
submit prepare "${models[@]}" --prompts "$work/prompts.txt" --out "$work/table" \
  --frames 2 --height 32 --width 32 --segments 2 --ddim-steps 4 --threads 1
submit train "${models[@]}" --data "$work/table" --out "$work/run" \
  --rounds 1 --local-steps 1 --batch 1 --segments 2 --ddim-steps 4 --threads 1
submit export --run "$work/run" --out "$work/adapter"

[ -e "$work/run/checkpoints/round-00001/manifest.json" ] || fail "train wrote no checkpoint into $work/run"
[ -s "$work/adapter/adapter_model.safetensors" ] || fail "export wrote no adapter_model.safetensors into $work/adapter"
echo "OK: prepare, train and export under spark-submit with $(readlink -f "$spark/jars") in $SECONDS s"

# Scores, as a user of PySpark and of spark-sql gets them.
SECONDS=0
videos=$PWD/udf/src/test/resources/fixtures/video
weights=$fixture/reward/HPS_v2.pt
config=$fixture/reward/config.json
prompt='a cat walking'
submit score --videos "$videos/*.{mp4,webm,avi,mov}" --prompt "$prompt" --reward "hpsv2=$weights" --set "reward.config=$config" --threads 1 --out "$work/scores"

# The rest runs in its own folder: spark-sql makes its metastore where it stands.
mkdir "$work/session"
cd "$work/session"
jars=$jar,$(IFS=,; echo "${natives[*]}")
extension=spark.sql.extensions=instructvideo.spark.VideoFunctions
PYSPARK_PYTHON=${PYSPARK_PYTHON:-python3} "$SPARK_HOME/bin/spark-submit" --master 'local-cluster[2,1,1024]' --jars "$jars" --py-files "$jar" \
  --conf "$extension" --conf spark.instructvideo.threads=1 --conf spark.ui.enabled=false "$root/deploy/check_pyspark.py" \
  "$work/scores" "$videos" "$weights" "$config" "$prompt" "$work/session" >"$work/python.out" 2>"$work/python.log" || {
  tail -40 "$work/python.log" >&2
  fail "Scores from PySpark are wrong; its log is $work/python.log"
}
grep '^OK' "$work/python.out" || fail "PySpark compared nothing; its log is $work/python.log"

# No extension is named: the jar is found by itself. A row for each video of the table: name, its score, the score now.
"$SPARK_HOME/bin/spark-sql" --master 'local[2]' --jars "$jars" --conf spark.instructvideo.threads=1 --conf spark.ui.enabled=false \
  --conf "spark.instructvideo.reward.config=$config" --conf "spark.instructvideo.reward.checkpoints.hpsv2=$weights" \
  -e "SELECT regexp_extract(video, '[^/]*$', 0), score, video_reward('hpsv2', video, prompt) FROM parquet.\`$work/scores\` WHERE score IS NOT NULL" \
  >"$work/sql.out" 2>"$work/sql.log" || {
  tail -40 "$work/sql.log" >&2
  fail "Scores from spark-sql failed; its log is $work/sql.log"
}
awk -F '\t' 'NF == 3 { difference = $2 - $3; if ($3 !~ /^-?[0-9]+\.[0-9]+(E-?[0-9]+)?$/ || difference > 1e-6 || difference < -1e-6) bad = 1; rows++ }
  END { exit bad || rows < 7 }' "$work/sql.out" ||
  { cat "$work/sql.out" >&2; fail "Scores from spark-sql are wrong: see the third column against the second in $work/sql.out"; }
echo "OK: score, PySpark and spark-sql agree in $SECONDS s"
