"""A shim over the calls of `os` that touch a file: the nth one kills the process, or fails as a sick disk does.

Each trial runs in a forked child, so that a kill is a real SIGKILL: nothing of Python's own clean-up runs.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
from collections.abc import Callable
from typing import Any, NamedTuple

CHANGING = ("open", "write", "fsync", "close", "mkdir", "rmdir", "unlink", "rename", "replace", "link")
CHANGING += ("fchmod", "fchown", "chmod", "setxattr", "removexattr")
LOOKING = ("read", "stat", "lstat", "fstat", "listdir", "scandir", "access", "readlink", "listxattr", "getxattr")

Action = Callable[[str, Callable[..., Any], tuple[Any, ...], dict[str, Any]], Any]


class Outcome(NamedTuple):
    """How a child ended: `killed`, or its `error` ("" for success; the exception's name and its text)."""

    killed: bool
    error: str
    message: str
    calls: list[str]


def kill(name: str, call: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Die just before the call; of a write, after half of it."""
    if name == "write" and len(args[1]) > 1:
        call(args[0], bytes(args[1])[: len(args[1]) // 2])
    os.kill(os.getpid(), signal.SIGKILL)


def fail(code: int) -> Action:
    """Fail with the errno `code`; of a write that fills the disk, after half of it, as disks fill up."""

    def action(name: str, call: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if name == "access":  # which answers instead of raising
            return False
        if name == "close":  # Linux closes the descriptor whatever it answers
            call(*args, **kwargs)
        if name == "write" and len(args[1]) > 1:
            call(args[0], bytes(args[1])[: len(args[1]) // 2])
        raise OSError(code, os.strerror(code))

    return action


def interrupt(name: str, call: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Ctrl-C that is noticed just after the call."""
    call(*args, **kwargs)
    raise KeyboardInterrupt


def trial(work: Callable[[], object], at: int, action: Action | None, lasting: bool = False) -> Outcome:
    """Run `work` in a child, with `action` in place of the call number `at` (from 0; -1: none), and, if it is
    `lasting`, of all that follow."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _child(work, at, action, lasting, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        report = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return Outcome(True, "", "", [])
    return Outcome(False, *json.loads(report))


def _child(work: Callable[[], object], at: int, action: Action | None, lasting: bool, writer: int) -> None:
    real_write, calls = os.write, _patch(at, action, lasting)
    error, message = "", ""
    try:
        work()
    except BaseException as caught:
        error, message = type(caught).__name__, str(caught)
    finally:
        real_write(writer, json.dumps([error, message, calls]).encode())
        os._exit(0)


def _patch(at: int, action: Action | None, lasting: bool) -> list[str]:
    calls: list[str] = []

    def wrapped(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def shim(*args: Any, **kwargs: Any) -> Any:
            calls.append(name)
            now = len(calls) - 1
            if action is not None and (now == at or (lasting and 0 <= at < now)):
                return action(name, call, args, kwargs)
            return call(*args, **kwargs)

        return shim

    for name in (*CHANGING, *LOOKING):
        setattr(os, name, wrapped(name, getattr(os, name)))
    fcntl.flock = wrapped("flock", fcntl.flock)
    return calls
