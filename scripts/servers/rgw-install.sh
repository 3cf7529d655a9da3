#!/usr/bin/env bash
# Installs Ceph's S3 gateway for the probes: the current one from Debian testing, in a chroot, so that the host stays
# as it is; where that fails, the host's own older package, and says so.
#
#   rgw-install.sh        needs root and Debian; about 75 s and 735 MB the first time, nothing after that
#
# Prints one line on stdout: the chroot's folder, or "/" when the host's package is used.
# S3UP_CACHE  folder for the chroot (default ~/.cache/s3up); delete it to get a newer Ceph
# S3UP_RGW    "host" skips the chroot
set -euo pipefail

suite=forky # Debian testing: the first suite whose gateway verifies the checksum headers of today's SDKs
cache=${S3UP_CACHE:-$HOME/.cache/s3up}
root=$cache/rgw-$suite
ready=etc/s3up-ready # written last, so a build that was cut short is not taken for a whole one

say() { echo "rgw-install: $*" >&2; }

# The mirror and proxy that this host's apt was told to use are the only ones known to answer here.
mirror_of_host() {
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | head -n 1
}

export_proxy_of_host() {
  local proxy
  proxy=$(apt-config dump --format '%v%n' Acquire::http::Proxy | head -n 1)
  [ -z "$proxy" ] || export http_proxy=$proxy
}

mounted() { awk -v at="$1" '$2 == at { found = 1 } END { exit !found }' /proc/mounts; }

build_chroot() {
  local mirror
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends debootstrap debian-archive-keyring
  mirror=$(mirror_of_host)
  [ -n "$mirror" ] || { say "apt names no Debian mirror"; return 1; }
  export_proxy_of_host

  ! mounted "$root/proc" || umount "$root/proc"
  rm -rf --one-file-system "$root"
  mkdir -p "$root"
  # The fourth word is debootstrap's script: Debian 12's does not know the name of the suite, but all share this one.
  debootstrap --variant=minbase "$suite" "$root" "$mirror" sid
  # Some packages look at /proc while they are configured.
  mount --bind /proc "$root/proc"
  printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d" # no service may start by itself
  chmod +x "$root/usr/sbin/policy-rc.d"
  DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get install -y -qq --no-install-recommends radosgw ceph-mon ceph-osd
  chroot "$root" apt-get clean
  umount "$root/proc"
  chroot "$root" radosgw --version > "$root/$ready"
}

install_on_host() {
  apt-get update -qq
  # Nothing is started: the packages' services are meant for real clusters.
  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    radosgw ceph-mon ceph-osd ceph-common
}

[ "$(id -u)" = 0 ] || { say "needs root"; exit 1; }
mkdir -p "$cache"
exec 9> "$cache/rgw-install.lock"
flock 9

if [ "${S3UP_RGW:-chroot}" != host ]; then
  if [ ! -f "$root/$ready" ]; then
    say "building $root (once, about 75 s)"
    # In a shell of its own: within `if`, `set -e` would not stop at the first command that fails.
    export -f say mirror_of_host export_proxy_of_host mounted build_chroot
    export suite root ready
    bash -c 'set -euo pipefail; build_chroot' > "$cache/rgw-install.log" 2>&1 || true
    ! mounted "$root/proc" || umount "$root/proc"
  fi
  if [ -f "$root/$ready" ]; then
    say "$(cat "$root/$ready")"
    echo "$root"
    exit 0
  fi
  tail -n 20 "$cache/rgw-install.log" >&2
  say "WARNING: no chroot of Debian $suite; falling back to this host's older gateway, which does not verify checksums"
fi

command -v radosgw > /dev/null && command -v ceph-osd > /dev/null || install_on_host > "$cache/rgw-install.log" 2>&1 || {
  tail -n 20 "$cache/rgw-install.log" >&2
  say "no gateway could be installed"
  exit 1
}
say "$(radosgw --version)"
echo /
