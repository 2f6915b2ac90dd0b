"""Which folders below the given ones hold a Compose project? Those that git ignores are left out."""

import os
from collections.abc import Iterator

from envfix.compose.discovery import BASE_NAMES
from envfix.git import Folder, walk

# What is never a project of one's own: dependencies, and the tools' own folders.
_NEVER = frozenset({"node_modules", "vendor", ".venv", "venv", "__pycache__", ".tox", "site-packages"})


def projects_below(root: str) -> Iterator[str]:
    """The folders at and below `root` (absolute) with a compose file of a default name, in order; links are not
    followed, and what cannot be read is passed over."""
    for folder in walk(root, _NEVER):
        present = [name for name in BASE_NAMES if name in folder.files]
        if present and not _is_emptied(folder, present[0]):
            yield folder.path


def _is_emptied(folder: Folder, name: str) -> bool:
    """Whether git ignores all that is in the folder (`folder/**`), the file among it; one that is ignored by its own
    name is there on purpose."""
    return all(folder.rules.ignore(os.path.join(folder.path, one)) for one in ("\0", name))
