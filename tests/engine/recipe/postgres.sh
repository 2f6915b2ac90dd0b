#!/bin/sh
# Stands in for the official image's entry point: the same variables, the real server.
set -e
[ "${1:-}" != postgres ] || shift
data=${PGDATA:-/var/lib/postgresql/data}
user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}
as() { chroot --userspec=postgres:postgres / "$@"; }

mkdir -p "$data" /run/postgresql
chown postgres:postgres "$data" /run/postgresql
chmod 700 "$data"
if [ ! -s "$data/PG_VERSION" ]; then
    printf '%s\n' "${POSTGRES_PASSWORD:?}" >/tmp/password
    chown postgres /tmp/password
    as initdb --pgdata="$data" --username="$user" --no-sync --encoding=UTF8 --locale=C \
        --auth-local=trust --auth-host=scram-sha-256 --pwfile=/tmp/password >/dev/null
    rm /tmp/password
    echo 'host all all all scram-sha-256' >>"$data/pg_hba.conf"
    [ "$database" = postgres ] || echo "CREATE DATABASE \"$database\"" | as postgres --single -j -D "$data" postgres >/dev/null
fi
exec chroot --userspec=postgres:postgres / postgres -D "$data" -c listen_addresses='*' -c fsync=off -c jit=off "$@"
