"""By which names does this reader reach that service? Random projects, against a retelling of the engine's DNS."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envfix.compose import load_project
from envfix.planning import Request, make
from envfix.project.topology import NamesKnown, Topology

from .simulation import Machine

pytestmark = pytest.mark.slow

SERVICES = ("db", "my_db", "web", "jobs")
NETWORKS = ("ann", "zoe", "ours", "same")
WORDS = (*SERVICES, "cache", "DB", "main-db", "localhost", "a.b")
SHARED = {"ann": None, "zoe": None, "ours": {"name": "joined"}, "same": {"name": "joined"}}


@st.composite
def standing(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """Where a service stands, and what it is called there."""
    service: dict[str, Any] = {"image": "example.org/app"}
    modes = ("", "", "", "", "host", "none", "app_ann", "joined")
    if name in ("my_db", "jobs"):  # the others lend their namespace
        modes += ("service:web", "container:app-db-1")
    mode = draw(st.sampled_from(modes))
    if mode:
        service["network_mode"] = mode
    elif draw(st.booleans()):
        aliases = st.lists(st.sampled_from(WORDS), max_size=2, unique=True)
        keys = draw(st.lists(st.sampled_from(NETWORKS), min_size=1, max_size=3, unique=True))
        service["networks"] = {key: {"aliases": draw(aliases)} for key in keys}
    if ":" not in service.get("network_mode", ""):
        if draw(st.integers(0, 3)) == 0:
            service["hostname"] = draw(st.sampled_from(WORDS[:7]))
        if draw(st.integers(0, 3)) == 0:
            service["container_name"] = f"{name}-box"
        if draw(st.integers(0, 3)) == 0:
            where = st.sampled_from(("127.0.0.1", "10.9.9.9", "host-gateway"))
            service["extra_hosts"] = [f"{draw(st.sampled_from(WORDS[:7]))}:{draw(where)}"]
        if "network_mode" not in service and draw(st.integers(0, 4)) == 0:
            other = draw(st.sampled_from([one for one in SERVICES if one != name]))
            service["links"] = [draw(st.sampled_from((other, f"{other}:linked")))]
    if "container_name" not in service and draw(st.integers(0, 5)) == 0:
        service["scale"] = draw(st.sampled_from((0, 2)))
    return service


@st.composite
def projects(draw: st.DrawFn) -> dict[str, Any]:
    return {"name": "app", "services": {name: draw(standing(name)) for name in SERVICES}, "networks": SHARED}


def written(compose: dict[str, Any], folder: Path) -> Path:
    (folder / "compose.yaml").write_text(json.dumps(compose))
    return folder


@settings(max_examples=80, deadline=None)
@given(projects())
def test_a_name_is_offered_only_if_it_leads_there_and_nowhere_else(compose: dict[str, Any]) -> None:
    machine = Machine(compose)
    with tempfile.TemporaryDirectory() as folder:
        topology = Topology(load_project(str(written(compose, Path(folder))), environ={}))
    for reader in filter(machine.runs, SERVICES):
        for target in filter(machine.runs, SERVICES):
            if topology.is_own(reader, target):
                continue
            there = machine.namespace(target)
            assert there is not None
            for name in (*topology.names(reader, target), *topology.default_names(reader, target)):
                assert machine.look_up(reader, name) == {there.service}, (reader, name)


@settings(max_examples=80, deadline=None)
@given(
    projects(),
    st.sampled_from(SERVICES),
    st.sampled_from((*WORDS, "linked", "linked.app_ann", "db.app_ann", "app-db-2", "db-box.joined")),
)
def test_and_every_name_that_leads_to_one_service_is_understood(
    compose: dict[str, Any], reader: str, name: str
) -> None:
    machine = Machine(compose)
    with tempfile.TemporaryDirectory() as folder:
        topology = Topology(load_project(str(written(compose, Path(folder))), environ={}))
    if not machine.runs(reader):
        return
    found = topology.answer(reader, name)
    told = set(found.services) or ({"?"} if found.source else set())
    assert told == machine.look_up(reader, name)


@settings(max_examples=60, deadline=None)
@given(projects(), st.integers(0, 3))
def test_every_rewrite_leads_to_its_service(compose: dict[str, Any], reading: int) -> None:
    """The whole way through: what would be written into a `.env`."""
    reader = SERVICES[reading]
    services = {name: dict(service) for name, service in compose["services"].items()}
    for number, (name, service) in enumerate(services.items()):
        if ":" not in service.get("network_mode", ""):
            service["ports"] = [f"{7000 + number}:5432"]
        service["image"] = "example.org/app" if name == reader else "postgres:17"
    services[reader]["environment"] = [f"DB{number}_URL" for number in range(4)]
    machine = Machine({**compose, "services": services})
    with tempfile.TemporaryDirectory() as name:
        folder = written({**compose, "services": services}, Path(name))
        (folder / ".env").write_text("".join(f"DB{n}_URL=postgres://localhost:{7000 + n}/x\n" for n in range(4)))
        plan = make(Request(str(folder), environ={})).plan
    for reference in plan.references:
        service = reference.service or ""
        if reference.decision == "rewrite" and machine.runs(reader) and machine.runs(service):
            host = str(reference.replacement).partition(":")[0]
            there = machine.namespace(service)
            assert there is not None
            assert machine.look_up(reader, host) == {there.service}, reference


def test_the_names_of_a_project_are_no_key_to_what_is_kept_for_another_one() -> None:
    first, second = NamesKnown(("db", "web")), NamesKnown(("db", "web"))
    assert {first: "kept"}.get(first) == "kept"
    assert {first: "kept"}.get(second) is None
    assert ("db" in second, second - {"db"}) == (True, frozenset({"web"}))
