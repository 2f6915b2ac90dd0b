"""One stack, many lessons: envfix decides, the network is asked whether it agrees, real clients work only afterwards.

The stack goes one way through its states, each a fixture that keeps what was seen in it: `before` with the host
developer's `.env`, `after` `envfix --write`, `overridden` by `--override` where readers disagree, `profiled` with a
profile, and `outside`, the repaired `.env` turned round for a program on the host.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import pytest
from dotenv import dotenv_values

from .claims import FALSE, TRUE
from .command import Decision, Envfix
from .compose import Attempt, Stack
from .lessons import DEAF, LESSONS, MEDIA, SAYS, SEARCH, SHARED, Lesson, replaced, working
from .verdict import Network, contradictions, unsettled

CHANGES = {each.variable: (each.old, each.new) for each in (*LESSONS.values(), SEARCH) if each.new}
OUTSIDE = ["a port published differs from the container's", "a network that only the worker shares with the database"]
STAYS = [each for each in LESSONS.values() if not each.new]


class Before(NamedTuple):
    env: str
    decisions: Mapping[str, Decision]
    warnings: list[str]
    network: Network
    working: list[str]


class After(NamedTuple):
    env: str
    working: Mapping[str, list[str]]
    search: list[Attempt]


@pytest.fixture(scope="module")
def stack(stack_of: Callable[..., Stack]) -> Stack:
    return stack_of("lessons")


@pytest.fixture(scope="module")
def envfix(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Envfix:
    return Envfix(stack.folder, tmp_path_factory.mktemp("home"))


def start(stack: Stack, *services: str) -> None:
    assert stack.up(*services), stack.logs()
    stack.await_listeners("session-cache")


@pytest.fixture(scope="module")
def before(stack: Stack, envfix: Envfix) -> Before:
    start(stack)
    decisions = {decision.variable: decision for decision in envfix.decisions()}
    warnings = [warning["message"] for warning in envfix.report()["projects"][0]["warnings"]]
    network = Network(stack, [*decisions.values(), *TRUE, *FALSE.values()])
    wrong = [each.variable for each in LESSONS.values() if each.new and working(stack, each)]
    return Before(stack.env.read_text(), decisions, warnings, network, wrong)


@pytest.fixture(scope="module")
def after(before: Before, stack: Stack, envfix: Envfix) -> After:
    envfix.do("--write")
    start(stack)
    uses = {each.variable: working(stack, each) for each in LESSONS.values() if each.new}
    return After(stack.env.read_text(), uses, stack.probe("app", "search:8000"))


@pytest.fixture(scope="module")
def overridden(after: After, stack: Stack, envfix: Envfix) -> Stack:
    envfix.do("--override", "compose.own.yaml")
    own = stack.having("-f", "compose.yaml", "-f", "compose.own.yaml")
    start(own)
    return own


@pytest.fixture(scope="module")
def profiled(overridden: Stack) -> Stack:
    with_search = overridden.having("--profile", "search")
    start(with_search, "search")
    return with_search


@pytest.fixture(scope="module")
def outside(after: After, stack: Stack, envfix: Envfix) -> dict[str, str | None]:
    envfix.do("--to", "host", "--output", "host.env", ".env")
    return dotenv_values(stack.folder / "host.env")


def test_true_claims_are_not_contradicted(before: Before) -> None:
    assert contradictions(before.network, TRUE) == []


@pytest.mark.parametrize("objection", FALSE)
def test_a_false_claim_is_contradicted(before: Before, objection: str) -> None:
    false = FALSE[objection]
    assert f"{false.variable} {objection}" in contradictions(before.network, [false])


@pytest.mark.parametrize("lesson", [pytest.param(lesson, id=name) for name, lesson in LESSONS.items()])
def test_envfix_decides_as_a_person_would_and_the_network_agrees(before: Before, lesson: Lesson) -> None:
    decision = before.decisions[lesson.variable]
    verdict = (decision.address, decision.decision, decision.reason, decision.replacement)
    assert verdict == (lesson.old, "rewrite" if lesson.new else "keep", lesson.reason, lesson.new)
    assert contradictions(before.network, [decision]) == []


def test_no_client_works_before(before: Before) -> None:
    assert before.working == []


def test_write_changes_these_addresses_and_nothing_else(before: Before, after: After) -> None:
    assert judged(after.env) == judged(replaced(before.env, CHANGES))


def judged(env: str) -> list[str]:
    """The lines of a `.env` without the deaf server's, which has a test of its own."""
    return [line for line in env.splitlines() if not line.startswith(DEAF.variable)]


def test_every_client_works_after(after: After) -> None:
    assert after.working == {each.variable: list(each.readers) for each in LESSONS.values() if each.new}


def test_what_stays_is_still_right_after(after: After, stack: Stack, envfix: Envfix) -> None:
    kept = {each.variable for each in STAYS}
    decisions = [decision for decision in envfix.decisions() if decision.variable in kept]
    assert contradictions(Network(stack, decisions), decisions) == []


def test_a_name_that_only_a_profile_brings_up_is_said_to_need_it(before: Before, after: After) -> None:
    decision = before.decisions[SEARCH.variable]
    assert (decision.decision, decision.replacement) == ("rewrite", SEARCH.new)
    assert "profile" in decision.explanation
    assert [attempt.outcome for attempt in after.search] == ["unresolved"]


def test_and_is_right_once_the_profile_is_up(profiled: Stack) -> None:
    assert working(profiled, SEARCH) == ["app"]


@pytest.mark.parametrize(
    ("lesson", "outside"),
    [
        pytest.param(SHARED, False, id="one on the host's network"),
        pytest.param(MEDIA, True, id="one hands it to browsers"),
    ],
)
def test_readers_that_disagree_are_asked_about(before: Before, lesson: Lesson, outside: bool) -> None:
    decision = before.decisions[lesson.variable]
    assert (decision.decision, decision.reason) == ("ask", "conflict")
    assert unsettled(before.network, decision, outside)


def test_an_override_gives_each_reader_its_own_value(before: Before, after: After, overridden: Stack) -> None:
    assert overridden.env.read_text() == after.env
    assert working(overridden, SHARED) == ["app", "agent"]
    values = {name: overridden.container(name).environment[MEDIA.variable] for name in MEDIA.readers}
    assert values["app"] == "http://localhost:9090"
    assert overridden.probe_outside(values["app"].removeprefix("http://"))[0].outcome == "connected"
    assert overridden.probe("worker", values["worker"].removeprefix("http://"))[0].outcome == "connected"


def test_a_server_that_listens_in_its_own_container_alone_is_told_and_not_written(before: Before) -> None:
    decision = before.decisions[DEAF.variable]
    assert decision.decision != "rewrite"
    assert contradictions(before.network, [decision]) == []
    assert any("127.0.0.1" in sentence for sentence in [decision.explanation, *before.warnings])


@pytest.mark.parametrize("name", OUTSIDE)
def test_the_repaired_env_turned_round_serves_a_program_on_the_host(
    outside: dict[str, str | None], stack: Stack, name: str
) -> None:
    lesson = LESSONS[name]
    assert (outside[lesson.variable] or "").count(lesson.old) == 1
    assert answered_outside(stack, lesson, str(outside[lesson.variable]))
    assert not answered_outside(stack, lesson, str(dotenv_values(stack.env)[lesson.variable]))


def answered_outside(stack: Stack, lesson: Lesson, value: str) -> bool:
    """The lesson's client in the network of the engine's host, with this value."""
    command = ("sh", "-c", lesson.client.replace("{}", lesson.variable))
    options = ("--rm", "--network", "host", "--env", f"{lesson.variable}={value}", "--entrypoint", command[0])
    done = stack.engine.run("run", *options, "example/app:1", *command[1:])
    return done.returncode == 0 and done.stdout.strip() == SAYS[lesson.client]
