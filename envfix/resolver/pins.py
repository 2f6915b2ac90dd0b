"""What did the user say of an address, in a comment above it or in the configuration?

A comment counts on a line of its own, right above the binding that it is about.
"""

from __future__ import annotations

from envfix.envfile import Binding
from envfix.project.ports import Endpoint
from envfix.project.uses import Found, Reading
from envfix.resolver.places import Place
from envfix.resolver.verdict import Verdict
from envfix.settings import Settings, check_service, inline

_BY_COMMENT = "the comment above says so"


def pinned(reading: Reading, place: Place, settings: Settings, lead: Found | None) -> Verdict | None:
    """What the user said of this place: in the comment above it, which wins, or in the configuration. Raises an
    EnvfixError for a comment that names no service of the project."""
    document, binding = reading.documents[place.path], place.binding
    services = reading.topology.services
    pin = inline(binding.comments, path=document.path, line=binding.line, services=services)
    if pin is not None:
        if pin.service is None:
            return Verdict("keep", "pinned", _BY_COMMENT, lead)
        check_service(pin.service, services, path=document.path, line=pin.line)
        return _pinned_to(pin.service, pin.port or 0, _BY_COMMENT, lead)
    if settings.keeps(binding.name):
        return Verdict("keep", "pinned", "the configuration says so (keep)", lead)
    target = settings.mapped(binding.name, _written(place))
    return _pinned_to(*target, "the configuration says so (map)", lead) if target is not None else None


def _pinned_to(service: str, port: int, why: str, lead: Found | None) -> Verdict:
    return Verdict("rewrite", "pinned", why, lead, Endpoint(service, port, None, "pinned", why))


def pinned_to_stay(binding: Binding, settings: Settings, path: str) -> str:
    """Why the user wants the binding to stay as it is, "" where nothing says so."""
    pin = inline(binding.comments, path=path, line=binding.line)
    if pin is not None:
        return _BY_COMMENT if pin.keep else ""
    return "the configuration says so (keep)" if settings.keeps(binding.name) else ""


def _written(place: Place) -> str:
    """The address as a person writes it: `host` or `host:port`."""
    return place.own.host if place.own.port is None else f"{place.own.host}:{place.own.port}"
