#!/usr/bin/env bash
# Prints the path of a moto_server of the version that test/servers/known-deviations was measured with: the one on
# PATH, else one that it installs from the Python registry into a venv of its own.
#
# S3UP_CACHE  folder for the venv (default ~/.cache/s3up)
set -euo pipefail

version=5.2.1
cache=${S3UP_CACHE:-$HOME/.cache/s3up}
venv=$cache/moto-$version

say() { echo "moto-install: $*" >&2; }

# A moto_server does not tell its version; the Python that its first line names does.
version_of() {
  local python
  python=$(head -n 1 "$1" | sed -n 's/^#!//p')
  "$python" -c 'from importlib.metadata import version; print(version("moto"))' 2> /dev/null
}

on_path=$(command -v moto_server || true)
# A pyenv shim is a shell script in front of the real one.
if [ -n "$on_path" ] && head -n 1 "$on_path" | grep -q bash && command -v pyenv > /dev/null; then
  on_path=$(pyenv which moto_server 2> /dev/null || true)
fi
if [ -n "$on_path" ] && [ "$(version_of "$on_path")" = "$version" ]; then
  say "moto $version from PATH"
  echo "$on_path"
  exit 0
fi

if [ ! -x "$venv/bin/moto_server" ]; then
  say "installing moto $version into $venv"
  mkdir -p "$cache"
  # Debian's own python3 has no ensurepip without this package.
  python3 -c 'import ensurepip' 2> /dev/null || apt-get install -y -qq python3-venv >&2
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "moto[server]==$version" >&2
fi
say "moto $version"
echo "$venv/bin/moto_server"
