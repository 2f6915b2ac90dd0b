#!/bin/sh
# http://proxy:80 and https://proxy:443 with Qdrant's JavaScript client: it connects to port 6333, since the standard URL
# class gives "" for a port that is its scheme's, and the client then takes its own; any other port is kept, and its
# Python client keeps 80 and 443 as well. Guess: a port that is written out is the port. Seen with
# @qdrant/js-client-rest 1.18.0, qdrant-client 1.20.0. Needs python3, npm and network; fails if one of them takes another.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @qdrant/js-client-rest@1.18.0 >/dev/null 2>&1
python3 -m venv python
python/bin/pip install --quiet qdrant-client==1.20.0 >/dev/null 2>&1
cat >asks.cjs <<'JAVASCRIPT'
const { QdrantClient } = require("@qdrant/js-client-rest")
let asked
globalThis.fetch = async (url) => {
  asked = new URL(url)
  throw new TypeError("no server here")
}
;(async () => {
  for (const url of ["http://proxy:80", "https://proxy:443", "http://proxy:8080"]) {
    await new QdrantClient({ url, checkCompatibility: false }).getCollections().catch(() => {})
    console.log("JavaScript", url, asked.host)
  }
})()
JAVASCRIPT
cat >asks.py <<'PYTHON'
import socket

from qdrant_client import QdrantClient


def resolve(host, port, *rest, **options):
    print("Python", url, f"{host}:{port}")
    raise socket.gaierror(socket.EAI_NONAME, "no server here")


socket.getaddrinfo = resolve
for url in ("http://proxy:80", "https://proxy:443"):
    try:
        QdrantClient(url=url, check_compatibility=False).get_collections()
    except Exception:
        pass
PYTHON
seen=$(node asks.cjs && python/bin/python asks.py)
echo "$seen"
[ "$seen" = 'JavaScript http://proxy:80 proxy:6333
JavaScript https://proxy:443 proxy:6333
JavaScript http://proxy:8080 proxy:8080
Python http://proxy:80 proxy:80
Python https://proxy:443 proxy:443' ] || { echo 'expected otherwise'; exit 1; }
