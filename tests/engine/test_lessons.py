"""Each lesson's stack: envfix decides, the network is asked whether it agrees, real clients work only afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .command import Envfix
from .compose import Stack
from .lessons import LESSONS, Lesson, replaced, works
from .verdict import Network, contradictions


@pytest.mark.parametrize("lesson", [pytest.param(lesson, id=name) for name, lesson in LESSONS.items()])
def test_the_network_agrees_and_the_clients_work(lesson: Lesson, stack_of: Callable[..., Stack], home: Path) -> None:
    stack = stack_of(lesson.stack)
    envfix = Envfix(stack.folder, home)
    assert stack.up(), stack.logs()
    decisions = envfix.decisions()
    assert {
        each.variable: (each.address, each.replacement) for each in decisions if each.decision == "rewrite"
    } == lesson.changes
    assert {each.variable: each.reason for each in decisions if each.decision == "keep"} == lesson.stays
    assert contradictions(Network(stack, decisions), decisions) == []
    assert [use for use in lesson.uses if works(stack, use)] == []

    right = replaced(stack.env.read_text(), lesson.changes)
    envfix.do("--write")
    assert stack.env.read_text() == right
    assert stack.up(), stack.logs()
    assert [use for use in lesson.uses if not works(stack, use)] == []
