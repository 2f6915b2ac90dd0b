#!/bin/sh
# honcho takes the blanks out of a value without quotes (host=localhost port=5433 becomes host=localhostport=5433) and
# leaves out every `export NAME=value`; env-cmd gives such a variable the name "export NAME". Guess: a value goes to the
# end of its line and `export` is skipped, as in each of the better known loaders. Seen with honcho 2.0.0, env-cmd 11.0.0
# and, for the guess, python-dotenv 1.2.4. Needs python3, npm and network; fails if one of them reads it otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts env-cmd@11.0.0 >/dev/null 2>&1
python3 -m venv python
python/bin/pip install --quiet honcho==2.0.0 'python-dotenv[cli]==1.2.4' >/dev/null 2>&1
cat >.env <<'LINES'
SEEN_DSN=host=localhost port=5433
export SEEN_URL=redis://localhost:6390
LINES

expect() {
    wanted=$1
    shift
    seen=$("$@" python3 -c 'import os
print(*sorted(f"{name}={value}" for name, value in os.environ.items() if "SEEN_" in name), sep="; ")')
    printf '%s: %s\n' "$*" "$seen"
    [ "$seen" = "$wanted" ] || { echo "expected $wanted"; exit 1; }
}
expect 'SEEN_DSN=host=localhostport=5433' python/bin/honcho run
expect 'SEEN_DSN=host=localhost port=5433; export SEEN_URL=redis://localhost:6390' node_modules/.bin/env-cmd -f .env
expect 'SEEN_DSN=host=localhost port=5433; SEEN_URL=redis://localhost:6390' python/bin/dotenv run
