#!/usr/bin/env bash
# Prints the path of Microsoft's SARIF Multitool, which judges what `s3up audit --format sarif` writes. It is one program of
# about 100 MB from the npm registry, for Linux on x64, and is kept out of devDependencies for its size.
#
# S3UP_CACHE  folder for it (default ~/.cache/s3up)
set -euo pipefail

version=5.7.0
folder=${S3UP_CACHE:-$HOME/.cache/s3up}/sarif-multitool-$version
program=$folder/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool

if [ ! -f "$program" ]; then
  echo "sarif-multitool-install: installing $version into $folder" >&2
  npm install --silent --no-save --ignore-scripts --no-audit --no-fund --prefix "$folder" \
    "@microsoft/sarif-multitool-linux@$version" >&2
fi
chmod u+x "$program"
echo "$program"
