"""The long form of the crash test: `python -m tests.crash [part ...]`, from the project's folder.

Parts: `shim` (every call of `os` in every scene: killed, interrupted, and failed once and for good), `random` (runs of
the command, killed from outside) and `strace` (the command, killed and failed at each system call that touches a file).
It prints what it tried, and leaves with status 1 at the first thing that was lost.
"""

from __future__ import annotations

import argparse
import errno
import os
import shutil
import sys
import tempfile
import time
from collections import Counter

from . import faults, processes, scenes

ERRORS = (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES)


def shim(root: str, options: argparse.Namespace) -> None:
    actions = [("killed", faults.kill, False), ("interrupted", faults.interrupt, False)]
    actions += [(errno.errorcode[code], faults.fail(code), False) for code in ERRORS]
    actions += [(f"{errno.errorcode[code]} from then on", faults.fail(code), True) for code in ERRORS]
    for size in options.sizes:
        for name in scenes.NAMES:
            for word, action, lasting in actions:
                _sweep(root, name, size, word, action, lasting)


def _sweep(root: str, name: str, size: int, word: str, action: faults.Action, lasting: bool) -> None:
    calls = faults.trial(scenes.set_up(name, root, size).work, -1, None).calls
    found = Counter[str]()
    for at, call in enumerate(calls):
        scene = scenes.set_up(name, root, size)
        outcome = faults.trial(scene.work, at, action, lasting)
        state = scenes.judge(scene)
        if not outcome.killed and not lasting:
            assert len(set(state)) == 1, (call, outcome)
        assert "OSError" not in outcome.error, (call, outcome)
        assert outcome.error or outcome.killed or state == [scene.goal] * len(state), (call, outcome)
        found[" and ".join(sorted(version.decode() for version in set(state)))] += 1
        scenes.go_on(scene)
    _tell(f"shim, {name}, {size} bytes, {word}", len(calls), found)


def at_random(root: str, options: argparse.Namespace) -> None:
    for size in options.sizes:
        project = processes.project(os.path.join(root, "random"), size)
        runs = options.runs if size < 1_000_000 else max(options.runs // 20, 10)
        _tell(f"random, {size} bytes", runs, processes.killed_at_random(project, runs, options.seed))


def strace(root: str, options: argparse.Namespace) -> None:
    if shutil.which("strace") is None:
        print("strace: left out, since it is not installed")
        return
    for size in options.sizes[:2]:
        project = processes.project(os.path.join(root, "strace"), size)
        calls, begins = processes.recorded(project)
        before, writing = calls[:begins:25], calls[begins:]
        found = Counter(state for _, state in processes.injected(project, before, "signal=KILL"))
        _tell(f"strace, {size} bytes, killed before writing (each 25th call)", len(before), found)
        ours = [call for call in writing if call.ours]
        changing = [call for call in ours if call.name in processes.CHANGING]
        for what in ("signal=KILL", *(f"error={errno.errorcode[code]}" for code in ERRORS)):
            chosen = writing if what == "signal=KILL" else ours if what in ("error=EIO", "error=EACCES") else changing
            found = Counter(state for _, state in processes.injected(project, chosen, what))
            _tell(f"strace, {size} bytes, {what} while writing", len(chosen), found)


def _tell(what: str, trials: int, found: Counter[str]) -> None:
    left = ", ".join(f"{state} {count}" for state, count in sorted(found.items()))
    print(f"{what}: {trials} trials, left {left}", flush=True)


PARTS = {"shim": shim, "random": at_random, "strace": strace}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("parts", nargs="*", help=", ".join(PARTS))
    parser.add_argument("--runs", type=int, default=1000, help="random kills for each size")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000, 2_000_000], help="bytes")
    parser.add_argument("--folder", default=scenes.memory(), help="where to work (a disk's flushes take long)")
    options = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="envfix-crash-", dir=options.folder) as root:
        for part in options.parts or PARTS:
            PARTS[part](os.path.join(root, part), options)
    print(f"nothing was lost in {time.monotonic() - start:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
