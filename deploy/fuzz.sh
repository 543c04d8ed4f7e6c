#!/usr/bin/env bash
# Fuzzes a loader of strangers' bytes with Jazzer, from the inputs in src/test/resources on.
#
#   deploy/fuzz.sh                              lists the loaders
#   deploy/fuzz.sh SafeTensors 600              ten minutes
#   deploy/fuzz.sh all 600 7                    each loader in turn, with another seed
#
# What it learns stays in target/fuzz/LOADER/corpus and is where the next run begins; a finding is a file in
# target/fuzz/LOADER, which becomes a test when it is copied to the inputs of the loader's class (the last line says where).
set -euo pipefail
cd "$(dirname "$0")/.."

loader=${1:-}
seconds=${2:-600}
seed=${3:-1}
mapfile -t classes < <(find udf/src/test job/src/test -name '*FuzzTest.java' | sort)

if [ -z "$loader" ]; then
  for class in "${classes[@]}"; do basename "$class" FuzzTest.java; done
  exit 0
fi

[ -n "${FUZZ_BUILT:-}" ] || mvn -B -q -pl udf,job,deploy/spark test-compile dependency:build-classpath \
  -Dmdep.outputFile=target/fuzz.classpath -Dmdep.includeScope=test

found=0
failed=0
for class in "${classes[@]}"; do
  name=$(basename "$class" FuzzTest.java)
  [ "$loader" = all ] || [ "$loader" = "$name" ] || continue
  found=1
  module=${class%%/*}
  java_name=${class#*/java/}
  java_name=${java_name%.java}
  inputs=$module/src/test/resources/${java_name}Inputs
  out=$PWD/target/fuzz/$name
  mkdir -p "$out/corpus"
  method=$(basename "$(find "$inputs" -mindepth 1 -maxdepth 1 -type d | head -n 1)")
  echo "fuzz $name: $seconds s, seed $seed"
  java -Xmx512m -Xss1m "@conf/jvm.options" -Dai.djl.offline=true \
    -cp "$module/target/test-classes:$module/target/classes:$(cat "$module/target/fuzz.classpath")" \
    com.code_intelligence.jazzer.Jazzer \
    --target_class="${java_name//\//.}" --target_method="$method" \
    --instrumentation_includes='instructvideo.**:com.google.gson.**:org.apache.commons.compress.archivers.zip.**' \
    --reproducer_path="$out" \
    -artifact_prefix="$out/" -max_total_time="$seconds" -seed="$seed" -timeout=60 -rss_limit_mb=3000 -max_len=65536 \
    -print_final_stats=1 "$out/corpus" "$PWD/$inputs/$method" > "$out/log" 2>&1 || failed=1
  grep -aE '^(==|stat::number_of_executed_units|#[0-9]+.*(DONE|BINGO)|.*Java Exception|.*Error:|artifact_prefix)|Done [0-9]+ runs' \
    "$out/log" | tail -n 12 || true
  echo "log: $out/log; inputs: $inputs/$method"
done

[ $found = 1 ] || { echo "Unknown loader: $loader; the loaders are those that deploy/fuzz.sh lists" >&2; exit 2; }
exit $failed
