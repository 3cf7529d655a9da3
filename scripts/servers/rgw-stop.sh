#!/usr/bin/env bash
# Ends the cluster that rgw-start.sh wrote ENV_FILE for, and removes its data.
set -euo pipefail

env_file=${1:?file that rgw-start.sh wrote}
[ -f "$env_file" ] || exit 0
# shellcheck disable=SC1090
source "$env_file"

# Killed and not asked: a polite stop takes the gateway more than 5 s, and nothing here is worth keeping.
for pid_file in "$S3UP_TEST_RGW_STATE"/run/*.pid; do
  [ -f "$pid_file" ] || continue
  pid=$(cat "$pid_file")
  # A pid may have been given away since; only a process that was started with this cluster's folder is ended.
  ! tr '\0' ' ' < "/proc/$pid/cmdline" 2> /dev/null | grep -q "${S3UP_TEST_RGW_STATE##*/}" || kill -9 "$pid"
done
rm -rf "$S3UP_TEST_RGW_STATE" "$env_file"
