"""What runs now, and what do its logs say?

The engine's own tool is asked (`docker compose`, or `podman compose`) for `ps` and `logs` of a project, by its name
alone and from an empty folder, so that it loads nothing of the project. Nothing is started, stopped or changed, and
every answer is bounded in time and size.
"""

import json
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import IO, Any

from envfix.errors import EnvfixError
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex
from envfix.shown import clean, without_login

LINES = 5_000
"""Lines of a service's log, the last ones."""

SECONDS = 60
"""For the logs of all services; when they are over, no further one is asked for."""

_SECONDS = 10  # for an answer
_BYTES = 16 << 20  # of an answer
_ERROR_BYTES = 1 << 16  # of what is said beside it
_TOOLS = (("docker", "compose"), ("docker-compose",), ("podman", "compose"))
_UP = regex(r"Up (?:About )?(\d{1,4}|an?|Less than a) (second|minute|hour|day|week|month)")
_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800, "month": 2_678_400}
_YOUNG = 120  # seconds: one that is up no longer may be between two restarts


class State(NamedTuple):
    """A service as the engine sees it: `state` in the engine's word ("running", "restarting", "exited", ...),
    `exit_code` and `health` None where there is none; `since`: for how many seconds it has been up, None if it is not,
    or where the engine does not say. Of several containers the one that is worst off."""

    service: str
    state: str
    exit_code: int | None
    health: str | None
    since: int | None = None

    @property
    def is_unwell(self) -> bool:
        """Whether it restarts, has ended with an error, or is unhealthy."""
        ended = self.state in ("exited", "dead") and self.exit_code != 0
        return ended or self.state == "restarting" or self.health == "unhealthy"

    @property
    def is_well(self) -> bool:
        """Whether it says of itself that it is well, or has done its work."""
        return self.health == "healthy" or (self.state == "exited" and self.exit_code == 0)


class Engine:
    """A tool that answers for the engine of this machine."""

    def __init__(self, words: Sequence[str], project: str) -> None:
        self._words = (*words, "-p", project)
        self._until: float | None = None

    def states(self) -> tuple[State, ...]:
        """The project's services that have a container, by name. Raises EnvfixError where the engine does not
        answer."""
        answer = _ask((*self._words, "ps", "--all", "--format", "json"))
        if answer.status != 0:
            raise EnvfixError(f"the engine does not answer {_shown(self._words)} ps: {answer.why}")
        found: dict[str, State] = {}
        for row in _rows(answer.output):
            state = _state(row)
            if state.service not in found or _rank(state) < _rank(found[state.service]):
                found[state.service] = state
        return tuple(found[service] for service in sorted(found))

    def log(self, state: State) -> bytes | None:
        """The last lines of the service's log: of all its starts while it restarts or has ended, of the last one where
        it has been up for a while. What came in time, if not all did; None where no time was left for it."""
        now = time.monotonic()
        self._until = self._until or now + SECONDS
        if now >= self._until:
            return None
        since = ("--since", f"{state.since}s") if state.since and state.since > _YOUNG else ()
        # A service may be called `--follow`: the dashes end the options.
        words = (*self._words, "logs", "--no-color", "--tail", str(LINES), *since, "--", state.service)
        return _ask(words, min(_SECONDS, self._until - now)).output


def engine_of(project: str) -> Engine:
    """The first tool of this machine that knows Compose. Raises EnvfixError, one sentence, where there is none."""
    said = ""
    for words in _TOOLS:
        if _path_of(words[0]) is None:
            continue
        answer = _ask((*words, "version"))
        if answer.status == 0:
            return Engine(words, project)
        said = said or f" ({_shown(words)}: {answer.why})"
    raise EnvfixError(
        f"--live needs docker compose or podman compose on this machine, and neither answers{said}; "
        "with a log at hand: envfix --logs FILE."
    )


class _Answer(NamedTuple):
    status: int | None  # None: it did not end in time
    output: bytes
    why: str


def _ask(words: Sequence[str], seconds: float | None = None) -> _Answer:
    """What a command says, ended when its time is over (`seconds`, else _SECONDS) or it has said enough."""
    try:
        with tempfile.TemporaryDirectory(prefix="envfix-") as empty:
            process = subprocess.Popen(
                _command(words),
                cwd=empty,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=os.name == "posix",
            )
            return _answer(process, _SECONDS if seconds is None else seconds)
    except OSError as error:
        return _Answer(127, b"", f"{words[0]} cannot be run: {error.strerror or error}")


def _answer(process: subprocess.Popen[bytes], seconds: float) -> _Answer:
    said, errors = _Reader(process.stdout, _BYTES), _Reader(process.stderr, _ERROR_BYTES, drain=True)
    try:
        said.start()
        errors.start()
        said.join(seconds)
        status = None if said.is_alive() else _status(process)
    finally:
        _end(process)
        said.finish()
        errors.finish()
    why = _first_line(errors.data()) if status is not None else f"no answer within {_SECONDS} seconds"
    return _Answer(status, said.data(), why)


class _Reader(threading.Thread):
    """Reads at most `limit` bytes of a pipe, and with `drain` whatever follows, so that the writer never waits."""

    def __init__(self, pipe: IO[bytes] | None, limit: int, *, drain: bool = False) -> None:
        super().__init__(daemon=True)
        assert pipe is not None
        self._pipe, self._left, self._drain = pipe, limit, drain
        self._pieces: list[bytes] = []

    def run(self) -> None:
        with suppress(OSError):
            while (self._left > 0 or self._drain) and (piece := os.read(self._pipe.fileno(), 1 << 16)):
                if self._left > 0:
                    self._pieces.append(piece[: self._left])
                    self._left -= len(self._pieces[-1])

    def finish(self) -> None:
        """Close the pipe. What has left the command's group may still hold it open: the thread, which nobody waits for,
        then keeps it, since its number would be that of another file."""
        if self.ident is not None:
            self.join(1)
        if not self.is_alive():
            self._pipe.close()

    def data(self) -> bytes:
        """What was read."""
        return b"".join(self._pieces)


def _status(process: subprocess.Popen[bytes]) -> int | None:
    try:
        return process.wait(1)
    except subprocess.TimeoutExpired:
        return 0  # it has said enough, and would say more


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the command, and what it started, which may outlive it."""
    if os.name == "posix":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    with suppress(subprocess.TimeoutExpired):
        process.wait(2)


def _command(words: Sequence[str]) -> list[str]:
    """The words with the tool's whole path."""
    return [_path_of(words[0]) or words[0], *words[1:]]


def _path_of(name: str) -> str | None:
    """Where the tool lies, None where it does not. Only in folders that PATH names in full: what it names from the
    current folder on, and on Windows the current folder itself, which `shutil.which` takes first, is the project's."""
    endings = os.environ.get("PATHEXT", ".EXE").split(os.pathsep) if os.name == "nt" else [""]
    for folder in filter(os.path.isabs, os.environ.get("PATH", os.defpath).split(os.pathsep)):
        for ending in endings:
            path = os.path.join(folder, name + ending)
            if os.path.isfile(path) and os.access(path, os.X_OK):
                return path
    return None


def _environment() -> dict[str, str]:
    """This one without what names files, profiles or another project to Compose."""
    return {name: value for name, value in os.environ.items() if not name.upper().startswith("COMPOSE_")}


def _first_line(data: bytes) -> str:
    lines = [clean(line.strip()) for line in data.decode("utf-8", "replace").splitlines()]
    told = [line for line in lines if line and not line.startswith((">>>>", "time="))] or [
        line for line in lines if line
    ]
    return without_login(told[0])[:300] if told else "it says nothing"


def _shown(words: Sequence[str]) -> str:
    return " ".join(words[:-2] if "-p" in words else words)


def _rows(output: bytes) -> Iterator[dict[str, Any]]:
    """The objects of `ps --format json`: an array before Compose 2.21, since then one a line."""
    text = output.decode("utf-8", "replace").strip()
    for piece in [text] if text.startswith("[") else text.splitlines():
        try:
            found = json.loads(piece)
        except (ValueError, RecursionError):
            continue
        for row in found if isinstance(found, list) else [found]:
            if isinstance(row, dict) and isinstance(row.get("Service"), str):
                yield row


def _state(row: dict[str, Any]) -> State:
    state = str(row.get("State") or "unknown").lower()
    ended = state in ("exited", "dead", "restarting")
    code = row.get("ExitCode")
    up = _UP.match(str(row.get("Status") or ""))
    since = None
    if up and state == "running":
        count = int(up[1]) + 1 if up[1].isdigit() else 2
        since = count * _UNITS[up[2]]
    health = row.get("Health")
    return State(
        row["Service"],
        state,
        code if ended and type(code) is int else None,
        health if isinstance(health, str) and health else None,
        since,
    )


def _rank(state: State) -> int:
    """Who is worst off comes first."""
    if state.is_unwell:
        return {"restarting": 0, "dead": 1, "exited": 2}.get(state.state, 3)
    return 4
