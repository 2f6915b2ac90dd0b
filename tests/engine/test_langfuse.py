"""Langfuse's own compose file and `.env.dev.example`, not changed by a byte, where a copy lies beside the checkout."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .command import Envfix
from .compose import Stack
from .dockerd import Engine
from .lessons import replaced
from .verdict import Network, contradictions, unsettled
from .visits import APPS, assert_whole

COPY = Path(__file__).parents[3] / "shared/corpus/files/langfuse+langfuse"
STAND_INS = {
    "docker.langfuse.com/langfuse/langfuse:4": "example/web:1",
    "docker.langfuse.com/langfuse/langfuse-worker:4": "example/worker:1",
    "cgr.dev/chainguard/minio": "minio/minio:latest",
}
# What our web and worker need beside what Langfuse's file gives its own.
OVERRIDE = """
services:
  langfuse-web:
    environment: {ROLE: web}
    healthcheck: {test: curl -fsS http://localhost:3000/, interval: 1s, start_period: 20s}
  langfuse-worker:
    environment: {ROLE: worker}
    healthcheck: {test: test -f /tmp/ready, interval: 1s, start_period: 20s}
"""
RIGHT = {
    "DATABASE_URL": ("localhost:5432", "postgres:5432"),
    "CLICKHOUSE_MIGRATION_URL": ("localhost:9000", "clickhouse:9000"),
    "CLICKHOUSE_URL": ("localhost:8123", "clickhouse:8123"),
    "REDIS_HOST": ("127.0.0.1", "redis"),
    "LANGFUSE_S3_EVENT_UPLOAD_ENDPOINT": ("localhost:9090", "minio:9000"),
    "LANGFUSE_S3_BATCH_EXPORT_ENDPOINT": ("localhost:9090", "minio:9000"),
}
MEDIA = "LANGFUSE_S3_MEDIA_UPLOAD_ENDPOINT"


@pytest.fixture
def langfuse(engine: Engine, tmp_path: Path) -> Stack:
    if not COPY.is_dir():
        pytest.skip(f"no copy of Langfuse's files in {COPY}")
    for name, stand_in in STAND_INS.items():
        engine.docker("tag", stand_in, name)
    folder = tmp_path / "langfuse"
    folder.mkdir()
    shutil.copyfile(COPY / "docker-compose.yml", folder / "docker-compose.yml")
    shutil.copyfile(COPY / ".env.dev.example", folder / ".env")
    (folder / "docker-compose.override.yml").write_text(OVERRIDE)
    return Stack(engine, folder)


def test_langfuse_itself_is_made_whole(langfuse: Stack, home: Path) -> None:
    envfix, developers = Envfix(langfuse.folder, home), langfuse.env.read_text()
    decisions = envfix.decisions()
    envfix.do("--write")
    assert langfuse.env.read_text() == replaced(developers, RIGHT)
    try:
        assert langfuse.up(), langfuse.logs(*APPS)
        assert_whole(langfuse, accounts={"postgres": "postgres"})
        network = Network(langfuse, decisions)
        assert contradictions(network, decisions) == []
        [media] = [each for each in decisions if each.variable == MEDIA]
        assert (media.decision, media.reason) == ("ask", "conflict")
        assert unsettled(network, media, outside=True)
    finally:
        langfuse.down()
