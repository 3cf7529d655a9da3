#!/usr/bin/env bash
# Prints the folder of a `node` of the major version that is asked for, installed from the npm registry.
#
#   node-install.sh 24
#
# S3UP_CACHE  folder for it (default ~/.cache/s3up)
set -euo pipefail

major=${1:?major version of Node}
case $(uname -m) in
  x86_64) machine=x64 ;;
  aarch64) machine=arm64 ;;
  *) echo "node-install: no Node for $(uname -m)" >&2; exit 1 ;;
esac
# The package `node` only fetches this one in an install script, which npm may be told not to run; this one is the binary.
package=node-linux-$machine
folder=${S3UP_CACHE:-$HOME/.cache/s3up}/node-$major

if [ ! -x "$folder/node_modules/$package/bin/node" ]; then
  mkdir -p "$folder"
  npm install --silent --no-save --no-audit --no-fund --ignore-scripts --prefix "$folder" "$package@$major" >&2
fi
echo "node-install: $("$folder/node_modules/$package/bin/node" --version)" >&2
echo "$folder/node_modules/$package/bin"
