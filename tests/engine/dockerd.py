"""A Docker Engine of the tests' own: started, shared out, cleaned, and gone afterwards whatever happens to the run.

The engine is process 1 of its own PID, network and mount namespaces. So its bridges, firewall rules and published ports
touch neither the host nor another engine, nothing in it reaches the outside (an image called `postgres:17` cannot be
mistaken for the real one), and the kernel ends every container, proxy and mount with it. `setpriv --pdeathsig` ties it
to the test run: after `kill -9` of the run nothing is left but records in the engine's folder, and those the next run
removes.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from real_compose import SOON

INIT = Path(__file__).with_name("init.sh")
NAMESERVER = Path(__file__).with_name("nameserver.py")
COMMANDS = ("dockerd", "docker", "iptables", "ip", "unshare", "nsenter", "setpriv")
LOCK_TIMEOUT = 900
ROOMY = {"GOGC": "off", "GOMEMLIMIT": "300MiB"}  # nobody collects garbage before that: a fifth less for each container
CUSTOM = json.dumps({"type": ["custom"]})  # the networks that are not the engine's own
PATH = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"
Done = subprocess.CompletedProcess[str]


class EngineUnavailable(Exception):
    """No engine can be had here; the message is the reason with which the tests are skipped."""


def missing() -> str | None:
    """Why no engine can be started on this machine, as far as that shows without trying; None if it may be tried."""
    if not sys.platform.startswith("linux"):
        return f"a Docker Engine of its own needs Linux, this is {sys.platform}"
    absent = [command for command in COMMANDS if shutil.which(command, path=PATH) is None]
    if absent:
        return f"not installed: {', '.join(absent)} (tests/engine/prepare.sh installs docker.io and iptables)"
    if os.geteuid() != 0:
        return "starting a Docker Engine takes root"
    return None


class Engine:
    """A running private engine: `socket` its address for the docker command, `pid` its process 1 as seen from here."""

    def __init__(self, home: Path, pid: int) -> None:
        self.home = home
        self.pid = pid
        self.socket = f"unix://{home / 'docker.sock'}"

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """The whole environment for docker and Compose: nothing of the caller's may win over the `.env` under test."""
        return {"PATH": PATH, "HOME": str(self.home), "DOCKER_HOST": self.socket, **SOON, **(extra or {})}

    def run(self, *arguments: str, timeout: float = 60, stdin: IO[bytes] | None = None) -> Done:
        """`docker ARGUMENTS...`, whatever its exit status."""
        command, source = ["docker", *arguments], stdin or subprocess.DEVNULL
        environment = self.environment()
        return subprocess.run(command, env=environment, stdin=source, capture_output=True, text=True, timeout=timeout)

    def docker(self, *arguments: str, timeout: float = 60, stdin: IO[bytes] | None = None) -> str:
        """`docker ARGUMENTS...`, which must succeed; its standard output."""
        done = self.run(*arguments, timeout=timeout, stdin=stdin)
        if done.returncode:
            raise AssertionError(f"docker {' '.join(arguments)}: status {done.returncode}\n{done.stderr}")
        return done.stdout.strip()

    def lines(self, *arguments: str) -> list[str]:
        return self.docker(*arguments).split()

    def containers(self, label: str) -> list[dict[str, Any]]:
        """What `docker inspect` says of the containers that bear the label (a service's, no one-off)."""
        labels = {"label": [label, "com.docker.compose.oneoff=False"]}
        query = urllib.parse.urlencode({"all": "true", "filters": json.dumps(labels)})
        return [self.ask(f"/containers/{found['Id']}/json") for found in self.ask(f"/containers/json?{query}")]

    def ask(self, path: str) -> Any:
        """GET from the engine's API: for what is asked over and over, where the docker command takes its time."""
        connection = http.client.HTTPConnection("localhost", timeout=30)
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as connection.sock:
            connection.sock.connect(self.socket.removeprefix("unix://"))
            connection.request("GET", path)
            return json.loads(connection.getresponse().read())

    def outside(self, *command: str, timeout: float = 30) -> Done:
        """Run a program as one on the engine's host: it sees published ports on localhost, and no service's name."""
        entered = ["nsenter", f"--target={self.pid}", "--net", *command]
        return subprocess.run(entered, env={"PATH": PATH}, capture_output=True, text=True, timeout=timeout)

    def leftovers(self) -> list[str]:
        """What stands in the engine beside its images."""
        return [*self.containers_left(), *self.networks_left(), *self.volumes_left()]

    def containers_left(self) -> list[str]:
        return [found["Id"] for found in self.ask("/containers/json?all=true")]

    def networks_left(self) -> list[str]:
        return [found["Id"] for found in self.ask("/networks?" + urllib.parse.urlencode({"filters": CUSTOM}))]

    def volumes_left(self) -> list[str]:
        return [found["Name"] for found in self.ask("/volumes")["Volumes"] or []]

    def clear(self) -> None:
        """Remove all but the images."""
        if containers := self.containers_left():
            self.docker("rm", "--force", "--volumes", *containers)
        if networks := self.networks_left():
            self.docker("network", "rm", *networks)
        if volumes := self.volumes_left():
            self.docker("volume", "rm", "--force", *volumes)


@contextlib.contextmanager
def private_engine(home: Path) -> Iterator[Engine]:
    """The engine of the folder `home`, for as long as the block runs; of two runs at once the second waits.

    Raises EngineUnavailable if it cannot start.
    """
    home.mkdir(parents=True, exist_ok=True)
    with locked(home / "lock"):
        process = launch(home)
        try:
            engine = await_ready(home, process)
            if engine.leftovers():  # of a run that was killed: until it starts anew, their ports stay taken
                engine.clear()
                stop(process)
                process = launch(home)
                engine = await_ready(home, process)
            yield engine
        finally:
            stop(process)
            remove_cgroups(cgroup(home))


@contextlib.contextmanager
def locked(path: Path, timeout: float = LOCK_TIMEOUT) -> Iterator[None]:
    """Hold the lock file `path`. The kernel lets go of it when the holder dies, and no child inherits it."""
    import fcntl  # Linux alone gets this far

    deadline = time.monotonic() + timeout
    with path.open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise EngineUnavailable(f"another run has held {path} for {timeout:.0f} s") from None
                time.sleep(0.2)
        yield


def launch(home: Path) -> subprocess.Popen[bytes]:
    """Start the engine, to be killed by the kernel as soon as this process is gone."""
    for stale in ("pid", "docker.sock"):
        (home / stale).unlink(missing_ok=True)
    namespaces = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child"]
    arguments = [str(home), cgroup(home), sys.executable, str(NAMESERVER)]
    with (home / "log").open("wb") as log:
        return subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", *namespaces, "sh", str(INIT), *arguments],
            env={"PATH": PATH, "HOME": str(home), **ROOMY},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def await_ready(home: Path, process: subprocess.Popen[bytes], timeout: float = 60) -> Engine:
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(FileNotFoundError, ValueError):
            engine = Engine(home, int((home / "pid").read_text()))
            answer = engine.run("info", "--format", "{{.Driver}}")
            if answer.returncode == 0:
                return fit(engine, answer.stdout.strip())
        time.sleep(0.1)
    last = (home / "log").read_text(errors="replace").strip().splitlines()[-3:]
    raise EngineUnavailable("dockerd does not start here: " + " / ".join(last))


def fit(engine: Engine, driver: str) -> Engine:
    if driver == "vfs":  # it copies the whole image for every container
        raise EngineUnavailable(f"no overlay file system on {engine.home}; ENVFIX_ENGINE_CACHE can name another place")
    return engine


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the engine: politely, for the sake of its databases, then by the kernel."""
    for child in children(process.pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def cgroup(home: Path) -> str:
    """The parent cgroup of this engine's containers: known by name, so that none is left behind."""
    return f"/envfix-engine-{hashlib.sha256(str(home).encode()).hexdigest()[:8]}"


def remove_cgroups(name: str) -> None:
    """Remove the empty groups below /sys/fs/cgroup (version 1 has one tree for each controller)."""
    root = Path("/sys/fs/cgroup")
    for top in (root / name.lstrip("/"), *root.glob(f"*{name}")):
        folders = sorted((Path(folder) for folder, _, _ in os.walk(top)), reverse=True)
        for folder in folders:
            with contextlib.suppress(OSError):
                folder.rmdir()
