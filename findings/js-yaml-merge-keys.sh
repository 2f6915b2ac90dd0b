#!/bin/sh
# A compose file with `environment: {<<: *shared}`: js-yaml 5 and yaml 2 leave the merge undone and give a variable
# named << instead, js-yaml 4 merges, as Docker Compose and PyYAML do. Guess: what reads YAML merges, and a new release
# of the same library goes on doing so. Seen with js-yaml 4.1.1 and 5.5.0, yaml 2.9.1.
# Needs npm and network; fails if one of them reads it otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts \
    js-yaml-4@npm:js-yaml@4.1.1 js-yaml-5@npm:js-yaml@5.5.0 yaml@2.9.1 >/dev/null 2>&1
cat >compose.yaml <<'YAML'
x-shared: &shared
  QUEUE_URL: amqp://localhost:5673
services:
  api:
    image: api
    environment:
      <<: *shared
YAML
seen=$(node -e '
const text = require("fs").readFileSync("compose.yaml", "utf8")
const show = (name, { services }) => console.log(name, Object.keys(services.api.environment).join())
show("js-yaml 4:", require("js-yaml-4").load(text))
show("js-yaml 5:", require("js-yaml-5").load(text))
show("yaml 2:", require("yaml").parse(text))
show("yaml 2 told to merge:", require("yaml").parse(text, { merge: true }))')
echo "$seen"
[ "$seen" = 'js-yaml 4: QUEUE_URL
js-yaml 5: <<
yaml 2: <<
yaml 2 told to merge: QUEUE_URL' ] || { echo 'expected otherwise'; exit 1; }
