"""How does a file that a person asked for come to be, where nothing of the project stands yet?"""

import os
import stat
from collections.abc import Iterable
from contextlib import suppress

from envfix.disk.anchor import anchored, entered
from envfix.disk.guard import CONTENT, check_bounds, check_target, refuse_led_out
from envfix.disk.replacement import beside, discard_all, prepare, reached, sync_folder, take_place
from envfix.disk.system_errors import explained
from envfix.errors import EnvfixError
from envfix.files import OneName


def write_new(
    path: str,
    data: bytes,
    *,
    directory: str,
    like: str | None,
    mode: int | None,
    force: bool,
    read: Iterable[str] = (),
) -> str:
    """Write `data` to the file `path` that a person asked for, whole or not at all; the absolute path of the file.

    A path that stays in the work tree of the project in `directory` as it is spelt must not be led out by a link.
    `mode` is that of the file; None: the one of the file `like`, else 0600. What stands there already is refused
    without `force`; the file `like` itself, and those that are `read` for it, always, since nothing would keep them.
    Failures are EnvfixErrors.
    """
    names = OneName()
    if like is not None and _is_one(path, like, names):
        raise EnvfixError("is the file that is read: --write changes it, and keeps a backup", path=path)
    if any(_is_one(path, other, names) for other in read):
        raise EnvfixError("is read for this, and nothing would keep what it holds: name another file", path=path)
    refuse_led_out(os.path.abspath(path))
    if os.path.lexists(path):
        if not force:
            raise EnvfixError("exists already: name another file, or replace it with --force", path=path)
        path = check_target(path, directory=directory, named=True)
    path = os.path.abspath(path)
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        raise EnvfixError("its folder does not exist: make it first", path=path)
    real = os.path.join(os.path.realpath(folder), os.path.basename(path))
    check_bounds(path, real, directory=directory, named=True)
    with explained(path):
        if mode is None:
            mode = stat.S_IMODE(os.stat(like).st_mode) & 0o777 if like is not None else 0o600
        _place(real, data, mode, force)
    return path


def _is_one(path: str, other: str, names: OneName) -> bool:
    """Whether both paths lead to one file, by number or, on file systems whose numbers tell nothing, by name."""
    if not (os.path.exists(path) and os.path.exists(other)):
        return False
    return os.path.samefile(path, other) or names.of(path) == names.of(other)


def _place(path: str, data: bytes, mode: int, force: bool) -> None:
    fresh = beside(path)
    try:
        with anchored(path) as at:
            here = reached(fresh, at)
            prepare(here, data, mode, None)
            if force:
                take_place(here, at)
            else:
                with entered(here.folder) as folder:
                    _move_into_void(os.path.join(folder, CONTENT), at, path)
    finally:
        try:
            discard_all([fresh])
        except KeyboardInterrupt:
            discard_all([fresh])
            raise
    with suppress(OSError):
        sync_folder(os.path.dirname(path))


def _move_into_void(source: str, at: str, path: str) -> None:
    """Rename `source` to the file `path`, reached by `at`, where nothing may stand: a hard link refuses that in one
    step, unlike a rename."""
    try:
        os.link(source, at, follow_symlinks=False)
    except FileExistsError:
        raise EnvfixError("exists already: name another file, or replace it with --force", path=path) from None
    except (OSError, NotImplementedError):  # file systems without hard links
        if os.path.lexists(at):
            raise EnvfixError("exists already: name another file, or replace it with --force", path=path) from None
        os.replace(source, at)
