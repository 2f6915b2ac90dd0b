"""Kills and failures at every call that touches a file: each file is old or new, whole, and the next run works.

The sweeps run in a process of their own, started once: a trial is a fork, and to fork this one, with all the tests in
it, takes four times as long.
"""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import cycle, repeat
from multiprocessing import get_context

import pytest

if not hasattr(os, "fork"):
    pytest.skip("needs fork to kill a run in the middle", allow_module_level=True)

from . import faults, scenes

pytestmark = pytest.mark.slow

PHRASES = {
    errno.ENOSPC: "the disk is full",
    errno.EIO: "input/output error",
    errno.EROFS: "read-only",
    errno.EACCES: "no permission",
}


LOOKS = {"write of two files", "restore over newer content"}  # the long form: all, each with every error


def sweep(name, root, size, actions, at_looks=False, lasting=False):
    """A trial at every call of the scene `name` that can change a file (or, `at_looks`, at every call that touches
    one), with the next of the `actions`; yields the scene, its outcome and the name of the call."""
    calls = faults.trial(scenes.set_up(name, root, size).work, -1, None).calls
    assert len(calls) > 20
    for at, call in enumerate(calls):
        if call in faults.LOOKING and not at_looks:
            continue
        scene = scenes.set_up(name, root, size)
        yield scene, faults.trial(scene.work, at, next(actions), lasting), call


# What is claimed of a sweep, one function each. They run in the other process, where pytest explains no assertion.


def claim_killed(root, name, size):
    states = set()
    for scene, outcome, call in sweep(name, root, size, repeat(faults.kill)):
        assert outcome.killed, call
        states.add(tuple(scenes.judge(scene)))
        scenes.go_on(scene)
    assert states >= {(scene.start,) * len(scene.files), (scene.goal,) * len(scene.files)}, states


def claim_failed_once(root, name):
    messages = set()
    in_turn = map(faults.fail, cycle(PHRASES))
    for scene, outcome, call in sweep(name, root, 1000, in_turn, at_looks=name in LOOKS):
        state = scenes.judge(scene)
        assert len(set(state)) == 1, f"{call}: half of the files were changed: {outcome.message}"
        if outcome.error:
            assert outcome.error not in ("OSError", "FileNotFoundError", "PermissionError"), f"{call}: {outcome}"
            done = "were put back" in outcome.message
            assert state[0] == (scene.goal if done else scene.start), f"{call}: {outcome}"
            messages.add(outcome.message)
        else:
            assert state[0] == scene.goal, f"{call}: nothing was done and nothing said"
        scenes.go_on(scene)
    for phrase in PHRASES.values():
        assert any(phrase in message for message in messages), messages


def claim_failed_for_good(root, name):
    for scene, outcome, call in sweep(name, root, 1000, repeat(faults.fail(errno.EIO)), lasting=True):
        state = scenes.judge(scene)
        if len(set(state)) > 1:
            assert "could not be put back" in outcome.message, f"{call}: {outcome}"
        elif state[0] == scene.start:
            assert outcome.error, f"{call}: nothing was done and nothing said"
        scenes.go_on(scene)


def claim_interrupted(root, name):
    for scene, outcome, call in sweep(name, root, 1000, repeat(faults.interrupt)):
        state = scenes.judge(scene)
        assert len(set(state)) == 1, f"{call}: {state}"
        assert outcome.error in ("KeyboardInterrupt", ""), f"{call}: {outcome}"
        scenes.go_on(scene)


@pytest.fixture(scope="session")
def elsewhere() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        yield process


@pytest.fixture
def holds(elsewhere, tmp_path):
    """`holds(claim, ...)` in the other process, in a folder for one trial after the other."""
    with tempfile.TemporaryDirectory(prefix="envfix-crash-", dir=scenes.memory() or tmp_path) as folder:
        yield lambda claim, *about: elsewhere.submit(claim, os.path.join(folder, "root"), *about).result()


@pytest.mark.parametrize("name", scenes.NAMES)
def test_a_run_killed_at_any_call_leaves_each_file_whole_and_a_backup_of_what_it_changed(name, holds):
    holds(claim_killed, name, 200_000 if name == "write of two files" else 1000)


@pytest.mark.parametrize("name", scenes.NAMES)
def test_a_call_that_fails_leaves_all_or_nothing_done_and_a_sentence_that_says_why(name, holds):
    holds(claim_failed_once, name)


@pytest.mark.parametrize("name", scenes.NAMES)
def test_a_disk_that_fails_for_good_leaves_each_file_whole_and_the_way_back_open(name, holds):
    holds(claim_failed_for_good, name)


@pytest.mark.parametrize("name", scenes.NAMES)
def test_an_interruption_at_any_call_leaves_all_or_nothing_done(name, holds):
    holds(claim_interrupted, name)
