"""`--override FILE`: each service gets its own value, as the real Docker Compose hands it out; the env files stay."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import real_compose
from conftest import Envfix

Project = Callable[..., Path]

COMPOSE = """services:
  web:
    image: example.org/web
    environment:
      DATABASE_URL: ${DATABASE_URL}
      DSN: postgres://app:${DB_PASSWORD}@${DB_HOST}:${DB_PORT}/app
      UPLOADS: ${UPLOADS:-http://localhost:9090}
  worker:
    image: example.org/worker
    env_file: .env
    depends_on: [db, minio, mail]
    environment:
      UPLOADS: ${UPLOADS:-http://minio:9000}
  agent:
    image: example.org/agent
    network_mode: host
    environment: [DATABASE_URL]
  app:
    image: node:22
    working_dir: /app
    volumes: [".:/app"]
    environment: {UPLOADS: "http://minio:9000"}
  cron:
    image: example.org/cron
    environment:
      LITERAL: postgres://cron:pw@localhost:5433/cron
      DEFAULT: ${NOWHERE_SET:-redis://localhost:6379}
  redis:
    image: redis:7
  mail:
    image: axllent/mailpit
    ports: ["${MAIL_PORT}:1025"]
  db:
    image: postgres:17
    ports: ["5433:5432"]
  minio:
    image: minio/minio
    ports: ["9090:9000"]
"""
# A password with everything that means something to YAML, to a shell or to Compose.
ENV = """DATABASE_URL='postgres://app:a$b"c\\d#e%20f@localhost:5433/app'
DB_PASSWORD=p$$w
DB_HOST=localhost
DB_PORT=5433
UPLOADS=http://localhost:9090
MAIL_HOST=localhost
MAIL_PORT=2525
PLAIN=unchanged
"""


def config(folder: Path, *words: str) -> dict[str, dict[str, str]]:
    output = real_compose.run(folder, *words, "config", "--format", "json", shell={})
    assert output is not None
    services = json.loads(output, object_hook=real_compose._undouble)["services"]
    return {name: service.get("environment") or {} for name, service in services.items()}


@real_compose.needs_compose
def test_each_service_gets_what_it_needs_and_keeps_the_rest(project: Project, envfix: Envfix) -> None:
    folder = project(**{"compose.yaml": COMPOSE, ".env": ENV})
    before = config(folder)

    done = envfix("--override", "compose.envfix.yaml", cwd=folder)
    assert done.status == 0, done.err
    after = config(folder, "-f", "compose.yaml", "-f", "compose.envfix.yaml")

    assert (folder / ".env").read_text() == ENV
    right = before["web"]["DATABASE_URL"].replace("localhost:5433", "db:5432")
    assert 'a$b"c\\d#e%20f@db:5432' in right
    assert after["web"] == {
        "DATABASE_URL": right,
        "DSN": "postgres://app:p$w@db:5432/app",
        "UPLOADS": "http://localhost:9090",
    }
    worker = {"DATABASE_URL": right, "DB_HOST": "db", "DB_PORT": "5432", "UPLOADS": "http://minio:9000"}
    assert after["worker"] == {**before["worker"], **worker, "MAIL_HOST": "mail", "MAIL_PORT": "1025"}
    assert after["cron"] == {"LITERAL": "postgres://cron:pw@db:5432/cron", "DEFAULT": "redis://redis:6379"}
    assert after["agent"] == before["agent"]
    assert after["mail"] == before["mail"]
    # What the app finds in its mounted .env, its own variables win over.
    assert (after["app"]["DATABASE_URL"], after["app"]["DB_HOST"], after["app"]["DB_PORT"]) == (right, "db", "5432")


def test_the_file_is_private_and_the_report_says_how_to_use_it(project: Project, envfix: Envfix) -> None:
    folder = project("langfuse")
    done = envfix("--override", "o.yaml", cwd=folder)
    assert (folder / "o.yaml").stat().st_mode & 0o777 == 0o600
    assert "docker compose -f compose.yaml -f o.yaml up -d langfuse-web langfuse-worker" in done.err
    assert "yours to decide" not in done.out + done.err
    written = (folder / "o.yaml").read_bytes()
    again = envfix("--override", "o.yaml", cwd=folder)
    assert (again.status, (folder / "o.yaml").read_bytes()) == (2, written)
    (folder / "o.yaml").write_text("old")
    assert envfix("--override", "o.yaml", "--force", cwd=folder).status == 0
    assert (folder / "o.yaml").read_bytes() == written


def test_a_dry_run_shows_it_masked_and_writes_nothing(project: Project, envfix: Envfix) -> None:
    folder = project("langfuse")
    done = envfix("--override", "o.yaml", "--dry-run", cwd=folder)
    assert (done.status, (folder / "o.yaml").exists()) == (1, False)
    assert 'DATABASE_URL: "postgresql://langfuse:***@postgres:5432/langfuse"' in done.out
    assert "langfuse:langfuse" not in done.out
    assert "envfix --override o.yaml" in done.err


@pytest.mark.parametrize("words", [[], ["--dry-run"]], ids=["", "dry"])
def test_nothing_is_written_where_nobody_needs_it(words: list[str], project: Project, envfix: Envfix) -> None:
    folder = project(**{"compose.yaml": "services: {app: {image: x, env_file: .env}}\n", ".env": "A=1\n"})
    done = envfix("--override", "o.yaml", *words, cwd=folder)
    assert (done.status, done.out, (folder / "o.yaml").exists()) == (0, "", False)
    assert "no override file was written" in done.err


def test_what_no_environment_can_change_is_told(project: Project, envfix: Envfix) -> None:
    compose = "services:\n  app: {image: example.org/app, command: 'run --db ${URL}'}\n  db: {image: postgres:17}\n"
    folder = project(**{"compose.yaml": compose, ".env": "URL=postgres://localhost:5432/x\n"})
    done = envfix("--override", "o.yaml", cwd=folder)
    assert "app reads URL in its command" in done.err
    assert not (folder / "o.yaml").exists()


def test_a_project_with_other_options_is_named_in_the_command(project: Project, envfix: Envfix) -> None:
    folder = project("langfuse")
    (folder / "compose.yaml").rename(folder / "stack.yml")
    done = envfix("-f", "stack.yml", "--override", "o.yaml", cwd=folder)
    assert "docker compose -f stack.yml -f o.yaml up -d" in done.err
    if real_compose.BINARY:
        line = [real_compose.BINARY, "-f", "stack.yml", "-f", "o.yaml", "config", "-q"]
        assert subprocess.run(line, cwd=folder, capture_output=True).returncode == 0
