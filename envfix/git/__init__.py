"""What does git say of this path? Read from git's own files: no git is ever run, so that none can obey a stranger's
configuration.

| module | question |
| --- | --- |
| `worktree` | in which work tree does a folder lie, and is it one that git itself would trust? |
| `index` | which files does git track? |
| `ignore` | which paths does git ignore? |
| `config` | what do the user's and the machine's settings of git say? |
"""

from envfix.git.ignore import Folder, Rules, rules_in, unignored, walk
from envfix.git.index import Tracked, tracked
from envfix.git.worktree import WorkTree, stranger, work_tree

__all__ = [
    "Folder",
    "Rules",
    "Tracked",
    "WorkTree",
    "rules_in",
    "stranger",
    "tracked",
    "unignored",
    "walk",
    "work_tree",
]
