#!/bin/sh
# `- 1025:25` under ports: without quotes: podman-compose publishes the container's port 61525 (on a random port of the
# host) and drops 25, since YAML 1.1 reads the pair as 1025 minutes and 25 seconds; `- 8025:8025` beside it is fine.
# Guess: what works in Docker Compose, whose YAML knows no such numbers, is published by podman-compose too, or refused.
# Seen with podman-compose 1.6.0, PyYAML 6.0.3. Needs python3 and network (no podman); fails if it reads the pair
# otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet podman-compose==1.6.0 PyYAML==6.0.3 >/dev/null 2>&1
cat >compose.yaml <<'YAML'
services:
  mail:
    image: mailpit
    ports:
      - 1025:25
      - "1026:25"
      - 8025:8025
YAML
# Instead of podman: notes how it is called, and says that no container runs.
cat >podman <<'SHELL'
#!/bin/sh
echo "$*" >>calls
case " $* " in *' ps '*) echo '[]' ;; *' --version '*) echo 'podman version 5.8.6' ;; esac
SHELL
chmod +x podman
python/bin/podman-compose --podman-path ./podman up --detach >/dev/null 2>&1
seen=$(tr ' ' '\n' <calls | sed -n '/^-p$/{n;p;}' | tr '\n' ' ')
echo "podman create -p: $seen"
[ "$seen" = '61525 1026:25 8025:8025 ' ] || { echo 'expected 61525 1026:25 8025:8025'; exit 1; }
