"""What is tried under faults: each scene sets a project up, does one thing to it, and judges what is left."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from typing import NamedTuple

from envfix.disk import backup_store, backups
from envfix.records import Patch

OLD, NEW, NEWER = b"old", b"new", b"newer"


def content(version: bytes, size: int) -> bytes:
    """An env file of about `size` bytes, each line of which tells its version, so that a mixture is noticed."""
    line = b"URL=http://localhost:1/" + version + b"\n"
    return line * max(size // len(line), 1)


def memory() -> str | None:
    """A folder in memory, where there is one: thousands of flushes to a disk take long, and a kill needs none."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


class Scene(NamedTuple):
    """A project in `root` and how its files may look: what `versions` a file may hold after a fault, and what must be
    found in a backup (the second) whenever a file holds the first."""

    name: str
    root: str
    files: tuple[str, ...]
    size: int
    work: Callable[[], object]
    start: bytes
    goal: bytes
    backup: bool = True

    @property
    def directory(self) -> str:
        return os.path.join(self.root, "project")

    def state(self) -> list[bytes]:
        """The version that each file holds, whole; AssertionError for a mixture."""
        return [self._version(path) for path in self.files]

    def _version(self, path: str) -> bytes:
        with open(path, "rb") as file:
            data = file.read()
        known = {content(version, self.size): version for version in (OLD, NEW, NEWER)}
        assert data in known, f"{path} is neither the old nor the new content ({len(data)} bytes)"
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o640
        return known[data]


def set_up(name: str, root: str, size: int) -> Scene:
    """A fresh scene called `name` (one of NAMES) in the new folder `root`."""
    shutil.rmtree(root, ignore_errors=True)
    directory = os.path.join(root, "project")
    os.makedirs(os.path.join(directory, "api"))
    os.environ["XDG_STATE_HOME"] = os.path.join(root, "state")
    one, two = os.path.join(directory, ".env"), os.path.join(directory, "api", ".env")
    files = (one,) if name in ("first write", "write without backup") else (one, two)
    for path in files:
        _put(path, content(OLD, size))
    patches = [Patch(path, content(OLD, size), content(NEW, size)) for path in files]
    if name.startswith("write of two"):
        _an_earlier_write(directory)
    if name.startswith("restore"):
        backups.write(patches, directory=directory)
    if name == "restore over newer content":
        for path in files:
            _put(path, content(NEWER, size))
    work, start, goal = {
        "restore": (lambda: backups.restore(directory), NEW, OLD),
        "restore over newer content": (lambda: backups.restore(directory, force=True), NEWER, OLD),
    }.get(name, (lambda: backups.write(patches, directory=directory, backup=name != "write without backup"), OLD, NEW))
    return Scene(name, root, files, size, work, start, goal, name != "write without backup")


NAMES = ("first write", "write of two files", "write without backup", "restore", "restore over newer content")


def _an_earlier_write(directory: str) -> None:
    other = os.path.join(directory, "other.env")
    _put(other, b"A=1\n")
    backups.write([Patch(other, b"A=1\n", b"A=2\n")], directory=directory)


def _put(path: str, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)
    os.chmod(path, 0o640)


def judge(scene: Scene) -> list[bytes]:
    """The state after a fault, once all that must hold of it was found to hold."""
    state = scene.state()
    for path, version in zip(scene.files, state, strict=True):
        assert version in (scene.start, scene.goal)
        if version == scene.goal and scene.backup:
            wanted = content(NEWER if scene.start == NEWER else OLD, scene.size)
            assert wanted in _kept(scene, path), f"{path} is changed, and no backup holds its old content"
    for folder in {os.path.dirname(path) for path in scene.files}:
        _judge_leftovers(folder)
    _judge_modes(os.path.join(scene.root, "state"))
    return state


def _kept(scene: Scene, path: str) -> list[bytes]:
    place = backup_store.place_of(scene.directory, None)
    return [
        backup_store.read_copy(entry, file)
        for entry in backup_store.entries(place, scene.directory)
        for file in entry.files
        if file.path == path
    ]


def _judge_leftovers(folder: str) -> None:
    for name in leftovers(folder):
        left = os.path.join(folder, name)
        assert stat.S_IMODE(os.stat(left).st_mode) == 0o700
        assert set(os.listdir(left)) <= {".env", ".gitignore"}
        if os.path.exists(os.path.join(left, ".env")):
            with open(os.path.join(left, ".gitignore"), "rb") as file:
                assert file.read() == b"*\n", "git would pick up what a killed run left"


def leftovers(folder: str) -> list[str]:
    return [name for name in os.listdir(folder) if name not in (".env", "api", "other.env")]


def _judge_modes(state: str) -> None:
    for folder, _, files in os.walk(state):
        assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700
        for name in files:
            assert stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode) == 0o600


def go_on(scene: Scene) -> None:
    """The next runs after a fault: they reach the goal, leave nothing behind, and every write can be undone."""
    if scene.goal == NEW:
        stale = [path for path, version in zip(scene.files, scene.state(), strict=True) if version == OLD]
        patches = [Patch(path, content(OLD, scene.size), content(NEW, scene.size)) for path in stale]
        backups.write(patches, directory=scene.directory, backup=scene.backup)
    else:
        restore_all(scene)
    assert scene.state() == [scene.goal] * len(scene.files)
    if scene.backup:
        restore_all(scene)
        assert scene.state() == [OLD] * len(scene.files)
    assert not leftovers(scene.directory)


def restore_all(scene: Scene) -> None:
    try:
        for _ in range(10):
            backups.restore(scene.directory, force=scene.start == NEWER)
    except backups.NothingToRestore:
        return
    raise AssertionError("there is no end to the writes that can be undone")
