#!/bin/sh
# The port of http://HOST and https://HOST: to Qdrant's client it is 6333 for both, to ClickHouse's 8123 for both, to
# OpenSearch's 9200 and 443; Ollama's takes 80 and 443, but 11434 as soon as the scheme is left out; Chroma's drops even
# a port passed beside it. Guess: 80 and 443, since a scheme says the port. Seen with qdrant-client 1.20.0,
# clickhouse-connect 1.12.0, opensearch-py 3.2.0, ollama 0.6.3, chromadb-client 1.5.9. Needs python3 and network; fails
# if one of them asks for another port.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet qdrant-client==1.20.0 clickhouse-connect==1.12.0 opensearch-py==3.2.0 ollama==0.6.3 \
    chromadb-client==1.5.9 >/dev/null 2>&1
cat >dials.py <<'PYTHON'
import logging, socket, warnings

import chromadb, clickhouse_connect, ollama, opensearchpy, qdrant_client

logging.disable()
warnings.simplefilter("ignore")
asked = []


def resolve(host, port, *rest, **options):
    asked.append((host, int(port)))
    raise socket.gaierror(socket.EAI_NONAME, "no server here")


socket.getaddrinfo = resolve
CLIENTS = {
    "qdrant": lambda url: qdrant_client.QdrantClient(url=url, check_compatibility=False).get_collections(),
    "clickhouse": lambda url: clickhouse_connect.get_client(dsn=url),
    "opensearch": lambda url: opensearchpy.OpenSearch(hosts=[url]).info(),
    "ollama": lambda url: ollama.Client(url).list(),
    "chroma:8000": lambda url: chromadb.HttpClient(host=url, port=8000),
}
for name, connect in CLIENTS.items():
    ports = []
    for url in ("http://server", "https://server", "server"):
        if name == "clickhouse" and url == "server":
            continue  # a DSN has a scheme
        asked.clear()
        try:
            connect(url)
        except Exception:
            ports.append({port for host, port in asked if host == "server"}.pop())
    print(name, *ports)
PYTHON
seen=$(python/bin/python dials.py 2>/dev/null)
echo "$seen"
[ "$seen" = 'qdrant 6333 6333 6333
clickhouse 8123 8123
opensearch 9200 443 9200
ollama 80 443 11434
chroma:8000 80 443 8000' ] || { echo 'expected otherwise'; exit 1; }
