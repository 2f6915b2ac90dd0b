"""With which script does a shell learn to ask for completions?"""

from click.shell_completion import BashComplete, ShellComplete, add_completion_class


@add_completion_class
class Bash(BashComplete):
    """click's own, which runs `bash` to ask for its version. Windows looks for a program in the current folder first,
    which is where a terminal opens and the start-up file of the shell is read: a clone may hold one. The script asks
    the shell that reads it."""

    source_template = (
        "if (( BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404 )); then\n"
        f"{BashComplete.source_template.rstrip()}\n"
        "else\n    echo 'envfix: completion needs bash 4.4 or newer' >&2\nfi\n"
    )

    def source(self) -> str:
        return ShellComplete.source(self)
