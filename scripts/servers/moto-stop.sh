#!/usr/bin/env bash
# Ends the server that moto-start.sh wrote ENV_FILE for.
set -euo pipefail

env_file=${1:?file that moto-start.sh wrote}
[ -f "$env_file" ] || exit 0
# shellcheck disable=SC1090
source "$env_file"
# A pid may have been given away since.
! tr '\0' ' ' < "/proc/$S3UP_TEST_MOTO_PID/cmdline" 2> /dev/null | grep -q moto_server || kill -9 "$S3UP_TEST_MOTO_PID"
rm -f "$env_file" "$env_file.log"
