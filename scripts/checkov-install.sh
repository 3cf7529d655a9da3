#!/usr/bin/env bash
# Prints the path of a `checkov`, the scanner of Terraform, installed from the Python registry into a venv of its own.
#
# S3UP_CACHE  folder for the venv (default ~/.cache/s3up)
set -euo pipefail

version=3.3.30 # its rules decide what infra/security/checkov.yaml has to give a reason for
venv=${S3UP_CACHE:-$HOME/.cache/s3up}/checkov-$version

if [ ! -f "$venv/ready" ]; then
  echo "checkov-install: installing checkov $version into $venv" >&2
  # Debian's own python3 has no ensurepip without this package.
  python3 -c 'import ensurepip' 2> /dev/null || apt-get install -y -qq python3-venv >&2
  rm -rf "$venv" # an installation that was cut short
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "checkov==$version" >&2
  touch "$venv/ready"
fi
echo "$venv/bin/checkov"
