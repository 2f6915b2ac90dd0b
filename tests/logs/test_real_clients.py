"""The real thing: clients of this machine, made to fail, and read."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from envfix.logs import failures

NODE = "require('net').connect({port}, 'localhost')"
NODE_FETCH = "fetch('http://localhost:{port}/x')"
ASYNCIO = "import asyncio; asyncio.run(asyncio.open_connection('localhost', {port}))"
URLLIB = "import urllib.request as u; u.urlopen('http://localhost:{port}/')"

CLIENTS = [
    pytest.param(["bash", "-c", "exec 3<>/dev/tcp/localhost/{port}"], True, id="bash"),
    pytest.param(["curl", "-sS", "http://localhost:{port}/"], True, id="curl"),
    pytest.param(["node", "-e", NODE], True, id="Node's net"),
    pytest.param(["node", "-e", NODE_FETCH], True, id="Node's fetch"),
    pytest.param([sys.executable, "-c", ASYNCIO], True, id="asyncio"),
    pytest.param([sys.executable, "-c", URLLIB], False, id="urllib names no address"),
    pytest.param(["redis-cli", "-p", "{port}", "ping"], True, id="redis-cli"),
    pytest.param(["psql", "-h", "localhost", "-p", "{port}", "-c", "select 1"], True, id="psql"),
]


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that nothing listens on, held so that nobody takes it meanwhile."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


def said(command: list[str]) -> bytes:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not on this machine")
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False)
    return done.stdout


@pytest.mark.parametrize(("command", "with_address"), CLIENTS)
def test_a_refused_connection_is_read_from_the_clients_own_words(
    command: list[str], with_address: bool, closed_port: int
) -> None:
    log = said([word.replace("{port}", str(closed_port)) for word in command])
    (failure,) = failures([log])
    assert failure.kind == "refused", log
    assert (failure.port == closed_port) is with_address, log


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["curl", "-sS", "http://no-such-name.invalid/"], id="curl"),
        pytest.param(["node", "-e", "require('net').connect(80, 'no-such-name.invalid')"], id="Node"),
        pytest.param([sys.executable, "-c", ASYNCIO.replace("localhost", "no-such-name.invalid")], id="asyncio"),
    ],
)
def test_a_name_that_is_not_known_is_read_from_the_clients_own_words(command: list[str]) -> None:
    log = said([word.replace("{port}", "80") for word in command])
    (failure,) = failures([log])
    assert failure.kind == "unresolved", log
    assert failure.host in ("no-such-name.invalid", None), log
