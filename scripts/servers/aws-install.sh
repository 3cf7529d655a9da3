#!/usr/bin/env bash
# Prints the path of an `aws` command, the second client of the end-to-end tests: the one on PATH, else one that it
# installs from the Python registry into a venv of its own.
#
# S3UP_CACHE  folder for the venv (default ~/.cache/s3up)
set -euo pipefail

venv=${S3UP_CACHE:-$HOME/.cache/s3up}/awscli

say() { echo "aws-install: $*" >&2; }

if command -v aws > /dev/null && aws --version > /dev/null 2>&1; then
  say "$(aws --version) from PATH"
  command -v aws
  exit 0
fi

if [ ! -x "$venv/bin/aws" ]; then
  say "installing awscli into $venv"
  # Debian's own python3 has no ensurepip without this package.
  python3 -c 'import ensurepip' 2> /dev/null || apt-get install -y -qq python3-venv >&2
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check awscli >&2
fi
say "$("$venv/bin/aws" --version)"
echo "$venv/bin/aws"
