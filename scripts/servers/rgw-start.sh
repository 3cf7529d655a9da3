#!/usr/bin/env bash
# Starts a throw-away Ceph cluster of one monitor, one OSD in memory and one S3 gateway, all on loopback, in about 2 s.
#
#   rgw-start.sh ROOT ENV_FILE      ROOT is what rgw-install.sh printed
#
# Writes `export` lines for the probes to ENV_FILE: endpoint, keys, version. rgw-stop.sh ENV_FILE ends it.
set -euo pipefail

root=${1:?folder that rgw-install.sh printed} env_file=${2:?file for the export lines}

uuid() { cat /proc/sys/kernel/random/uuid; }
in_root() { chroot "$root" "$@"; }

# free_port FIRST: one of the 6,000 ports from FIRST on that nobody answers at; below those that the system hands out.
free_port() {
  local port
  while port=$(($1 + RANDOM % 6000)); (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do :; done
  echo "$port"
}

# The path as the gateway sees it; the same folder is $root$state from outside.
state=/var/tmp/s3up-rgw-$(uuid)
port=$(free_port 20000) monitor_port=$(free_port 26000)
access_key=$(uuid | tr -d - | cut -c 1-20) secret_key=$(uuid)$(uuid)
mkdir -p "$root$state"/{mon,osd,rgw,run,log}
chmod 700 "$root$state"

# Written first, so that a start that fails half-way can be cleaned up too.
(umask 077 && cat > "$env_file" << END
export S3UP_TEST_RGW=http://127.0.0.1:$port
export S3UP_TEST_RGW_ACCESS_KEY=$access_key
export S3UP_TEST_RGW_SECRET_KEY=$secret_key
export S3UP_TEST_RGW_VERSION=$(in_root radosgw --version | sed -E 's/^ceph version ([0-9]+\.[0-9]+).*/\1/')
export S3UP_TEST_RGW_STATE=${root%/}$state
END
)

# No cephx: everything listens on loopback and lives for minutes. The intervals and the single placement group are
# what makes the start take 2 s and not 13. Without authentication the gateway would still ask the monitor for an
# encrypted session, which it then cannot have; hence ms_mon_client_mode.
cat > "$root$state/ceph.conf" << END
[global]
fsid = $(uuid)
mon_host = [v2:127.0.0.1:$monitor_port/0]
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_ipv6 = false
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_pool_default_pg_autoscale_mode = off
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 1000
osd_crush_chooseleaf_type = 0
osd_objectstore = memstore
memstore_device_bytes = 4294967296
run_dir = $state/run
admin_socket = $state/run/\$name.asok
pid_file = $state/run/\$name.pid
log_file = $state/log/\$name.log
crash_dir = $state/log
[mon]
mon_data = $state/mon
paxos_propose_interval = 0.05
paxos_min_wait = 0.02
[osd]
osd_data = $state/osd
[client.rgw.a]
ms_mon_client_mode = crc
rgw_frontends = beast endpoint=127.0.0.1:$port
rgw_data = $state/rgw
rgw_dns_name = localhost
# There is no TLS on loopback; customer keys are taken all the same.
rgw_crypt_require_ssl = false
END

conf=$state/ceph.conf
as_root=(--setuser root --setgroup root -c "$conf")
fsid=$(awk '/^fsid/ { print $3 }' "$root$conf")

in_root monmaptool --create --clobber --fsid "$fsid" --addv a "[v2:127.0.0.1:$monitor_port]" "$state/monmap" > /dev/null
in_root ceph-mon -i a --mkfs --monmap "$state/monmap" -c "$conf" > /dev/null 2>&1
in_root ceph-mon -i a "${as_root[@]}" > /dev/null
# An OSD made with any other id than the one the monitor was told stays "booting" for ever.
osd=$(uuid)
osd_number=$(in_root ceph -c "$conf" osd new "$osd")
in_root ceph-osd -i "$osd_number" --mkfs --osd-uuid "$osd" -c "$conf" --no-mon-config > /dev/null 2>&1
in_root ceph-osd -i "$osd_number" "${as_root[@]}" > /dev/null 2>&1
in_root radosgw -n client.rgw.a "${as_root[@]}" > /dev/null

for _ in $(seq 300); do
  ! (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null || break
  sleep 0.1
done
in_root radosgw-admin -c "$conf" user create --uid=probe --display-name=probe --max-buckets=0 \
  --access-key="$access_key" --secret-key="$secret_key" > /dev/null 2>&1
in_root radosgw-admin -c "$conf" user create --uid=stranger --display-name=stranger \
  --access-key="stranger$access_key" --secret-key="$secret_key" > /dev/null 2>&1
echo "rgw-start: $(in_root radosgw --version | cut -d ' ' -f 1-3) on 127.0.0.1:$port" >&2
