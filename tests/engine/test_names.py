"""Does the name that envfix writes lead to the service, and nowhere else? Small projects, tried on a real engine.

Each project is started once, and each of its containers is entered once, for all that is asked in it. Its decisions are
tried as they stand: the address before, which must not reach the service from the reader, and the one after, which must
reach nothing else; a published port is asked from the machine too. The retelling of the engine's DNS that tests/project
holds random projects against is held against the same answers.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from project.simulation import Machine
from ruamel.yaml import YAML

from .command import Decision, Envfix
from .compose import Container, Stack, until
from .dockerd import Engine
from .projects import SMALL, Small

WHO = Path(__file__).with_name("recipe") / "who.py"
NOBODY = {"refused", "timeout", "unreachable", "unresolved"}
MACHINE = "host"


class Tried(NamedTuple):
    """A project that was up, what was decided of it, and who answered at each address, from each place."""

    row: Small
    decisions: list[Decision]
    containers: dict[str, Container]
    machine: Machine
    answers: dict[tuple[str, str], set[str]]


@pytest.fixture(scope="module", params=SMALL, ids=lambda row: row.lesson)
def tried(request: pytest.FixtureRequest, engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried]:
    row: Small = request.param
    folder = tmp_path_factory.mktemp("projects") / "shop"
    folder.mkdir()
    (folder / "compose.yaml").write_text(row.compose)
    (folder / ".env").write_text(row.env)
    stack = Stack(engine, folder)
    for network in row.networks:
        engine.docker("network", "create", network)
    try:
        decisions = Envfix(folder, folder.parent / "home").decisions()
        stack.start()
        containers = stack.containers()
        machine = Machine(resolved(stack), "shop")
        until(lambda: listening(engine, containers, machine), 60, "all servers listen")
        answers: dict[tuple[str, str], set[str]] = {}
        for place, addresses in wanted(row, decisions, containers, machine).items():
            if place == MACHINE:
                done = engine.outside(sys.executable, "-IS", str(WHO), *addresses)
            else:
                quick = ("--env", "RES_OPTIONS=timeout:3 attempts:1")
                done = engine.run("exec", *quick, containers[place].id, "/recipe/who.py", *addresses)
            assert done.returncode == 0, done.stderr
            found = map(json.loads, done.stdout.splitlines())
            answers |= {(place, one["address"]): answered(one["answers"]) for one in found}
        yield Tried(row, decisions, containers, machine, answers)
    finally:
        engine.clear()


def listening(engine: Engine, containers: dict[str, Container], machine: Machine) -> bool:
    """Whether every server takes connections by now; one on no network is asked by nobody."""
    places = []
    for name, container in containers.items():
        command = machine.services[name].get("command") or ["0.0.0.0:8000"]
        stand = machine.namespace(name)
        addresses = containers[stand.service].addresses if stand else ()
        if container.namespace == "host":
            addresses = ("127.0.0.1",)
        places += [f"{address}:{command[0].rpartition(':')[2]}" for address in addresses]
    done = engine.outside(sys.executable, "-IS", str(WHO), *places)
    return "refused" not in done.stdout


def answered(found: list[str]) -> set[str]:
    """The services that answered; where none did, what happened. Of localhost an engine may know an IPv6 address that
    no interface has."""
    services = set(found) - NOBODY
    return services or ({"refused"} if "refused" in found else set(found))


def resolved(stack: Stack) -> dict[str, object]:
    """The project as dictionaries, after extends and resets, as Compose itself resolves it."""
    done = stack.compose("config", "--no-interpolate", "--no-normalize")
    assert done.returncode == 0, done.stderr
    return YAML(typ="safe", pure=True).load(done.stdout)  # type: ignore[no-any-return]


def wanted(
    row: Small, decisions: list[Decision], containers: dict[str, Container], machine: Machine
) -> dict[str, dict[str, None]]:
    """The addresses to try, by place."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for place, address, _ in map(str.split, row.claims.splitlines()):
        found[place][address] = None
    for decision in decisions:
        for place in (MACHINE, *decision.readers):
            tried = [str(decision.before), str(decision.after or decision.before), *choices(decision)]
            found[place].update(dict.fromkeys([*tried, *(f"{name}:8000" for name in containers)]))
    for reader in standing(machine, containers):
        found[reader].update(dict.fromkeys(f"{word}:8000" for word in words(machine)))
    return found


def standing(machine: Machine, containers: dict[str, Container]) -> list[str]:
    """The services whose containers ask the engine's DNS."""
    stands = {name: machine.namespace(name) for name in containers}
    return [name for name, stand in stands.items() if stand is not None and stand.networks]


def choices(decision: Decision) -> list[str]:
    return [f"{choice.rpartition(':')[0]}:8000" for choice in decision.choices]


def words(machine: Machine) -> list[str]:
    """Every name that some container bears, and some that none does."""
    borne = [(name, net) for one in machine.containers for net, names in one.networks.items() for name in names]
    behind = {f"{name}.{net}" for name, net in borne}
    return sorted({*(name for name, _ in borne), *behind, *machine.services, "nobody", "localhost"})


def test_the_decisions_and_the_network(tried: Tried) -> None:
    told = [
        " ".join(filter(None, (one.variable, one.decision, one.reason, one.replacement))) for one in tried.decisions
    ]
    assert told == [line.strip() for line in tried.row.decisions.splitlines() if line.strip()]
    assert [sentence for one in tried.decisions for sentence in objections(tried, one)] == []
    for line in tried.row.claims.splitlines():
        place, address, answer = line.split()
        assert tried.answers[place, address] == set(answer.split(",")), line


def owners(tried: Tried, answers: set[str]) -> set[str]:
    """The services in whose network namespaces those stand that answered."""
    stands = {name: tried.machine.namespace(name) for name in answers - NOBODY}
    return {stand.service for stand in stands.values() if stand is not None}


def objections(tried: Tried, decision: Decision) -> Iterator[str]:
    """What the network says against the decision."""
    before, after, service = str(decision.before), str(decision.after), str(decision.service)
    for reader in decision.readers:
        answers = tried.answers
        if decision.decision == "rewrite" and service in tried.containers:
            if service in owners(tried, answers[reader, before]):
                yield f"{before} reaches {service} from {reader} as it is"
            if owners(tried, answers[reader, after]) != {service}:
                yield f"{after} from {reader}: {answers[reader, after]}, not {service}"
            if decision.reason == "published" and service not in owners(tried, answers[MACHINE, before]):
                yield f"{before} does not lead to {service} on the machine"
        elif decision.reason in ("unreachable", "no-target"):
            named = [f"{name}:8000" for name in tried.containers] if decision.reason == "unreachable" else []
            for address in (before, *named):
                if not answers[reader, address] <= NOBODY | {reader}:
                    yield f"stays as {decision.reason}, but {address} from {reader}: {answers[reader, address]}"
    for choice in choices(decision):
        led = [tried.answers[reader, choice] for reader in decision.readers]
        if not any(len(one) == 1 and not one & NOBODY for one in led):
            yield f"offers {choice}, which leads nowhere or to several"


def test_the_retelling_of_the_engines_dns(tried: Tried) -> None:
    for reader in standing(tried.machine, tried.containers):
        for word in words(tried.machine):
            told = tried.machine.look_up(reader, word)
            if "?" not in told:
                assert tried.answers[reader, f"{word}:8000"] - NOBODY == told, (reader, word)
