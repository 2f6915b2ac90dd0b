#!/bin/sh
# Process 1 of the private engine: run by unshare in network, mount and PID namespaces of its own.
# $1: the engine's folder; $2: its containers' parent cgroup; $3 $4: Python and the name server.
# Everything but the images under $1/data vanishes with this process.
set -e
# /proc is still the host's, so this is the id by which nsenter finds these namespaces from outside.
read -r pid _ </proc/self/stat
echo "$pid" >"$1/pid"
mount -t proc proc /proc
# An empty /run: another engine's containerd is not found, and no stale pid file or socket of ours either.
mount -t tmpfs tmpfs /run
ip link set lo up
# Docker's DNS passes what is no service's name on to the host's name server: here one that knows no name.
echo "nameserver 127.0.0.1" >/run/resolv.conf
real=$(readlink -m /etc/resolv.conf) # often a link into /run, which is empty now
[ -e "$real" ] || { mkdir -p "${real%/*}"; : >"$real"; }
mount --bind /run/resolv.conf "$real"
"$3" "$4" &
exec dockerd --data-root "$1/data" --host "unix://$1/docker.sock" --bip 172.31.254.1/24 --log-level warn \
    --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "$2"
