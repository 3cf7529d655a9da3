#!/usr/bin/env bash
# Starts a moto_server on loopback and waits until it answers.
#
#   moto-start.sh MOTO_SERVER ENV_FILE      MOTO_SERVER is what moto-install.sh printed
#
# Writes `export` lines for the probes to ENV_FILE; moto-stop.sh ENV_FILE ends the server.
set -euo pipefail

moto_server=${1:?path that moto-install.sh printed} env_file=${2:?file for the export lines}

port=$((32000 + RANDOM % 700))
while (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do port=$((port + 1)); done

# Without this moto answers every origin, whatever the bucket's CORS rules say.
MOTO_DISABLE_GLOBAL_CORS=true setsid "$moto_server" -H 127.0.0.1 -p "$port" > "$env_file.log" 2>&1 < /dev/null &
pid=$!
(umask 077 && cat > "$env_file" << END
export S3UP_TEST_MOTO=http://127.0.0.1:$port
export S3UP_TEST_MOTO_ACCESS_KEY=probe
export S3UP_TEST_MOTO_SECRET_KEY=probe-secret
export S3UP_TEST_MOTO_VERSION=5
export S3UP_TEST_MOTO_PID=$pid
END
)
for _ in $(seq 300); do
  ! (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null || { echo "moto-start: on 127.0.0.1:$port" >&2; exit 0; }
  kill -0 "$pid" 2> /dev/null || break
  sleep 0.1
done
cat "$env_file.log" >&2
echo "moto-start: the server did not come up" >&2
exit 1
