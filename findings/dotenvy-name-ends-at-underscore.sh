#!/bin/sh
# `$REDIS_PORT` without braces in an env file that just or uv reads (both with Rust's dotenvy): the name ends at the
# underscore, so it is the variable REDIS and the text _PORT. Guess: a name goes as far as its letters, digits and
# underscores do, as for a shell, Docker Compose and npm's dotenv-expand. Seen with rust-just 1.59.0, uv 0.13.9,
# dotenv-expand 12.0.3. Needs python3, npm and network; fails if one of them reads it otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts dotenv@17.2.3 dotenv-expand@12.0.3 >/dev/null 2>&1
python3 -m venv python
python/bin/pip install --quiet rust-just==1.59.0 uv==0.13.9 >/dev/null 2>&1
cat >.env <<'LINES'
REDIS_PORT=6390
BARE=redis://localhost:$REDIS_PORT/0
BRACES=redis://localhost:${REDIS_PORT}/0
LINES
printf 'set dotenv-load\nshow:\n    @echo "$BARE $BRACES"\n' >justfile

expect() {
    printf '%s: %s\n' "$1" "$3"
    [ "$2" = "$3" ] || { echo "expected $2"; exit 1; }
}
expect just 'redis://localhost:_PORT/0 redis://localhost:6390/0' "$(python/bin/just show)"
expect uv 'redis://localhost:_PORT/0 redis://localhost:6390/0' \
    "$(python/bin/uv run --quiet --no-project --env-file .env -- sh -c 'echo "$BARE $BRACES"')"
expect dotenv-expand 'redis://localhost:6390/0 redis://localhost:6390/0' "$(node -e '
const read = require("dotenv").parse(require("fs").readFileSync(".env"));
const { BARE, BRACES } = require("dotenv-expand").expand({ parsed: read, processEnv: {} }).parsed;
console.log(BARE, BRACES)')"
