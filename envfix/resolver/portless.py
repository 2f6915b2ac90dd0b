"""Whom does a host without any port mean? The one service that the name of the variable comes down to."""

from __future__ import annotations

from envfix.project.ports import Endpoint
from envfix.resolver.case import Case, Scene
from envfix.resolver.choose import names_service, one_of, rewrite, unreachable
from envfix.resolver.evidence import Named
from envfix.resolver.needs import Need, ask, keep


def need_without_port(scene: Scene, case: Case, named: Named | None) -> Need:
    """What the host must become; `named` is the service that the compose file's own words name, if any."""
    topology, ports = scene.topology, scene.ports
    if named is not None and not topology.is_own(case.reader, named.service):
        port = named.port or ports.main_port(named.service)
        endpoint = Endpoint(named.service, port, None, "container", named.where)
        if topology.reaches(case.reader, named.service):
            return rewrite(scene, case, endpoint, named.where)
        return unreachable(scene, case, endpoint)
    if not case.kinds:
        return _by_word(scene, case)
    meant = case.says.role or "it"
    served_by = [
        Endpoint(name, ports.main_port(name), None, "container", f"{meant} means {name}, the one such service")
        for name in ports.of_kinds(case.kinds)
        if not topology.is_own(case.reader, name)
    ]
    reachable = ports.up_first([one for one in served_by if topology.reaches(case.reader, one.service)])
    if reachable:
        need = one_of(scene, case, reachable)
        return need if need.verdict != "rewrite" or _says_host(case) else _unsure(case, reachable)
    if served_by:
        return unreachable(scene, case, served_by[0])
    return keep("no-target", f"the name says {meant}, and the project has no such service")


def _says_host(case: Case) -> bool:
    """Whether the value is a host for sure: by its dialect, or by a name that ends in HOST or in the server's own
    name."""
    if case.address.dialect != "host" or case.says.names_a_host:
        return True
    return bool(case.says.words) and case.says.words[-1] == case.says.role


def _unsure(case: Case, choices: list[Endpoint]) -> Need:
    return ask(f"{case.name} does not say that its value is a host", tuple(choices))


def _by_word(scene: Scene, case: Case) -> Need:
    """The services whose own names the variable's name holds. Without a port, and without a product that is known, that
    is little: the host may as well be the one by which the service is known outside."""
    topology, ports = scene.topology, scene.ports
    fits = ports.up_first(
        [
            Endpoint(name, ports.main_port(name), None, "container", f"the variable's name says {name}")
            for name in topology.services
            if not topology.is_own(case.reader, name)
            and names_service(scene, case, name)
            and topology.reaches(case.reader, name)
        ]
    )
    if not fits:
        return keep("no-target", "it has no port, and its name means no service of the project")
    inside = case.says.internal or "SERVICE" in case.says.words
    if len(fits) == 1 and inside and case.says.names_a_host and case.address.dialect == "host":
        return one_of(scene, case, fits)
    return ask("it has no port, and its name alone does not say which program uses it", tuple(fits))
