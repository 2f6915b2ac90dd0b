#!/bin/sh
# Installs what the engine tests need and this machine may lack, from Debian's packages: the Docker Engine, iptables, and
# Podman with its DNS. It never fails: where it can do nothing it says why, and the tests skip with their own reason.
set -u

missing() {
    for command in "$@"; do
        command -v "$command" >/dev/null 2>&1 || return 0
    done
    return 1
}

say() { echo "engine tests: $*" >&2; }

install() {
    if apt-get update -qq >/dev/null 2>&1 &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1; then
        say "installed $*"
    else
        say "$* cannot be installed (no network?): what needs them will be skipped"
    fi
}

PATH=$PATH:/usr/sbin:/sbin
if ! missing dockerd docker iptables podman; then
    exit 0
elif [ "$(id -u)" != 0 ]; then
    say "an engine is missing here, and only root could install one: what needs it will be skipped"
elif ! command -v apt-get >/dev/null 2>&1; then
    say "an engine is missing here, and no apt-get to install one: what needs it will be skipped"
else
    if missing dockerd docker iptables; then install docker.io iptables; fi
    if missing podman; then install podman netavark aardvark-dns; fi
fi
exit 0
