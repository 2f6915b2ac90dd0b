"""What a service inherits (`extends`): compose-go's loader/extends.go."""

import os
from collections.abc import Callable
from typing import Any

from envfix.compose.discovery import is_remote
from envfix.compose.merge import Refused, Resets, merge, reset
from envfix.compose.nodes import Findings, KeyPath, at_place_of, chained, failure
from envfix.compose.tally import Tally
from envfix.named_tuples import NamedTuple
from envfix.shown import as_written


class Base(NamedTuple):
    """The services of a file that heirs name, paths already absolute, and the resets by the service that they are in
    (None: all services)."""

    services: dict[str, Any]
    resets: dict[str | None, Resets]


def base_of(services: dict[str, Any], resets: Resets) -> Base:
    """The services with the `resets` of the document that holds them."""
    within: dict[str | None, list[KeyPath]] = {}
    for path in resets:
        if path[:1] == ("services",):
            within.setdefault(path[1] if len(path) > 1 else None, []).append(path)
    return Base(services, {name: tuple(paths) for name, paths in within.items()})


class Heirs:
    """Resolves `extends` in the services of one file. `load` reads another file; `directory` is what its name is
    relative to."""

    def __init__(
        self, file: str, directory: str, findings: Findings, tally: Tally, load: Callable[[str], Base]
    ) -> None:
        self.file = file
        self.directory = directory
        self.findings = findings
        self.tally = tally
        self.load = load

    def apply(self, services: dict[str, Any], resets: Resets) -> dict[str, Any]:
        """The services with what they inherit, `extends` gone. `resets` are the document's own."""
        if not any(isinstance(service, dict) and "extends" in service for service in services.values()):
            return services
        done = base_of(dict(services), resets)
        for name in services:
            self._resolve(_Heir(self.file, name, done))
        return done.services

    def _resolve(self, heir: "_Heir") -> None:
        """Put what the heir inherits in its place, and before that what its base does: up the chain, then down."""
        chain: dict[tuple[str, str], _Heir] = {}
        following: _Heir | None = heir
        while following is not None:
            chain[following.key] = following
            following = self._base_of(following, chain)
        heirs = list(chain.values())
        for base, one in zip(reversed(heirs), reversed(heirs[:-1]), strict=False):
            one.inherit(base, self.tally)

    def _base_of(self, heir: "_Heir", chain: "dict[tuple[str, str], _Heir]") -> "_Heir | None":
        """The heir's base; None where there is none, or where it is remote, and so left out."""
        service = heir.holder.services[heir.name]
        if service is not None and not isinstance(service, dict):
            raise Refused("must be a mapping", ("services", heir.name), service)
        if service is None or "extends" not in service:
            return None
        ref, named = _reference(service["extends"], heir.name)
        if named is not None and is_remote(named, self.directory):
            self.findings.warn(
                f"{as_written(named)} is remote and not fetched: {heir.name} is read without it", heir.file
            )
            heir.holder.services[heir.name] = _own(service)
            return None
        file, holder = heir.file, heir.holder
        if named is not None:
            file = at_place_of(named, os.path.normpath(os.path.join(self.directory, named)))
            holder = self.load(file)
        base = _Heir(file, ref, holder)
        message = ""
        if ref not in holder.services:
            message = f"{heir.name} extends {as_written(ref)}, which {os.path.basename(as_written(file))} does not hold"
        elif base.key in chain:
            message = f"`extends` goes round in a circle: {chained([*(name for _, name in chain), ref])}"
        if message:
            raise failure(message, ref)
        return base


class _Heir(NamedTuple):
    """The service `name` of those that `holder` has, which stand in `file`."""

    file: str
    name: str
    holder: Base

    @property
    def key(self) -> tuple[str, str]:
        return self.file, self.name

    def inherit(self, base: "_Heir", tally: Tally) -> None:
        """Merge the service over its base, which has inherited already."""
        found = base.holder.services[base.name]
        if found is None:
            return
        services, resets = self.holder
        own = (*resets.get(None, ()), *resets.get(self.name, ()))
        kept = reset({"services": {self.name: found}}, own).get("services", {}).get(self.name, {})
        merged = merge(kept, services[self.name], ("services", self.name))
        services[self.name] = _own(merged)
        tally.inherited(merged)


def _own(service: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in service.items() if key != "extends"}


def _reference(extends: Any, name: str) -> tuple[str, str | None]:
    if isinstance(extends, str):
        return extends, None
    ref = extends.get("service") if isinstance(extends, dict) else None
    file = extends.get("file") if isinstance(extends, dict) else None
    if not isinstance(ref, str) or not (file is None or isinstance(file, str)):
        raise Refused("must name a service", ("services", name, "extends"), extends)
    return ref, file
