"""Which projects lie below a folder?"""

import os
from collections.abc import Iterator

from envfix.cli.patience import allow
from envfix.compose.discovery import BASE_NAMES
from envfix.git.ignore import Folder, walk
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex

# What is never a project of one's own: dependencies, and the tools' own folders.
_NEVER = frozenset({"node_modules", "vendor", ".venv", "venv", "__pycache__", ".tox", "site-packages"})
# Names under which Compose finds a file only where it is told (`-f docker-compose.dev.yml`).
_TOLD = regex(r"(?:docker-|podman-)?compose[._-](?!override\.)[\w.-]+\.ya?ml")
_A_FOLDER = 0.001  # seconds of processor time; it takes some 0.0001


class Below(NamedTuple):
    """A folder (absolute) that holds a project, or that is passed over though it may hold one: `closed`, since it
    cannot be read, or with compose files of other names (`others`) alone, which Compose does not find by itself."""

    path: str
    closed: bool = False
    others: tuple[str, ...] = ()

    @property
    def is_project(self) -> bool:
        return not self.closed and not self.others


def folders_below(root: str) -> Iterator[Below]:
    """The folders at and below `root` (absolute) that hold a project or may hold one, in order; links are not
    followed."""
    for folder in walk(root, _NEVER):
        allow(_A_FOLDER)
        present = [name for name in BASE_NAMES if name in folder.files]
        others = tuple(sorted(name for name in folder.files if "compose" in name and _TOLD.fullmatch(name)))
        if folder.closed:
            yield Below(folder.path, closed=True)
        elif present and not _is_emptied(folder, present[0]):
            yield Below(folder.path)
        elif others and not present and not _is_emptied(folder, others[0]):
            yield Below(folder.path, others=others)


def _is_emptied(folder: Folder, name: str) -> bool:
    """Whether git ignores all that is in the folder (`folder/**`), the file among it; one that is ignored by its own
    name is there on purpose."""
    return all(folder.rules.ignore(os.path.join(folder.path, one)) for one in ("\0", name))
