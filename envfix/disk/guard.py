"""Where may envfix write, and into which file behind a path?"""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress

from envfix.disk.system_errors import system_failure
from envfix.errors import EnvfixError
from envfix.files import inside, spelled
from envfix.git.worktree import leads_out, territory, work_tree
from envfix.patterns import regex

LEFTOVER = regex(r"\.envfix-[0-9a-f]{12}\.tmp")  # the name of a temporary folder beside the file
_LEFT_OUT = r"[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]*+"
_GITS = regex(
    rf"{_LEFT_OUT}\.{_LEFT_OUT}g{_LEFT_OUT}i{_LEFT_OUT}t{_LEFT_OUT}[ .]*+(?::.*)?+|git~1[ .]*+",
    re.IGNORECASE | re.DOTALL,
)
CONTENT = ".env"  # the new content in it, whatever the file is called: the name that most ignore files hide


def led_out(path: str) -> str | None:
    """The symbolic link that leads the absolute `path` out of the git work tree in which the link itself stands; None
    where there is none. A clone brings its links along, those that stand in no work tree are the user's own."""
    link = path
    while (above := os.path.dirname(link)) != link:
        if os.path.islink(link):
            tree = work_tree(above)
            if tree is not None and not inside(os.path.realpath(link), tree.root):
                return link
        link = above
    return None


def check_own(asked: str, directory: str) -> None:
    """Refuse with an EnvfixError a project in `directory` to which a COMPOSE_FILE in an env file of the folder `asked`
    leads ("": none does), if it lies out of bounds: the env file may be anybody's, and the project another one of the
    person's."""
    if leads_out(asked, directory):
        outside = _outside(territory(asked), asked)
        raise EnvfixError(
            f"COMPOSE_FILE in an env file leads to a project that {outside}name its compose files with -f, or run "
            "envfix there",
            path=asked,
        )


def refuse_led_out(path: str) -> None:
    """Refuse with an EnvfixError an absolute path that a link in a work tree leads out of it (`led_out`)."""
    link = led_out(path)
    if link is not None:
        raise EnvfixError(
            f"is a link out of its git work tree, to {os.path.realpath(link)}: name that path itself", path=link
        )


def check_target(path: str, *, directory: str, named: bool) -> str:
    """The real file that writing `path` for the project in `directory` replaces: absolute, symbolic links followed.

    `named`: the user named this path, which frees a file that lies outside the git work tree (without git: outside the
    project's folder). It does not free one that only a link in the project leads to, since a project that is not
    trusted may have planted that link. EnvfixError for a file out of bounds, missing, read-only, with several hard
    links, or no regular file.
    """
    real = _followed(path)
    check_bounds(path, real, directory=directory, named=named)
    check_replaceable(real)
    return real


def _followed(path: str) -> str:
    try:
        return os.path.realpath(path, strict=True)
    except FileNotFoundError:
        if os.path.islink(path):
            raise EnvfixError("is a symbolic link to a file that does not exist: mend the link", path=path) from None
        raise EnvfixError("does not exist", path=path) from None
    except OSError as error:
        raise system_failure(error, path, "cannot be reached") from None
    except ValueError:  # a NUL character, which YAML can spell
        raise EnvfixError("is no name that a file can have", path=path) from None


def check_bounds(path: str, real: str, *, directory: str, named: bool) -> None:
    """Refuse with an EnvfixError the file `real` that `path` leads to, if it is out of bounds (see `check_target`)."""
    refuse_led_out(os.path.abspath(directory))
    top = territory(directory)
    below = inside(real, top) or inside(spelled(real), spelled(top))
    if below and any(map(_is_gits, real[len(top) :].split(os.sep))):
        raise EnvfixError("lies in git's own folder, in which envfix writes nothing", path=path)
    if below:
        return
    stands = os.path.abspath(path)
    if not named:
        raise EnvfixError(_outside(top, directory) + "name it on the command line to change it", path=real)
    if inside(stands, top) or inside(stands, os.path.abspath(directory)):
        raise EnvfixError(f"leads to {real}, which " + _outside(top, directory) + "name that path itself", path=path)
    refuse_led_out(stands)


def _is_gits(name: str) -> bool:
    """Whether some file system takes the name of a file or folder for `.git`: in other case, with a blank or a dot
    behind it, with characters that it leaves out (as is_ntfs_dotgit and is_hfs_dotgit of git's path.c and utf8.c)."""
    return _GITS.fullmatch(name) is not None


def _outside(top: str, directory: str) -> str:
    kind = "git work tree" if work_tree(directory) is not None else "project's folder"
    return f"lies outside the {kind} {top}: "


def check_replaceable(real: str) -> None:
    """Refuse with an EnvfixError what an atomic replacement would not leave as a person expects it."""
    try:
        info, folder = os.lstat(real), os.stat(os.path.dirname(real))
    except OSError as error:
        raise system_failure(error, real, "cannot be reached") from None
    if not stat.S_ISREG(info.st_mode):
        raise EnvfixError(f"is {_kind(info.st_mode)}, and only a regular file can be changed", path=real)
    if info.st_nlink > 1 and info.st_nlink - _left_behind(real, info) > 1:
        raise EnvfixError(
            f"has {info.st_nlink} hard links, which a change would part: make it a file of its own, or a symbolic link",
            path=real,
        )
    # The mode of one file says that its owner does not want it changed, even where root could; in a tree without any
    # write bits, such as a copy of a read-only one, it says nothing of the kind.
    guarded = not info.st_mode & 0o222 and bool(folder.st_mode & 0o222)
    if guarded or not os.access(real, os.W_OK):
        raise EnvfixError("is read-only: make it writable to change it", path=real)
    if os.name != "nt" and not os.access(os.path.dirname(real), os.W_OK | os.X_OK):
        raise EnvfixError("lies in a read-only folder: make the folder writable to change the file", path=real)


def _left_behind(real: str, info: os.stat_result) -> int:
    """How many of the hard links are in temporary folders of killed runs, which the next write removes."""
    folder = os.path.dirname(real)
    with suppress(OSError):
        waiting = [os.path.join(folder, name, CONTENT) for name in os.listdir(folder) if LEFTOVER.fullmatch(name)]
        return sum(os.path.samestat(os.lstat(path), info) for path in waiting if os.path.lexists(path))
    return 0


def _kind(mode: int) -> str:
    kinds = {
        stat.S_IFDIR: "a folder",
        stat.S_IFLNK: "a symbolic link",
        stat.S_IFIFO: "a fifo",
        stat.S_IFSOCK: "a socket",
        stat.S_IFCHR: "a device",
        stat.S_IFBLK: "a device",
    }
    return kinds.get(stat.S_IFMT(mode), "something else")
