#!/bin/sh
# drizzle-kit's `migrate` and `push` at a Postgres that refuses them end with status 1 and say nothing of it: neither that a
# connection was refused, nor to where; a container's log ends with "applying migrations...", or "Pulling schema from
# database...". `push` at a MySQL that refuses prints Node's whole error, and ends with status 0, so that an entrypoint with
# `set -e` goes on. Guess: a command that fails says why, and ends with a status that says that it did. No reader of logs can
# name the variable at fault in the first two. Seen with drizzle-kit 0.31.11, drizzle-orm 0.45.4, pg 8.23.1, mysql2 3.15.3.
# Needs node, npm and network; fails if any of it changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund drizzle-kit@0.31.11 drizzle-orm@0.45.4 pg@8.23.1 mysql2@3.15.3 >/dev/null 2>&1
mkdir -p out/meta
echo '{"version": "7", "dialect": "postgresql", "entries": []}' >out/meta/_journal.json
echo '' >schema.js
for dialect in postgresql mysql; do
    echo "module.exports = { dialect: '$dialect', schema: './schema.js', out: './out', dbCredentials: { url: process.env.URL } }" \
        >"$dialect.config.js"
done
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })')
tell() {
    status=0
    URL="$2://app:app@127.0.0.1:$port/shop" node_modules/.bin/drizzle-kit "$1" --config "$2.config.js" >log 2>&1 || status=$?
    refused=$(grep -c ECONNREFUSED log || true)
    [ "$refused" = 0 ] && refused='not told' || refused=told
    grep -q "$port" log && address=told || address='not told'
    echo "$1 $2: status $status, refusal $refused, address $address"
}
seen=$(tell migrate postgresql && tell push postgresql && tell push mysql)
echo "$seen"
[ "$seen" = 'migrate postgresql: status 1, refusal not told, address not told
push postgresql: status 1, refusal not told, address not told
push mysql: status 0, refusal told, address told' ] || { echo 'expected otherwise'; exit 1; }
