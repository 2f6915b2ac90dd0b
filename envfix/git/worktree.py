"""In which work tree of git does a folder lie, and is it one that git itself would trust?

Git trusts what belongs to the user who runs it, or what `safe.directory` names (git-config(1)); here as there, since
whoever owns the repository says which files are tracked, and how far up a project reaches. Only a `.git` entry makes a
work tree. A folder that looks like a bare repository never counts: a clone can bring one along.
"""

import os
from functools import lru_cache

from envfix.files import inside, is_elsewhere, text_if_readable
from envfix.git.config import Setting, protected, settings
from envfix.named_tuples import NamedTuple


class WorkTree(NamedTuple):
    """The folder `root` (absolute, links resolved) with a `.git` entry; the git folder, and the one that it shares with
    other work trees of the repository (itself, if there are none)."""

    root: str
    folder: str
    common: str

    def settings(self) -> tuple[Setting, ...]:
        """What the repository's own configuration says."""
        return _settings(text_if_readable(os.path.join(self.common, "config")) or "")


# Thousands of folders of a few bytes can name one repository.
@lru_cache(maxsize=4)
def _settings(text: str) -> tuple[Setting, ...]:
    return tuple(settings(text))


def work_tree(directory: str) -> WorkTree | None:
    """The work tree in which the existing folder `directory` lies; None if it lies in none, or in one of a stranger."""
    return around(directory)[0]


def territory(directory: str) -> str:
    """The folder within which the project in `directory` may read and write: its work tree, else itself."""
    tree = work_tree(directory)
    return os.path.realpath(directory) if tree is None else tree.root


def leads_out(asked: str, directory: str) -> bool:
    """Whether an env file of the folder `asked` leads to a project in `directory` that lies beyond the former's
    territory ("": no env file leads anywhere): it may be anybody's, and the project another one of the person's."""
    return bool(asked) and not inside(os.path.realpath(directory), territory(asked))


def around(directory: str) -> tuple[WorkTree | None, str | None]:
    """The work tree of `work_tree`; else the root of the one that is none here, since it belongs to somebody else."""
    found = _around(directory)
    if found is None or _is_trusted(found):
        return found, None
    return None, found.root


def _around(directory: str) -> WorkTree | None:
    folder = os.path.realpath(directory)
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return at(folder)


def at(root: str) -> WorkTree:
    """The work tree of the folder with a `.git` entry: a folder, or a file that names one (gitrepository-layout(5))."""
    entry = os.path.join(root, ".git")
    if os.path.isdir(entry):
        return WorkTree(root, entry, _common(entry))
    named = (text_if_readable(entry) or "").partition("\n")[0].removeprefix("gitdir:").strip()
    if not named or is_elsewhere(named, root, windows=True) or "\0" in named:
        return WorkTree(root, entry, entry)
    folder = os.path.normpath(os.path.join(root, named))
    return WorkTree(root, folder, _common(folder))


def _common(folder: str) -> str:
    named = (text_if_readable(os.path.join(folder, "commondir")) or "").strip()
    if not named or is_elsewhere(named, folder, windows=True) or "\0" in named:
        return folder
    return os.path.normpath(os.path.join(folder, named))


def _is_trusted(tree: WorkTree) -> bool:
    # Windows keeps owners where Python cannot see them. What is read here is data; nothing is run.
    if os.name == "nt" or all(map(_is_own, {os.path.join(tree.root, ".git"), tree.root, tree.folder})):
        return True
    safe = False
    for value in protected("safe.directory"):
        safe = bool(value) and (safe or _names(value, tree.root))
    return safe


def _is_own(path: str) -> bool:
    """As is_path_owned_by_current_uid of git's compat/posix.h: root, called by sudo, takes what is the caller's."""
    try:
        owner = os.lstat(path).st_uid
    except OSError:
        return True  # not there, so nobody's
    user = os.geteuid()
    if user == 0 and owner != 0:
        called_by = os.environ.get("SUDO_UID", "")
        return called_by.isascii() and called_by.isdigit() and str(owner) == called_by
    return owner == user


def _names(value: str, root: str) -> bool:
    """Whether a value of `safe.directory` names the work tree: itself, all (`*`), or all below a folder (`/*`)."""
    if value == "*":
        return True
    path = os.path.expanduser(value)
    if not os.path.isabs(path):
        return False
    if path.endswith("/*"):
        return root.startswith(os.path.realpath(path[:-1]).rstrip("/") + "/")
    return os.path.realpath(path) == root
