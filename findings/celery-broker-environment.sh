#!/bin/sh
# Celery("jobs", broker=...) connects to another broker if the container has a CELERY_BROKER_URL, and keeps results
# where CELERY_RESULT_BACKEND says, though no line of the program mentions either. Guess: what the program passes as an
# argument or sets in app.conf comes before an environment variable that it never reads. Seen with celery 5.7.0. Needs
# python3 and network; fails if Celery obeys the argument.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet celery==5.7.0 redis==6.4.0 >/dev/null 2>&1
cat >jobs.py <<'PYTHON'
from celery import Celery

app = Celery("jobs", broker="amqp://passed//", backend="redis://passed/0")
app.conf.update(broker_url="amqp://set//", result_backend="redis://set/0")
print(app.connection_for_write().hostname, app.backend.connparams["host"])
PYTHON

expect() {
    printf '%s: %s\n' "$1" "$3"
    [ "$2" = "$3" ] || { echo "expected $2"; exit 1; }
}
unset CELERY_BROKER_URL CELERY_BROKER_READ_URL CELERY_BROKER_WRITE_URL CELERY_RESULT_BACKEND
expect 'without variables' 'set set' "$(python/bin/python jobs.py)"
expect 'with them' 'broker results' "$(CELERY_BROKER_URL=amqp://broker// CELERY_RESULT_BACKEND=redis://results/1 \
    python/bin/python jobs.py)"
