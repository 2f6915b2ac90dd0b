"""A Podman of the tests' own: storage, network and processes apart from the machine's, and gone with the run.

Its first process lives in network, mount and PID namespaces of its own, and every command enters them, so that bridges,
firewall rules, published ports and the DNS server are its alone, and the kernel ends them all with that process.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from .dockerd import PATH, Engine, EngineUnavailable, remove_cgroups

COMMANDS = ("podman", "conmon", "iptables", "ip", "unshare", "nsenter", "setpriv")
# Debian keeps the network programs where only Podman looks.
HELPERS = (Path("/usr/lib/podman"), Path("/usr/libexec/podman"))
IMAGE = "example/app:1"
START = "read -r pid _ </proc/self/stat; mount -t proc proc /proc; mount -t tmpfs tmpfs /run; ip link set lo up; "
CGROUP = "/libpod_parent"  # Podman's own name for it
Done = subprocess.CompletedProcess[str]


def missing() -> str | None:
    """Why Podman and podman-compose cannot be tried here, as far as that shows without trying."""
    absent = [command for command in COMMANDS if shutil.which(command, path=PATH) is None]
    absent += [name for name in ("netavark", "aardvark-dns") if not any((place / name).exists() for place in HELPERS)]
    absent += [] if composer() else ["podman-compose"]
    return f"not installed: {', '.join(absent)}" if absent else None


def composer() -> str | None:
    """The podman-compose beside this Python, else the one on the PATH."""
    beside = Path(sys.executable).with_name("podman-compose")
    return str(beside) if beside.exists() else shutil.which("podman-compose", path=PATH)


class Podman:
    """A running Podman; `pid` is its first process as seen from here."""

    def __init__(self, home: Path, pid: int) -> None:
        self.home = home
        self.pid = pid

    def run(self, *command: str, folder: Path | None = None, timeout: float = 120) -> Done:
        """Run a program among its processes, whatever its exit status."""
        entered = ["nsenter", f"--target={self.pid}", "--net", "--mount", "--pid", f"--wd={folder or self.home}"]
        environment = {
            "PATH": f"{Path(sys.executable).parent}:{PATH}",
            "HOME": str(self.home),
            "CONTAINERS_STORAGE_CONF": str(self.home / "storage.conf"),
            "CONTAINERS_CONF": str(self.home / "containers.conf"),
        }
        return subprocess.run(
            [*entered, *command],
            env=environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            stdin=subprocess.DEVNULL,
        )

    def do(self, *command: str, folder: Path | None = None) -> str:
        """The same to success; its standard output."""
        done = self.run(*command, folder=folder)
        assert done.returncode == 0, f"{' '.join(command)}: status {done.returncode}\n{done.stderr}"
        return done.stdout

    def compose(self, folder: Path, *arguments: str) -> str:
        return self.do(composer() or "podman-compose", *arguments, folder=folder)

    def who(self, container: str, *addresses: str) -> dict[str, set[str]]:
        """Who answers at the addresses, asked inside the container; see recipe/who.py."""
        found = map(json.loads, self.do("podman", "exec", container, "/recipe/who.py", *addresses).splitlines())
        return {one["address"]: set(one["answers"]) for one in found}

    def clear(self) -> None:
        self.do("podman", "rm", "--all", "--force", "--time", "0")
        self.do("podman", "network", "prune", "--force")


@contextlib.contextmanager
def private_podman(home: Path, engine: Engine, recipe: str) -> Iterator[Podman]:
    """Podman with the app's image in it, taken over from the Docker engine; `recipe` is the image's version. Raises
    EngineUnavailable if it does not run here."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "storage.conf").write_text(
        f'[storage]\ndriver = "overlay"\ngraphroot = "{home}/root"\nrunroot = "/run/containers"\n'
    )
    (home / "containers.conf").write_text(
        '[network]\nnetwork_backend = "netavark"\n'
        f'network_config_dir = "{home}/networks"\n[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "none"\n'
    )
    pid = home / "pid"
    pid.unlink(missing_ok=True)
    namespaces = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child"]
    script = f'{START} echo "$pid" >"{pid}.new"; mv "{pid}.new" "{pid}"; exec sleep infinity'
    process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *namespaces, "sh", "-c", script], env={"PATH": PATH})
    try:
        yield ready(Podman(home, first_process(pid)), engine, recipe)
    finally:
        process.kill()
        process.wait()
        remove_cgroups(CGROUP)  # whatever is not empty stays


def first_process(pid: Path) -> int:
    deadline = time.monotonic() + 20
    while not pid.exists():
        if time.monotonic() > deadline:
            raise EngineUnavailable("no namespaces for Podman can be made here")
        time.sleep(0.05)
    return int(pid.read_text())


def ready(podman: Podman, engine: Engine, recipe: str) -> Podman:
    done = podman.run("podman", "info", "--format", "{{.Host.NetworkBackend}} {{.Store.GraphDriverName}}")
    if done.stdout.split() != ["netavark", "overlay"]:
        raise EngineUnavailable(f"Podman does not run here: {(done.stderr or done.stdout).strip()[-200:]}")
    podman.clear()
    if recipe not in podman.do("podman", "images", "--format", "{{.Tag}}").split():
        archive = podman.home / "app.tar"
        engine.docker("save", "--output", str(archive), IMAGE, timeout=300)
        podman.do("podman", "load", "--quiet", "--input", str(archive))
        archive.unlink()
        podman.do("podman", "tag", IMAGE, f"example/app:{recipe}")
    return podman
