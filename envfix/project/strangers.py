"""What of a project may be somebody else's, so that a person should be told?"""

from collections.abc import Iterator

from envfix.git.worktree import leads_out, territory
from envfix.records import Notice
from envfix.shell_words import word


def strangers(root: str | None, asked: str, directory: str) -> Iterator[Notice]:
    """A warning where the work tree at `root` belongs to somebody else (None: it does not), and one where an env file
    of the folder `asked` leads to the project in `directory`, out of bounds, which is shown and never changed."""
    if root is not None:
        message = (
            "this git work tree belongs to another user, so it counts as none here: what the project reads outside its "
            f"own folder stays as it is. If you trust it: git config --global --add safe.directory {word(root)}"
        )
        yield Notice(root, None, message)
    if leads_out(asked, directory):
        message = (
            f"COMPOSE_FILE in an env file leads out of {territory(asked)}, to a project in which nothing is changed "
            "from here: name its compose files with -f, or run envfix there"
        )
        yield Notice(asked, None, message)
