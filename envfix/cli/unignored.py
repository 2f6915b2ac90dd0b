"""Will a new file show its secrets to git?"""

import os
from collections.abc import Iterable

from envfix.addresses import find_addresses
from envfix.cli.telling import talk
from envfix.git.ignore import rules_in
from envfix.git.worktree import work_tree
from envfix.report.wording import shown_path
from envfix.shown import MASK, is_plain, mask_value


def tell_unignored(path: str, values: Iterable[str], cwd: str) -> None:
    """Name the file (absolute) that will hold these values with the line that keeps it out of git, where they may hold
    secrets and git does not ignore it."""
    line = _line_for(path) if any(map(_may_be_secret, values)) else None
    if line is not None:
        talk(f"{shown_path(path, cwd)} may hold passwords, and git does not ignore it. The line for .gitignore: {line}")


def _may_be_secret(value: str) -> bool:
    if is_plain(value) or len(value) < 2 or value.replace(".", "").isdigit():
        return False
    spans = [(one.start, one.port_end or one.end) for one in find_addresses(value)]
    return MASK in mask_value(value, spans)


def _line_for(path: str) -> str | None:
    """The line of the ignore file at the root of the work tree; None where git ignores the path, or there is no git."""
    folder = os.path.dirname(path)
    tree = work_tree(folder)
    if tree is None:
        return None
    inner = os.path.relpath(os.path.join(os.path.realpath(folder), os.path.basename(path)), os.path.realpath(tree.root))
    rules, above = rules_in(tree.root), tree.root
    *folders, name = inner.split(os.sep)
    for one in folders:
        above = os.path.join(above, one)
        if rules.ignore(above, folder=True):
            return None
        rules = rules.within(above)
    return None if rules.ignore(os.path.join(above, name)) else "/" + inner.replace(os.sep, "/")
