"""How do the bytes get to disk, and back, with nothing lost?

A backup is made and flushed to disk before the first byte of a change is in place, so whenever a file holds new content
its old content is in a backup. Backups lie outside the project, one folder a project (0700), in it one folder a write:
the old files (0600) and `manifest.json`, which says where they belong. What became of a write is told by empty marker
files beside the manifest: `written` once all files were swapped, `undone` once they were put back.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress

from envfix.disk import backup_store
from envfix.disk.anchor import FileChanged
from envfix.disk.backup_store import MAX_ALL, MAX_FILE, Entry, digest
from envfix.disk.guard import check_bounds, check_own, check_replaceable, check_target, refuse_led_out
from envfix.disk.lock import Locked, locked
from envfix.disk.new_file import write_new
from envfix.disk.replacement import Change, PartlyWritten, read_regular, replace_all, tidy
from envfix.disk.system_errors import explained, system_failure
from envfix.errors import EnvfixError
from envfix.files import OneName, inside, spelled
from envfix.git.worktree import territory
from envfix.named_tuples import NamedTuple
from envfix.records import Patch

__all__ = [
    "FileChanged",
    "Locked",
    "NewerContent",
    "NothingToRestore",
    "PartlyWritten",
    "Saved",
    "check_own",
    "check_target",
    "listing",
    "restore",
    "write",
    "write_new",
]


Writing = Callable[[], AbstractContextManager[None]]


class NothingToRestore(EnvfixError):
    """No write of this project is left to undo."""


class NewerContent(EnvfixError):
    """A file was changed after the write that is to be undone."""


class Saved(NamedTuple):
    """A backup: `id`, `time` (seconds since 1970), `files` (absolute paths of the originals), `place` (its folder).

    `state`: "" (can be restored), "undone" (was restored), "aside" (newer content that a forced restore put aside) or
    "damaged" (its manifest cannot be read). `aside`: the folder where this forced restore put the newer content.
    """

    id: str
    time: float
    files: tuple[str, ...]
    place: str
    state: str = ""
    aside: str | None = None


def write(
    patches: Sequence[Patch],
    *,
    directory: str,
    backup_dir: str | None = None,
    backup: bool = True,
    targets: Mapping[str, str] | None = None,
    writing: Writing = nullcontext,
) -> Saved | None:
    """Put every patch on disk, or none; the backup made before, None without one. What is not to be ended half-way is
    done within `writing`; what is read before, other backups among it, may be anybody's.

    `directory` is the project's, under which `restore` finds the backup again; `backup_dir` a folder for backups
    instead of the user's own. Which files may be written is the caller's to ask (`check_target`), whose answers are the
    `targets` of the patches' paths: a link that is put there since then leads nowhere else. FileChanged if a file
    is no longer `patch.before`, Locked if another envfix is at work, EnvfixError for whatever else is in the way.
    """
    directory = _known_as(directory)
    changes = _changes(patches, targets or {})
    place = backup_store.prepare(directory, backup_dir) if backup and changes else None
    folders = {os.path.dirname(change.path) for change in changes}
    with explained(directory), locked([directory, *sorted(folders - {directory})]):
        tidy(folders | {directory})
        if place is not None:
            return _write_with_backup(changes, directory, place, writing)
        with writing():
            replace_all(changes)
        return None


def _changes(patches: Sequence[Patch], targets: Mapping[str, str]) -> list[Change]:
    changes: dict[str, Change] = {}
    one_name = OneName()
    for patch in patches:
        target = targets.get(patch.path)
        with explained(patch.path, "cannot be reached"):
            real = one_name.of(patch.path) if target is None else one_name.known(target)
        check_replaceable(real)
        change = Change(real, patch.before, patch.after)
        if changes.setdefault(real, change) != change:
            raise EnvfixError(
                "is reached by two paths whose changes differ: run envfix for one of them", path=patch.path
            )
    return list(changes.values())


def _write_with_backup(changes: Sequence[Change], directory: str, place: str, writing: Writing) -> Saved:
    for change in changes:  # before the backup, so that a stale plan makes none
        _refuse_changed(change)
    dropped = backup_store.unhappened(place, directory)
    with writing():
        for entry in dropped:
            backup_store.remove(entry.place)
        entry = backup_store.save(place, directory, "write", changes)
        try:
            replace_all(changes)
        except PartlyWritten:
            raise
        except BaseException:
            if not entry.happened():
                backup_store.remove(entry.place)
            raise
        with suppress(OSError):  # a changed file tells the same
            backup_store.mark(entry, "written")
        backup_store.prune(place, directory)
    return _saved(entry)


def _refuse_changed(change: Change) -> None:
    with explained(change.path, "cannot be read"):
        current = read_regular(change.path, len(change.before or b"") + 1)
    if current != change.before:
        raise FileChanged("was changed by another program since it was read: run envfix again", path=change.path)


def _known_as(directory: str) -> str:
    """The one path by which the project's folder is known, whatever leads to it. EnvfixError for a link that a project
    which is not trusted may have planted."""
    refuse_led_out(os.path.abspath(directory))
    return spelled(os.path.realpath(directory))


def listing(directory: str, *, backup_dir: str | None = None) -> tuple[Saved, ...]:
    """The backups of the project in `directory`, newest first."""
    directory = _known_as(directory)
    return tuple(
        _saved(entry) for entry in backup_store.entries(backup_store.place_of(directory, backup_dir), directory)
    )


def forget(directory: str, *, backup_dir: str | None = None, writing: Writing = nullcontext) -> int:
    """Remove the backups of the project in `directory`, those put aside included; how many there were. As in `write`,
    what is not to be ended half-way is done within `writing`."""
    directory = _known_as(directory)
    place = backup_store.place_of(directory, backup_dir)
    with explained(directory), locked([directory]):
        found = backup_store.entries(place, directory)
        with writing():
            for entry in found:
                backup_store.remove(entry.place)
    return len(found)


def _saved(entry: Entry, aside: str | None = None) -> Saved:
    return Saved(entry.id, entry.time, tuple(file.path for file in entry.files), entry.place, entry.state, aside)


def restore(
    directory: str, *, backup_dir: str | None = None, force: bool = False, writing: Writing = nullcontext
) -> Saved:
    """Undo the last write of the project in `directory` that is not undone yet; the backup that was put back. As in
    `write`, what is not to be ended half-way is done within `writing`.

    NothingToRestore if there is none, NewerContent if a file was changed since that write: with `force` the newer
    content goes into a backup of its own (`Saved.aside`). A file that is gone is made again with its mode. All files
    are put back, or none.
    """
    directory = _known_as(directory)
    place = backup_store.place_of(directory, backup_dir)
    with explained(directory), locked([directory]):
        tidy([directory])
        entry = _last(place, directory)
        changes = [_way_back(entry, file, directory, place, force) for file in entry.files]
        needed = [change for change in changes if change.before != change.after]
        folders = {os.path.dirname(change.path) for change in needed}
        with locked(sorted(folders - {directory})):
            tidy(folders - {directory})
            with writing():
                aside = _put_aside(entry, needed, directory, place)
                replace_all(needed)
                _mark_undone(entry)
    return _saved(entry._replace(state="undone"), aside)


def _mark_undone(entry: Entry) -> None:
    try:
        backup_store.mark(entry, "undone")
    except OSError as error:
        raise system_failure(
            error,
            entry.place,
            "the files were put back, but this backup cannot be marked as undone",
            "the next --restore will find nothing to do until it can",
        ) from None


def _last(place: str, directory: str) -> Entry:
    for entry in backup_store.entries(place, directory):
        if entry.state == "damaged":
            raise EnvfixError(
                "this backup's manifest is damaged: take its files by hand, then remove the folder", path=entry.place
            )
        if entry.state == "" and not entry.unhappened():
            if len({os.path.realpath(file.path) for file in entry.files}) < len(entry.files):
                raise EnvfixError("this backup names a file twice: take its files by hand", path=entry.place)
            if backup_store.size(entry) > MAX_ALL:
                raise EnvfixError(
                    f"this backup holds more than {MAX_ALL >> 20} MiB: take its files by hand", path=entry.place
                )
            return entry
    raise NothingToRestore(f"there is no write of envfix to undo for this project (looked in {place})", path=directory)


def _way_back(entry: Entry, file: backup_store.File, directory: str, place: str, force: bool) -> Change:
    """What puts one file back. The manifest is not trusted: the bounds are asked again, and the copy must be whole."""
    path = os.path.realpath(file.path)
    named = not inside(os.path.realpath(place), territory(directory))
    check_bounds(file.path, path, directory=directory, named=named)
    with explained(path, "cannot be put back"):
        old, current = backup_store.read_copy(entry, file), read_regular(path, MAX_FILE + 1)
    if current is not None:
        check_replaceable(path)
        if len(current) > MAX_FILE:
            raise NewerContent(
                f"is larger than {MAX_FILE >> 20} MiB now, which envfix puts nowhere aside: move it away", path=path
            )
        if digest(current) not in (file.before, file.after) and not force:
            raise NewerContent(
                "was changed after the write that this would undo: --force puts the newer content aside first",
                path=path,
            )
    return Change(path, current, old, file.mode)


def _put_aside(entry: Entry, changes: Sequence[Change], directory: str, place: str) -> str | None:
    expected = {os.path.realpath(file.path): file.after for file in entry.files}
    newer = [c for c in changes if c.before is not None and digest(c.before) != expected[c.path]]
    return backup_store.save(place, directory, "aside", newer).place if newer else None
