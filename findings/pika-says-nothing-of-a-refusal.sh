#!/bin/sh
# pika's BlockingConnection to a port that nothing listens on raises AMQPConnectionError whose text is empty: what refused,
# and that it was refused, stands in its repr alone, and neither tells host or port, so that a program which logs the text
# of the error logs nothing, and the last line of a traceback is a bare class. For a name that nobody has it raises no error
# of pika's at all but socket.gaierror, which a loop that waits for a broker by AMQPConnectionError does not catch. Guess:
# the text of a client's error says why, and both are errors of its own. Seen with pika 1.3.2. Needs python3 and network;
# fails if the text says more or the name raises another.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet pika==1.3.2 >/dev/null 2>&1
cat >connect.py <<'PYTHON'
import socket

import pika

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
for host in ("127.0.0.1", "no-such-name.invalid"):
    try:
        pika.BlockingConnection(pika.ConnectionParameters(host, port))
    except Exception as error:
        told = f"{error!s} {error!r}"
        kind = type(error)
        print(f"{kind.__module__}.{kind.__name__}", "text" if str(error) else "no text", str(port) in told, host in told)
        print("of pika:", isinstance(error, pika.exceptions.AMQPError))
PYTHON
seen=$(python/bin/python connect.py)
echo "$seen"
[ "$seen" = 'pika.exceptions.AMQPConnectionError no text False False
of pika: True
socket.gaierror text False False
of pika: False' ] || { echo 'expected otherwise'; exit 1; }
