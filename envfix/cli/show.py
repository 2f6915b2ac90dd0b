"""Without another mode: show what would change, and with `--write` change it."""

from envfix.cli.asked import Options
from envfix.cli.shared import finish, read_all


def show(options: Options, cwd: str) -> int:
    """Every project that is meant; the exit status."""
    return finish(options, cwd, *read_all(options, cwd))
