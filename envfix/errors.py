"""What is a person told when a run cannot go on, and what ends one? As in `envfix`, nothing is imported at the top."""

_REPORT = "https://github.com/envfix/envfix/issues"


class EnvfixError(Exception):
    """A failure that a person can mend.

    `message` says in one sentence what is wrong and the way out; `path` is the file, `line` and `column` (from 1) the
    place in it, each None where there is none. `str(error)` is `path:line:column: message`, one line, and holds no
    value of a variable.
    """

    def __init__(
        self, message: str, *, path: str | None = None, line: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line
        self.column = column

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)
        return f"{place}: {self.message}" if place else self.message


class Ended(KeyboardInterrupt):
    """A signal that asks the run to end; it goes the way of Ctrl-C. `status` is the shell's for it."""

    def __init__(self, signal: int) -> None:
        super().__init__()
        self.status = 128 + signal


def unforeseen(error: BaseException) -> EnvfixError:
    """What a person is told of an error that no sentence was written for.

    Its text is left out, since it may hold a value of a file; with ENVFIX_DEBUG=1 the way to it is added: modules,
    lines and functions.
    """
    if isinstance(error, MemoryError):
        _let_go(error)
        return EnvfixError("this takes more memory than there is: look at a part of it")
    import os
    from traceback import extract_tb

    message = (
        f"envfix itself is at fault here, not your files ({type(error).__name__}): run it once more with "
        f"ENVFIX_DEBUG=1, and report what it says at {_REPORT}"
    )
    if os.environ.get("ENVFIX_DEBUG") == "1":
        frames = extract_tb(error.__traceback__)[-40:]
        where = (f"{'/'.join(frame.filename.split(os.sep)[-2:])}:{frame.lineno} {frame.name}" for frame in frames)
        message += f"; the way there: {' > '.join(where)}"
    return EnvfixError(message)


def _let_go(error: BaseException | None) -> None:
    """Leave the frames that an error came through, which hold all that has filled the memory: to tell of it takes
    some."""
    while error is not None:
        before = error.__context__
        error.__traceback__ = error.__context__ = None
        error = before
