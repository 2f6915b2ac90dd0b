"""Where do backups lie, and how is one made, found, read and pruned?

`<base>/<name>-<hash of the project's folder>/<number>-<time>/` holds the copies and `manifest.json`. The base is the
user's own state folder, so that neither git nor an image build of the project sees it.
"""

import hashlib
import json
import os
import re
import stat
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import takewhile
from typing import Any

from envfix.disk.anchor import entered
from envfix.disk.image_builds import build_context
from envfix.disk.replacement import Change, create, read_regular, sync_folder
from envfix.disk.system_errors import system_failure
from envfix.errors import EnvfixError
from envfix.files import inside
from envfix.git.worktree import territory
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex

KEPT = 20  # backups a project
_ID = regex(r"(\d{4,})-\d{8}T\d{6}Z")
_STAGING = regex(r"\.new-[0-9a-f]{12}")
_MANIFEST = "manifest.json"
_MAX_MANIFEST = 64 << 20  # some 400 bytes a file
MAX_FILE = 64 << 20  # what envfix writes is smaller
MAX_ALL = 256 << 20  # of a backup: all of it is held in memory while it is put back
_LAST = 253_402_300_800.0  # the year 10,000, which no calendar of Python's knows
_WAY_OUT = "name another folder with --backup-dir, or leave the backup out with --no-backup; nothing was changed"


class File(NamedTuple):
    """One file of a backup: the original's real `path`, the name of its `copy`, its `mode`, and the SHA-256 of its
    content before and after the write."""

    path: str
    copy: str
    mode: int
    before: str
    after: str


class Entry(NamedTuple):
    """One backup as it lies on disk. `state`: see `backups.Saved`; `written`: its write came to its end."""

    id: str
    time: float
    files: tuple[File, ...]
    place: str
    state: str
    written: bool

    def happened(self) -> bool:
        """Whether some file holds what the write put there."""
        return any(_digest_of(file.path) == file.after for file in self.files)

    def unhappened(self) -> bool:
        """Whether the run was killed after this backup and before its first swap."""
        untouched = all(_digest_of(file.path) == file.before for file in self.files)
        return self.state == "" and not self.written and untouched


def digest(data: bytes) -> str:
    """The SHA-256 of `data` in hex."""
    return hashlib.sha256(data).hexdigest()


def _digest_of(path: str) -> str | None:
    with suppress(OSError):
        data = read_regular(path, MAX_FILE)
        return None if data is None else digest(data)
    return None


def default_base() -> str:
    """The user's folder for state that outlives a run (XDG base directory specification: "undo history")."""
    if os.name == "nt":
        root = os.environ.get("LOCALAPPDATA") or os.path.join(_home(), "AppData", "Local")
    elif sys.platform == "darwin":
        root = os.path.join(_home(), "Library", "Application Support")
    else:
        root = os.environ.get("XDG_STATE_HOME", "")
        if not os.path.isabs(root):  # the specification: a relative path is to be ignored
            root = os.path.join(_home(), ".local", "state")
    return os.path.join(root, "envfix", "backups")


def _home() -> str:
    """The home folder of the user who runs; under sudo HOME may still be that of the user who called."""
    home = os.path.expanduser("~")
    with suppress(OSError, KeyError, ImportError, AttributeError):
        if os.geteuid() == 0 and os.stat(home).st_uid != 0:
            import pwd

            home = pwd.getpwuid(0).pw_dir
    if not os.path.isabs(home):
        raise EnvfixError(f"there is no home folder for a backup: {_WAY_OUT}")
    return home


def place_of(directory: str, backup_dir: str | None) -> str:
    """The folder of the backups of the project in the real folder `directory`; it need not exist."""
    base = os.path.abspath(backup_dir) if backup_dir is not None else default_base()
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", os.path.basename(directory))[:40].strip(".") or "project"
    key = digest(os.path.normcase(directory).encode("utf-8", "surrogateescape"))
    return os.path.join(base, f"{name}-{key[:12]}")


def prepare(directory: str, backup_dir: str | None) -> str:
    """Make the folder of the project's backups, or refuse it with an EnvfixError; its path."""
    place = place_of(directory, backup_dir)
    top = territory(directory)
    _refuse_planted_link(os.path.dirname(place), top)
    real = os.path.join(os.path.realpath(os.path.dirname(place)), os.path.basename(place))
    context = build_context(real, directory, top if backup_dir is not None else directory)
    if context is not None:
        raise EnvfixError(
            f"an image build in {context} could copy these backups: choose a folder outside the project with "
            f"--backup-dir, or hide this one in {os.path.join(context, '.dockerignore')}; nothing was changed",
            path=os.path.dirname(place),
        )
    try:
        _make_folders(place)
        _refuse_foreign(place)
        with suppress(FileExistsError):  # people keep even their home folder in git
            create(os.path.join(place, ".gitignore"), b"*\n")
    except OSError as error:
        raise system_failure(error, place, "the backup cannot be made", _WAY_OUT) from None
    return place


def _refuse_planted_link(base: str, top: str) -> None:
    """A link within a project that is not trusted could lead the backups anywhere."""
    part = base
    while part != os.path.dirname(part):
        if os.path.islink(part) and inside(os.path.realpath(os.path.dirname(part)), top):
            raise EnvfixError(
                "is a symbolic link in the project, through which no backup is written: name the folder itself with "
                "--backup-dir",
                path=part,
            )
        part = os.path.dirname(part)


def _make_folders(path: str) -> None:
    if os.path.isdir(path):
        return
    parent = os.path.dirname(path)
    if parent != path:
        _make_folders(parent)
    with suppress(FileExistsError):
        os.mkdir(path, 0o700)
        sync_folder(parent)


def _refuse_foreign(place: str) -> None:
    """Someone else's folder, or a link, could lead the copies astray or show them around."""
    info = os.lstat(place)
    if not stat.S_ISDIR(info.st_mode):
        raise EnvfixError(f"is no folder, so no backup goes there: {_WAY_OUT}", path=place)
    if hasattr(os, "geteuid") and info.st_uid != os.geteuid():
        raise EnvfixError(f"belongs to another user, so no backup goes there: {_WAY_OUT}", path=place)
    if os.name != "nt" and info.st_mode & 0o077:
        os.chmod(place, 0o700)


def save(place: str, directory: str, kind: str, changes: Sequence[Change]) -> Entry:
    """Keep the `before` of each change, on disk when this returns; the backup appears whole or not at all.

    `kind`: "write", or "aside" for newer content that a forced restore replaces.
    """
    now = min(max(time.time(), 0.0), _LAST - 1)  # a clock may say anything; the number tells the order
    number = 1 + max((int(match[1]) for match in map(_ID.match, os.listdir(place)) if match), default=0)
    name = f"{number:04d}-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime(now))}"
    staging = os.path.join(place, f".new-{os.urandom(6).hex()}")
    try:
        os.mkdir(staging, 0o700)
        with entered(staging) as held:
            files = tuple(_copy(held, index, change) for index, change in enumerate(changes))
            create(os.path.join(held, _MANIFEST), _manifest(directory, now, kind, files))
            sync_folder(held)
        os.rename(staging, os.path.join(place, name))
        sync_folder(place)
    except BaseException as error:
        remove(staging)
        if isinstance(error, OSError):
            raise system_failure(error, place, "the backup cannot be made", _WAY_OUT) from None
        raise
    return Entry(name, now, files, os.path.join(place, name), "" if kind == "write" else kind, False)


def _copy(folder: str, index: int, change: Change) -> File:
    before = change.before or b""
    name = f"{index}-{os.path.basename(change.path)[:60]}"
    create(os.path.join(folder, name), before)
    mode = stat.S_IMODE(os.stat(change.path).st_mode)
    return File(change.path, name, mode, digest(before), digest(change.after))


def _manifest(directory: str, now: float, kind: str, files: Sequence[File]) -> bytes:
    content = {"version": 1, "directory": directory, "time": now, "kind": kind, "files": [f._asdict() for f in files]}
    return json.dumps(content, indent=1).encode() + b"\n"


def entries(place: str, directory: str) -> tuple[Entry, ...]:
    """The backups in `place` of the project in `directory`, newest first."""
    try:
        if not os.path.lexists(place):
            return ()
        _refuse_foreign(place)
        names = sorted((int(match[1]), match[0]) for match in map(_ID.fullmatch, os.listdir(place)) if match)
    except OSError as error:
        raise system_failure(error, place, "the backups cannot be read", "check this folder") from None
    return tuple(_entries(place, directory, [name for _, name in reversed(names)]))


def _entries(place: str, directory: str, names: Sequence[str]) -> Iterator[Entry]:
    for name in names:
        folder = os.path.join(place, name)
        info = os.lstat(folder)
        if not stat.S_ISDIR(info.st_mode) or (hasattr(os, "geteuid") and info.st_uid != os.geteuid()):
            continue  # planted: no backup of ours is a link or someone else's
        yield _entry(folder, name, directory) or Entry(name, info.st_mtime, (), folder, "damaged", False)


def _entry(folder: str, name: str, directory: str) -> Entry | None:
    """The backup in `folder`; None where its manifest is not what envfix writes."""
    try:
        content: Any = json.loads(read_regular(os.path.join(folder, _MANIFEST), _MAX_MANIFEST) or b"")
        if content["version"] != 1 or content["directory"] != directory or content["kind"] not in ("write", "aside"):
            return None
        files = tuple(_file(item) for item in content["files"])
        if len({file.copy for file in files}) < len(files):  # one copy for thousands of files, none of which is ours
            return None
        moment = float(content["time"])
        if not 0 <= moment < _LAST:
            return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError, OverflowError):
        return None
    marks = {mark for mark in ("written", "undone") if os.path.lexists(os.path.join(folder, mark))}
    state = "aside" if content["kind"] == "aside" else "undone" if "undone" in marks else ""
    return Entry(name, moment, files, folder, state, "written" in marks)


def _file(item: Any) -> File:
    file = File(item["path"], item["copy"], item["mode"], item["before"], item["after"])
    strings = (file.path, file.copy, file.before, file.after)
    if not all(isinstance(text, str) and "\0" not in text for text in strings) or not os.path.isabs(file.path):
        raise ValueError
    if not re.match(r"\d+-", file.copy) or os.path.basename(file.copy) != file.copy:
        raise ValueError
    if type(file.mode) is not int or not 0 <= file.mode <= 0o7777:
        raise ValueError
    return file


def size(entry: Entry) -> int:
    """How many bytes the copies hold, as the system gives it: a few on disk may make up many, and be of many names."""
    total = 0
    for file in entry.files:
        with suppress(OSError):
            total += os.lstat(os.path.join(entry.place, file.copy)).st_size
    return total


def read_copy(entry: Entry, file: File) -> bytes:
    """The old content of one file; EnvfixError if the copy is gone or is not what was saved, OSError as it comes."""
    data = read_regular(os.path.join(entry.place, file.copy), MAX_FILE)
    if data is None or digest(data) != file.before:
        raise EnvfixError(
            f"the backup of this file in {entry.place} is gone or damaged: nothing was changed", path=file.path
        )
    return data


def mark(entry: Entry, name: str) -> None:
    """Leave the marker `name` with a backup; OSError if it cannot be made."""
    with entered(entry.place) as held:
        with suppress(FileExistsError):
            create(os.path.join(held, name), b"")
        sync_folder(held)


def remove(folder: str) -> None:
    """Remove the backup (or half of one) in `folder`, as far as it can be; no link in it is followed."""
    with suppress(OSError):
        with entered(folder) as held:
            for name in os.listdir(held):
                with suppress(OSError):
                    os.unlink(os.path.join(held, name))
        os.rmdir(folder)


def unhappened(place: str, directory: str) -> list[Entry]:
    """The newest backups, whose runs were killed before they changed anything."""
    return list(takewhile(Entry.unhappened, entries(place, directory)))


def prune(place: str, directory: str) -> None:
    """Keep the newest KEPT backups, and nothing of killed runs."""
    with suppress(OSError, EnvfixError):
        for entry in entries(place, directory)[KEPT:]:
            remove(entry.place)
        for name in filter(_STAGING.fullmatch, os.listdir(place)):
            remove(os.path.join(place, name))
