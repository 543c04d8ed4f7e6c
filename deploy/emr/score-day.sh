#!/usr/bin/env bash
# A step of EMR: scores the videos of the day before TIME, bucket/clips/dt=DAY, into bucket/scores. The driver runs on the primary node.
#
#   score-day.sh s3://BUCKET TIME     TIME: the schedule's, such as 2026-11-27T02:17:00Z, so that a late start takes the right day
#
# Not tried on EMR: only with DRY_RUN=1 (print only).
set -euo pipefail

[ $# = 2 ] || { echo "usage: score-day.sh s3://BUCKET TIME" >&2; exit 2; }
bucket=$1
day=$(date -u -d "${2%%T*} - 1 day" +%F)
folder=$bucket/instructvideo

command=(spark-submit --deploy-mode client --files "$folder/gpu-discovery.sh"
  --jars "$folder/pytorch-native-cpu-2.7.1-linux-x86_64.jar" --class instructvideo.job.Main "$folder/instructvideo.jar"
  score --conf-file "$folder/score.conf" --videos "$bucket/clips/dt=$day" --out "$bucket/scores")
if [ -n "${DRY_RUN:-}" ]; then
  printf '%q ' "${command[@]}"
  echo
  exit
fi
exec "${command[@]}"
