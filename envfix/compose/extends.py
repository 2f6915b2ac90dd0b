"""What a service inherits (`extends`): compose-go's loader/extends.go."""

import os
from collections.abc import Callable
from typing import Any, NamedTuple

from envfix.compose.discovery import is_remote
from envfix.compose.merge import Refused, Resets, merge, reset
from envfix.compose.nodes import Findings, origin_of
from envfix.errors import EnvfixError

# How far a chain of heirs is followed.
_MAX_CHAIN = 150


class Base(NamedTuple):
    """The services of a file that heirs name, paths already absolute."""

    services: dict[str, Any]
    resets: Resets


class Heirs:
    """Resolves `extends` in the services of one file. `load` reads another file; `directory` is what its name is
    relative to."""

    def __init__(self, file: str, directory: str, findings: Findings, load: Callable[[str], Base]) -> None:
        self.file = file
        self.directory = directory
        self.findings = findings
        self.load = load

    def apply(self, services: dict[str, Any], resets: Resets) -> dict[str, Any]:
        """The services with what they inherit, `extends` gone. `resets` are the document's own."""
        if not any(isinstance(service, dict) and "extends" in service for service in services.values()):
            return services
        done = dict(services)
        for name in services:
            done[name] = self._resolve(name, done, self.file, resets, ())
        return done

    def _resolve(
        self, name: str, services: dict[str, Any], file: str, resets: Resets, chain: tuple[tuple[str, str], ...]
    ) -> Any:
        """One service of `services`, which `file` holds; `chain` are the heirs that led here."""
        service = services[name]
        if service is not None and not isinstance(service, dict):
            raise Refused("must be a mapping", ("services", name), service)
        if service is None or "extends" not in service:
            return service
        ref, named = _reference(service["extends"], name)
        inherited = Base(services, resets)
        if named is not None and is_remote(named):
            self.findings.warn(f"{named} is remote and not fetched: {name} is read without it", file)
            return _own(service)
        if named is not None:
            file = os.path.normpath(os.path.join(self.directory, named))
            base = self.load(file)
            inherited = base._replace(services=dict(base.services))
        step = (file, name)
        _check(ref, inherited.services, chain, step)
        found = self._resolve(ref, inherited.services, file, inherited.resets, (*chain, step))
        if found is None:
            return service
        found = reset({"services": {name: found}}, resets).get("services", {}).get(name, {})
        services[name] = _own(merge(found, service, ("services", name)))
        return services[name]


def _own(service: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in service.items() if key != "extends"}


def _check(ref: str, services: dict[str, Any], chain: tuple[tuple[str, str], ...], step: tuple[str, str]) -> None:
    """Refuse a base that is not there, and a heir that leads back to itself."""
    file, name = step
    message = ""
    if ref not in services:
        message = f"{name} extends {ref}, which {os.path.basename(file)} does not hold"
    elif step in chain or len(chain) >= _MAX_CHAIN:
        message = f"`extends` goes round in a circle: {' -> '.join(service for _, service in (*chain, step))}"
    if message:
        origin = origin_of(ref)
        raise EnvfixError(message, path=origin.path if origin else file, line=origin.line if origin else None)


def _reference(extends: Any, name: str) -> tuple[str, str | None]:
    if isinstance(extends, str):
        return extends, None
    ref = extends.get("service") if isinstance(extends, dict) else None
    file = extends.get("file") if isinstance(extends, dict) else None
    if not isinstance(ref, str) or not (file is None or isinstance(file, str)):
        raise Refused("must name a service", ("services", name, "extends"), extends)
    return ref, file
