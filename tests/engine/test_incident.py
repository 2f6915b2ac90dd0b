"""The incident on a real engine: a stack that does not come up, one command, a stack that does.

And the wrong fixes, which must stay red for their own reasons, or nothing here could fail.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .command import Envfix
from .compose import Stack, until
from .dockerd import PATH
from .lessons import replaced
from .verdict import Network, contradictions
from .visits import assert_whole, browse

# What is right, found by hand: the expectation for envfix, and the proof that the stack can be healthy at all.
RIGHT = {
    "DATABASE_URL": ("localhost:5432", "postgres:5432"),
    "REPORTS_DATABASE_URL": ("127.0.0.1:5433", "reports-db:5432"),
    "CLICKHOUSE_MIGRATION_URL": ("localhost:9000", "clickhouse:9000"),
    "CLICKHOUSE_URL": ("localhost:8123", "clickhouse:8123"),
    "REDIS_HOST": ("127.0.0.1", "redis"),
    "LANGFUSE_S3_EVENT_UPLOAD_ENDPOINT": ("localhost:9090", "minio:9000"),
}
ACCOUNTS = {"postgres": "postgres", "reports-db": "reports"}
SERVERS = ("clickhouse", "minio", "postgres", "redis", "reports-db")
WEB = "langfuse-web"
PUBLISHED = (5432, 5433, 6379, 8123, 9000, 9090)


@pytest.fixture(scope="module")
def incident(stack_of: Callable[..., Stack]) -> Stack:
    return stack_of("incident")


@pytest.fixture
def stack(incident: Stack) -> Iterator[Stack]:
    """The stack with the host developer's `.env`. Its servers stay up from the first test on, for the sake of speed."""
    developers = incident.env.read_bytes()
    yield incident
    incident.env.write_bytes(developers)


@pytest.fixture
def broken(stack: Stack) -> Stack:
    """The stack with its web container in the restart loop."""
    stack.start(WEB)
    await_restarts(stack)
    return stack


def await_restarts(stack: Stack, count: int = 2) -> None:
    until(lambda: stack.container(WEB).restarts >= count, 60, "the web container is restarted")


@pytest.fixture
def envfix(incident: Stack, home: Path) -> Envfix:
    return Envfix(incident.folder, home)


def web_log(stack: Stack) -> str:
    return stack.logs(WEB)


def test_a_developers_env_makes_the_web_container_restart_for_ever_while_every_server_is_healthy(broken: Stack) -> None:
    log, containers = web_log(broken), broken.containers()
    for refused in (
        "dial tcp [::1]:9000: connect: connection refused",
        "dial tcp [::1]:5432: connect: connection refused",
        "dial tcp 127.0.0.1:5433: connect: connection refused",
        "Could not connect to Redis at 127.0.0.1:6379: Connection refused",
        "Failed to connect to localhost port 8123",
        "dial tcp [::1]:9090: connect: connection refused",
    ):
        assert refused in log
    assert {server: containers[server].health for server in SERVERS} == dict.fromkeys(SERVERS, "healthy")


def test_the_same_addresses_answer_on_the_host_which_is_why_people_write_them(broken: Stack) -> None:
    attempts = broken.probe_outside(*(f"localhost:{port}" for port in PUBLISHED))
    assert [attempt.outcome for attempt in attempts] == ["connected"] * len(PUBLISHED)


def test_the_log_leads_envfix_to_every_variable_to_blame(broken: Stack, envfix: Envfix) -> None:
    failures = envfix.report("--logs", "-", stdin=web_log(broken))["failures"]
    blamed = {failure["variable"]: failure["replacement"] for failure in failures}
    assert blamed == {variable: new for variable, (_, new) in RIGHT.items()}
    assert {failure["service"] for failure in failures} == {WEB}


def test_live_finds_what_fails_now_and_its_last_line_makes_the_repair_take_effect(
    broken: Stack, envfix: Envfix
) -> None:
    developers = broken.env.read_text()
    tool = str(Path(broken.command[0]).parent) + os.pathsep + PATH
    done = envfix.run("--live", "--write", environ={**broken.engine.environment(), "PATH": tool})
    assert done.returncode == 1, done.stderr
    for variable, (_, new) in RIGHT.items():
        assert variable in done.stdout
        assert new in done.stdout
    assert not any(f"{server}:" in line.partition(" ")[0] for line in done.stdout.splitlines() for server in SERVERS)
    assert broken.env.read_text() == replaced(developers, RIGHT)
    last = done.stderr.strip().splitlines()[-1]
    _, found, words = last.partition("docker compose ")
    assert found
    assert broken.compose(*shlex.split(words)).returncode == 0
    until(lambda: broken.container(WEB).health == "healthy", 120, "the web container is healthy")


def test_the_network_agrees_with_every_rewrite(broken: Stack, envfix: Envfix) -> None:
    broken.start()  # the worker too: it reads the same variables
    decisions = envfix.decisions()
    rewritten = {each.variable: (each.address, each.replacement) for each in decisions if each.decision == "rewrite"}
    kept = {each.variable: each.reason for each in decisions if each.decision == "keep"}
    assert rewritten == RIGHT
    assert kept["NEXTAUTH_URL"] in ("browser", "default")
    assert kept["METRICS_LISTEN"] == "bind"
    changes = [each for each in decisions if each.decision == "rewrite"]
    assert contradictions(Network(broken, changes), changes) == []


def test_write_makes_it_whole_and_restore_breaks_it_again(broken: Stack, envfix: Envfix) -> None:
    developers = broken.env.read_bytes()
    envfix.do("--write")
    assert broken.env.read_text() == replaced(developers.decode(), RIGHT)
    assert broken.up(), web_log(broken)
    assert_whole(broken, ACCOUNTS)
    stays = envfix.decisions()
    assert contradictions(Network(broken, stays), stays) == []

    envfix.do("--restore")
    assert broken.env.read_bytes() == developers
    broken.start(WEB)
    await_restarts(broken)
    assert "dial tcp [::1]:9000: connect: connection refused" in web_log(broken)


def test_the_right_env_made_by_hand_is_healthy(stack: Stack) -> None:
    stack.env.write_text(replaced(stack.env.read_text(), RIGHT))
    assert stack.up(), web_log(stack)
    assert_whole(stack, ACCOUNTS)


WRONG = [
    pytest.param(
        {"REPORTS_DATABASE_URL": ("127.0.0.1:5433", "reports-db:5433")},
        r"dial tcp 172\.\S+:5433: connect: connection refused",
        id="the published port means nothing inside",
    ),
    pytest.param(
        {"LANGFUSE_S3_EVENT_UPLOAD_ENDPOINT": ("localhost:9090", "minio:9090")},
        r"dial tcp 172\.\S+:9090: connect: connection refused",
        id="the object store's published port means nothing inside",
    ),
    pytest.param(
        {"CLICKHOUSE_MIGRATION_URL": ("localhost:9000", "minio:9000")},
        r"\[handshake\] unexpected packet \[72\] from server",
        id="9000 is MinIO's port inside, but ClickHouse is who publishes it",
    ),
]


@pytest.mark.parametrize(("change", "error"), WRONG)
def test_a_wrong_rewrite_restarts_for_ever(stack: Stack, change: dict[str, tuple[str, str]], error: str) -> None:
    stack.env.write_text(replaced(stack.env.read_text(), {**RIGHT, **change}))
    stack.start(WEB)
    await_restarts(stack, 1)
    assert re.search(error, web_log(stack))


def test_a_browsers_url_rewritten_leaves_all_healthy_and_the_browser_outside(stack: Stack) -> None:
    change = {**RIGHT, "NEXTAUTH_URL": ("localhost:3000", "langfuse-web:3000")}
    stack.env.write_text(replaced(stack.env.read_text(), change))
    assert stack.up(WEB), web_log(stack)
    assert "Could not resolve host: langfuse-web" in browse(stack)


def test_a_listener_rewritten_leaves_its_own_loopback(stack: Stack) -> None:
    change = {**RIGHT, "METRICS_LISTEN": ("127.0.0.1:3001", "langfuse-web:3001")}
    stack.env.write_text(replaced(stack.env.read_text(), change))
    stack.start(WEB)
    until(lambda: "127.0.0.1 port 3001" in stack.container(WEB).checked, 30, "the health check's failure")
    assert "ready" in web_log(stack)
    assert stack.container(WEB).health != "healthy"
