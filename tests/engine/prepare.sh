#!/bin/sh
# Installs what the engine tests need and this machine may lack: the Docker Engine and iptables, from Debian's packages.
# It never fails: where it can do nothing it says why, and the tests skip with their own reason.
set -u

missing() {
    for command in dockerd docker iptables; do
        command -v "$command" >/dev/null 2>&1 || return 0
    done
    return 1
}

say() { echo "engine tests: $*" >&2; }

PATH=$PATH:/usr/sbin:/sbin
if ! missing; then
    exit 0
elif [ "$(id -u)" != 0 ]; then
    say "no Docker Engine here, and only root could install one: they will be skipped"
elif ! command -v apt-get >/dev/null 2>&1; then
    say "no Docker Engine here, and no apt-get to install one: they will be skipped"
elif apt-get update -qq >/dev/null 2>&1 &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker.io iptables >/dev/null 2>&1; then
    say "installed docker.io and iptables"
else
    say "docker.io and iptables cannot be installed (no network?): they will be skipped"
fi
exit 0
