#!/bin/sh
# A program started by `pipenv run`, honcho, foreman (nf), env-cmd, poe or python-dotenv's own `dotenv run` gets the
# value of .env, although the container's environment: sets the variable. Guess: what is set already wins, as it does
# for the libraries (load_dotenv, dotenv.config) and for dotenv-cli, dotenvx, `uv run --env-file` and just. Seen with
# pipenv 2026.10.3, honcho 2.0.0, foreman 3.0.1, env-cmd 11.0.0, poethepoet 0.49.0, python-dotenv 1.2.4. Needs python3,
# npm and network; fails if one of them chooses otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts \
    foreman@3.0.1 env-cmd@11.0.0 dotenv-cli@11.0.0 @dotenvx/dotenvx@2.38.2 >/dev/null 2>&1
python3 -m venv python
python/bin/pip install --quiet pipenv==2026.10.3 honcho==2.0.0 poethepoet==0.49.0 "python-dotenv[cli]==1.2.4" \
    uv==0.13.9 rust-just==1.59.0 >/dev/null 2>&1

mkdir app
cd app
echo 'QUEUE_URL=amqp://localhost:5673' >.env
echo '[packages]' >Pipfile
printf 'set dotenv-load\nshow:\n    @printenv QUEUE_URL\n' >justfile
printf '[tool.poe]\nenvfile = ".env"\n[tool.poe.tasks]\nshow = "printenv QUEUE_URL"\n' >pyproject.toml
export QUEUE_URL=amqp://queue:5672 PIPENV_VENV_IN_PROJECT=1 PIPENV_IGNORE_VIRTUALENVS=1

run() {
    wanted=$1
    shift
    seen=$("$@" 2>/dev/null | grep '^amqp:')
    printf '%s: %s\n' "$*" "$seen"
    [ "$seen" = "$wanted" ] || { echo "expected $wanted"; exit 1; }
}
for runner in '../python/bin/pipenv run' '../python/bin/honcho run' '../node_modules/.bin/nf run' \
    '../node_modules/.bin/env-cmd -f .env' '../python/bin/dotenv run'; do
    run amqp://localhost:5673 $runner printenv QUEUE_URL
done
run amqp://localhost:5673 ../python/bin/poe --quiet show
run amqp://queue:5672 ../python/bin/just show
for runner in 'node ../node_modules/dotenv-cli/cli.js -e .env --' '../node_modules/.bin/dotenvx run --quiet --' \
    '../python/bin/uv run --no-project --env-file .env --'; do
    run amqp://queue:5672 $runner printenv QUEUE_URL
done
