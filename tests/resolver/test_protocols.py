"""A port that is known to speak another protocol than the address is not the one that is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from envfix.knowledge.images import FOR_PEOPLE, IMAGES, PURE_SERVERS, image_of
from envfix.knowledge.schemes import SCHEMES
from resolver.situations import Situation, check, services, table

JOBS = "jobs: {build: ., env_file: .env}"


@table(
    Situation(
        "a published console is not the server: the documented port of the scheme is",
        services(JOBS, "queue: {image: 'rabbitmq:4-management', ports: ['5701:15672']}"),
        "QUEUE_URL=amqp://guest:guest@localhost:5701/\n",
        "QUEUE_URL rewrite container queue:5672",
    ),
    Situation(
        "bolt is not spoken where the browser of Neo4j is served",
        services(JOBS, "graph: {image: neo4j, ports: ['7800:7474']}"),
        "GRAPH_URI=bolt://localhost:7800\n",
        "GRAPH_URI rewrite container graph:7687",
    ),
    Situation(
        "the native protocol of ClickHouse is not spoken where HTTP is",
        services(JOBS, "events: {image: clickhouse/clickhouse-server, ports: ['8200:8123']}"),
        "EVENTS_DSN=clickhouse://localhost:8200/events\nEVENTS_HTTP=http://localhost:8200\n",
        "EVENTS_DSN rewrite container events:9000\nEVENTS_HTTP rewrite published events:8123",
    ),
    Situation(
        "a driver of ClickHouse that speaks HTTP under its scheme names the port of HTTP itself",
        services(JOBS, "events: {image: clickhouse/clickhouse-server, ports: ['8123:8123']}"),
        "EVENTS_DSN=clickhouse://localhost:8123/events\n",
        "EVENTS_DSN rewrite published events:8123",
    ),
    Situation(
        "mail is not taken where a mail catcher shows it; by the name alone that is a question",
        services(JOBS, "post: {image: axllent/mailpit, ports: ['1100:8025']}"),
        "SMTP_HOST=localhost\nSMTP_PORT=1100\nRELAY=smtp://localhost:1100\n",
        "SMTP_HOST ask ambiguous\nRELAY rewrite container post:1025",
    ),
    Situation(
        "a service's name with the port of its console is the same mistake",
        services(JOBS, "post: {image: axllent/mailpit, ports: ['1100:8025']}"),
        "SMTP_HOST=post\nSMTP_PORT=1100\n",
        "SMTP_HOST ask ambiguous",
    ),
    Situation(
        "the name of a console means the console",
        services(JOBS, "queue: {image: 'rabbitmq:4-management', ports: ['5701:15672']}"),
        "RABBITMQ_MANAGEMENT_HOST=localhost:5701\n",
        "RABBITMQ_MANAGEMENT_HOST rewrite published queue:15672",
    ),
    Situation(
        "what the documentation of an image does not name is not ruled out by what the image is: a person says",
        services(JOBS, "store: {image: redis, ports: ['9980:9980']}"),
        "STORE_URL=http://localhost:9980\n",
        "STORE_URL ask ambiguous",
    ),
    Situation(
        "a proxy that speaks HTTP for a Redis is what an HTTP address means",
        services(
            "site: {build: ., environment: {KV_REST_URL: '${KV_REST_URL:-http://kv-http:80}'}}",
            "kv-http: {image: hiett/serverless-redis-http, ports: ['8300:80']}",
        ),
        "KV_REST_URL=http://localhost:8300\n",
        "KV_REST_URL rewrite published kv-http:80",
    ),
    Situation(
        "a client of gRPC is given an http URL, too; the page of the same server is not meant by it",
        services(JOBS, "spans: {image: 'jaegertracing/all-in-one:1.60', ports: ['5317:4317', '5686:16686']}"),
        "OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:5317\nSPANS_PAGE=http://localhost:5686\n",
        "OTEL_EXPORTER_OTLP_ENDPOINT rewrite published spans:4317\nSPANS_PAGE ask ambiguous",
    ),
    Situation(
        "nor does a database answer an http URL",
        services(JOBS, "db: {image: 'postgres:16', ports: ['5433:5432']}"),
        "OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:5433\n",
        "OTEL_EXPORTER_OTLP_ENDPOINT keep no-target",
    ),
    Situation(
        "a port of another product than the name says is nobody's",
        services(JOBS, "cache: {image: redis, ports: ['5500:6379']}"),
        "MONGO_HOST=localhost\nMONGO_PORT=5500\n",
        "MONGO_HOST keep no-target",
    ),
    Situation(
        "flags of the command move a store's doors: the console's documented port is the API's here",
        services(JOBS, "shelf: {image: minio/minio, command: 'server /data --address :9001 --console-address=:9100'}"),
        "SHELF_MINIO_ENDPOINT=localhost:9001\nSHELF_MINIO_CONSOLE=http://localhost:9100\n",
        "SHELF_MINIO_ENDPOINT rewrite container shelf:9001\nSHELF_MINIO_CONSOLE ask ambiguous",
    ),
    Situation(
        "so do variables that the image documents",
        services(JOBS, "letters: {image: axllent/mailpit, environment: {MP_SMTP_BIND_ADDR: '0.0.0.0:2600'}}"),
        "SMTP_HOST=localhost\nSMTP_PORT=2600\nRELAY=smtp://localhost:1025\n",
        "SMTP_HOST rewrite container letters\nRELAY keep no-target",
    ),
    Situation(
        "what no documentation calls a flag of the server moves nothing",
        services(JOBS, "letters: {image: axllent/mailpit, command: '--max 2600'}"),
        "RELAY=smtp://localhost:1025\n",
        "RELAY rewrite container letters:1025",
    ),
)
def test_a_port_of_another_protocol(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


def test_every_row_says_who_says_so_and_where_it_listens() -> None:
    for row in IMAGES:
        assert all(image_of(name if "/" in name else f"acme/{name}") is not None for name in row.names), row.names
        assert row.source.startswith(("https://", "http://")), row.names
        assert all(0 < port < 65536 for port in (*row.ports, *row.also)), row.names
        assert row.ports.keys().isdisjoint(row.also), row.names
        assert set(row.moves.values()) <= {*row.ports.values(), *row.also.values()}, row.names
        assert all(isinstance(text, tuple) for text in (row.names, row.words, row.reads, row.listens, row.uses))


def test_the_names_of_images_are_each_in_one_row() -> None:
    names = [name for image in IMAGES for name in image.names]
    assert len(names) == len(set(names))


def test_the_families_that_the_rules_speak_of_are_those_of_images() -> None:
    kinds = {image.kind for image in IMAGES}
    assert kinds >= PURE_SERVERS | FOR_PEOPLE
    families = kinds.union(*(image.families for image in IMAGES))
    assert {use for image in IMAGES for use in image.uses} <= families
    assert {SCHEMES[name].kind for name in ("postgres", "mysql", "redis", "amqp", "bolt")} <= families


@pytest.mark.parametrize(
    ("reference", "kind"),
    [
        ("postgres:17@sha256:00", "postgres"),
        ("ghcr.io/acme/postgres", "postgres"),
        ("selenium/hub:4", "selenium"),
        ("acme/hub", None),
        ("grafana/tempo:2.6", "tempo"),
        ("acme/tempo", None),
        ("localhost:5000/mirror/redis", "redis"),
        ("", None),
    ],
)
def test_an_image_is_known_by_its_name(reference: str, kind: str | None) -> None:
    found = image_of(reference)
    assert (found.kind if found else None) == kind
