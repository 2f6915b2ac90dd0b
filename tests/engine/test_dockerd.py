"""The engine's manners: a reason where it cannot be, a second run that waits, nothing left after `kill -9`."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from . import dockerd
from .compose import until
from .dockerd import Engine, cgroup, missing, private_engine

# Takes the engine of the folder in argv, leaves a container, a network and a volume in it, says so, and stays.
HOLDER = """
import pathlib, sys, time
from engine.dockerd import private_engine
from engine.test_dockerd import litter
with private_engine(pathlib.Path(sys.argv[1])) as engine:
    left = engine.leftovers()
    litter(engine)
    print(engine.pid, len(left), flush=True)
    time.sleep(600)
"""


def litter(engine: Engine) -> None:
    """A container that would be restarted with the engine, a network and a volume; its programs are the host's."""
    image = engine.home / "image.tar"
    with tarfile.open(image, "w") as archive:
        for name in ("bin", "lib", "lib64"):
            link = tarfile.TarInfo(name)
            link.type, link.linkname = tarfile.SYMTYPE, f"usr/{name}"
            archive.addfile(link, io.BytesIO())
    engine.docker("import", str(image), "empty")
    engine.docker("network", "create", "left")
    place = ("--network", "left", "--volume", "left:/data", "--volume", "/usr:/usr:ro")
    engine.docker("run", "--detach", "--restart", "always", *place, "empty", "/bin/sleep", "1000")


def holder(home: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-c", HOLDER, str(home)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def kill(process: subprocess.Popen[str]) -> None:
    """`kill -9`."""
    with process:
        process.kill()


def ready(process: subprocess.Popen[str]) -> tuple[int, int]:
    """The holder's engine, and how much stood in it at first."""
    assert process.stdout is not None
    pid, count = process.stdout.readline().split()
    return int(pid), int(count)


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def members(name: str) -> list[str]:
    """The processes in the engine's cgroup, whichever version or controller."""
    files = Path("/sys/fs/cgroup").glob(f"**{name}/**/cgroup.procs")
    return [pid for file in files for pid in file.read_text().split()]


def test_a_killed_run_leaves_no_process_and_the_one_that_waited_finds_the_engine_clean(
    engine: Engine, tmp_path: Path
) -> None:
    """All this beside the session's own engine, which must not notice."""
    images = sorted(engine.lines("images", "--quiet"))
    first = holder(tmp_path)
    pid, _ = ready(first)
    second = holder(tmp_path)
    assert members(cgroup(tmp_path))
    kill(first)
    until(lambda: gone(pid), 10, "the end of the killed run's engine")
    _, left = ready(second)
    assert left == 0
    kill(second)
    with private_engine(tmp_path) as third:
        assert third.leftovers() == []
    assert members(cgroup(tmp_path)) == []
    assert str(tmp_path) not in Path("/proc/self/mounts").read_text()
    assert sorted(engine.lines("images", "--quiet")) == images


def test_a_port_published_in_the_engine_is_free_on_this_machine(engine: Engine) -> None:
    assert Path("/proc/self/ns/net").readlink() != Path(f"/proc/{engine.pid}/ns/net").readlink()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(("sys.platform", "darwin"), "needs Linux, this is darwin", id="another system"),
        pytest.param(("PATH", "/nonexistent"), "not installed: dockerd, docker, iptables", id="nothing installed"),
    ],
)
def test_where_no_engine_can_be_the_reason_says_why(
    monkeypatch: pytest.MonkeyPatch, change: tuple[str, str], reason: str
) -> None:
    target, value = change
    monkeypatch.setattr(f"{dockerd.__name__}.{target}", value)
    assert reason in (missing() or "")


def test_an_engine_that_does_not_start_is_a_reason_with_its_last_words(tmp_path: Path) -> None:
    if reason := missing():
        pytest.skip(reason)
    (tmp_path / "data").write_text("no folder")
    with (
        pytest.raises(dockerd.EngineUnavailable, match=r"dockerd does not start here: .*data"),
        private_engine(tmp_path),
    ):
        pass
