"""What is to blame for each failed connection, and what mends it?"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from envfix.compose.model import Project
from envfix.logs.explaining import of_build, of_reference, without_reference
from envfix.logs.matching import culprits, siblings
from envfix.logs.recognition import Failure
from envfix.project.uses import Reading
from envfix.records import Evidence, Plan, Reference


class Blame(NamedTuple):
    """One failed connection and one variable behind it: the fields of the JSON (design, section 5), each None where
    there is none. `path` is absolute; `reference` is the plan's, for whoever writes only what is to blame."""

    service: str | None
    address: str | None
    kind: str
    log_line: int
    variable: str | None
    path: str | None
    line: int | None
    replacement: str | None
    explanation: str
    reference: Reference | None = None
    evidence: tuple[Evidence, ...] = ()


def blame(failures: Iterable[Failure], plan: Plan, reading: Reading) -> tuple[Blame, ...]:
    """What is behind the failures, in the log's order: one entry for each variable, or one with none for a failure that
    no variable explains. A variable is named once for each service, kind and repair, where it first failed.
    """
    found: dict[tuple[object, ...], Blame] = {}
    for failure in sorted(failures, key=lambda failure: failure.log_line):
        for one in _blames(failure, plan, reading):
            what = (one.variable, one.path, one.line, one.replacement) if one.variable else one.address
            found.setdefault((one.service, one.kind, what), one)
    return tuple(found.values())


def service_names(project: Project) -> Callable[[str], str | None]:
    """A function from a container's name, as logs show it (`web-1`, `web_1`, `shop-web-1`, `web-run-3f2a`, a
    container_name, Swarm's `shop_web.1.x@node`), to its service; None for other words."""
    services = {**project.inactive, **project.services}
    known = {service.container_name: name for name, service in services.items() if service.container_name}
    known.update({name: name for name in services})

    def service_of(name: str) -> str | None:
        for prefix in ("", f"{project.name}-", f"{project.name}_"):
            rest = name.removeprefix(prefix)
            replica = re.sub(r"[-_]run[-_][0-9a-f]+$|[-_]\d+$|\.\d+\.\w+(?:@\S+)?$", "", rest)
            if rest in known or replica in known:
                return known.get(rest) or known[replica]
        return None

    return service_of


def _blames(failure: Failure, plan: Plan, reading: Reading) -> Iterator[Blame]:
    if failure.building:
        yield _blame(failure, of_build(failure))
        return
    references = culprits(failure, plan, reading)
    for reference in references:
        replacement, explanation = of_reference(failure, reference, len(references), reading)
        yield _named(failure, reference, replacement, explanation)
        for sibling in siblings(reference, plan):
            yield _named(failure, sibling, sibling.replacement, f"it changes with {reference.variable}")
    if not references:
        for variable, path, line, replacement, explanation in without_reference(failure, plan, reading):
            said = _blame(failure, explanation)
            yield said._replace(variable=variable, path=path, line=line, replacement=replacement)


def _named(failure: Failure, reference: Reference, replacement: str | None, explanation: str) -> Blame:
    return _blame(failure, explanation)._replace(
        variable=reference.variable,
        path=reference.path,
        line=reference.line,
        replacement=replacement,
        reference=reference,
    )


def _blame(failure: Failure, explanation: str) -> Blame:
    return Blame(
        failure.service, address_of(failure), failure.kind, failure.log_line, None, None, None, None, explanation
    )


def address_of(failure: Failure) -> str | None:
    """`host:port` or the host alone, an IPv6 address in brackets; None where the log names none."""
    if failure.host is None:
        return None
    host = f"[{failure.host}]" if ":" in failure.host else failure.host
    return f"{host}:{failure.port}" if failure.port is not None else host
