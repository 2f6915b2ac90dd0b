"""What is decided before any reader is asked: what the user pinned, what is no address, what nobody reads."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from envfix.envfile import Binding
from envfix.knowledge.names import name_says
from envfix.knowledge.schemes import NO_DESTINATION, scheme_of
from envfix.project.ports import Endpoint
from envfix.project.uses import Found, Reading
from envfix.resolver.places import Place
from envfix.resolver.unread import unread_cause
from envfix.resolver.verdict import Verdict
from envfix.settings import Settings, check_service, inline
from envfix.source import Code

_BY_COMMENT = "the comment above says so"


class Scope(NamedTuple):
    """What is judged: the documents by the path that the project knows them by, and whether host.docker.internal is to
    be repaired too; `code` is what the source of the services says, None where it is not asked, `explained` names the
    variables (shell patterns) of which it is shown whatever is decided."""

    paths: Sequence[str]
    settings: Settings
    host_gateway: bool = False
    code: Code | None = None
    explained: tuple[str, ...] = ()

    def explains(self, name: str) -> bool:
        """Whether the variable is one of those to be explained."""
        return any(fnmatchcase(name, pattern) for pattern in self.explained)


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
        return _to(pin.service, pin.port or 0, _BY_COMMENT, lead)
    if settings.keeps(binding.name):
        return Verdict("keep", "pinned", "the configuration says so (keep)", lead)
    target = settings.mapped(binding.name, shown(place))
    return _to(*target, "the configuration says so (map)", lead) if target is not None else None


def _to(service: str, port: int, why: str, lead: Found | None) -> Verdict:
    return Verdict("rewrite", "pinned", why, lead, Endpoint(service, port, None, "pinned", why))


def pinned_to_stay(binding: Binding, settings: Settings, path: str) -> str:
    """Why the user wants the binding to stay as it is, "" where nothing says so."""
    pin = inline(binding.comments, path=path, line=binding.line)
    if pin is not None:
        return _BY_COMMENT if pin.keep else ""
    return "the configuration says so (keep)" if settings.keeps(binding.name) else ""


def shown(place: Place) -> str:
    """The address as a person writes it: `host` or `host:port`."""
    return place.own.host if place.own.port is None else f"{place.own.host}:{place.own.port}"


def refusal(place: Place) -> str:
    """Why the place is no destination, whoever reads it; "" if it may be one."""
    address, name = place.own, place.binding.name
    if address.refusal:
        return f"it is no destination: {address.refusal}"
    if address.scheme in NO_DESTINATION:
        return f"{address.scheme}: names no host to connect to"
    says, scheme = name_says(name), scheme_of(address.scheme)
    if says.listing and (scheme is None or scheme.kind == "http"):
        return f"{name} is a list or a name ({says.listing}), no address to connect to"
    if address.dialect == "host" and says.is_a_name and not says.names_a_host:
        return f"{name} holds a name, no host"
    return ""


def unread(reading: Reading, place: Place, lead: Found | None) -> Verdict:
    """Why no reader counts: the value lands elsewhere, only bystanders receive it, or nobody."""
    if reading.infrastructure.get((place.path, place.number)):
        return Verdict("keep", "infrastructure", "it lands only where no connection is opened from it", lead)
    bystanders = sorted({service for found in place.found for service in found.use.services})
    if bystanders:
        return Verdict("keep", "unread", f"only {', '.join(bystanders)} receive it, and do not use it", lead)
    return Verdict("keep", "unread", unread_cause(reading, place.path, place.number), lead)
