"""When does an address stay, whoever serves it? The rules in the order of `envfix.reasons`."""

from __future__ import annotations

import re

from envfix.knowledge.schemes import scheme_of
from envfix.knowledge.words import OWN_URL_NAMES
from envfix.patterns import regex
from envfix.project.topology import HOST_GATEWAY
from envfix.resolver.case import Case, Scene
from envfix.resolver.choose import DRIVEN, is_client_of
from envfix.resolver.kafka import advertised_to_clients
from envfix.resolver.needs import Need, keep
from envfix.resolver.twins import has_internal_twin

_BROWSER_PATH = regex(r"/(callback|oauth2?/|auth/callback|redirect|login|logout|signin)", re.IGNORECASE)
# Words that make even a server's host a name for outside: `SMTP_DOMAIN` is what a mail server calls itself, and nothing
# that names a domain, an origin or a cookie is connected to.
_NEVER_A_SERVER = frozenset(
    {"DOMAIN", "DOMAINS", "COOKIE", "CORS", "ORIGIN", "ORIGINS", "RPID", "RP_ID", "PUBLIC", "EXTERNAL", "BROWSER"}
)


def stays(scene: Scene, case: Case) -> Need | None:
    """Why the address stays for this reader, None if none of the rules holds."""
    return _bind(scene, case) or _host_network(scene, case) or _browser(scene, case) or _default(case)


def _bind(scene: Scene, case: Case) -> Need | None:
    says, scheme = case.says, scheme_of(case.address.scheme)
    if says.listens:
        if asked := advertised_to_clients(scene, case):
            return asked
        return keep("bind", f"{case.name} is an address to listen on, or to be known by")
    if case.default.named is not None:
        return None
    wildcard = case.address.kind == "wildcard"
    if case.address.dialect == "host-port" and case.address.whole and says.words and says.words[-1] == "PORT":
        return keep("bind", f"{case.name} holds a host and a port, as what a server listens on")
    if scheme is None and (listening := _listening(scene, case, wildcard=wildcard)):
        return keep("bind", f"{listening} gets {case.name} as well, and is told by it where to listen")
    if says.bind and not case.specific and (scheme is None or wildcard):
        return keep("bind", f"{case.name or says.bind} is an address to listen on")
    if wildcard and scheme is None and (_is_own(scene, case) or not (case.specific or says.internal)):
        return keep("bind", f"{case.address.host} without a server's name is an address to listen on")
    return None


def _listening(scene: Scene, case: Case, *, wildcard: bool) -> str:
    """The service whose own listen address this is, "" where it is none's: the stock server whose documentation says so
    of the variable, and for `0.0.0.0` with a port any server that gets it and listens there."""
    image = scene.ports.image(case.reader)
    if image is not None and case.found.use.variable in image.listens:
        return case.reader
    number = case.port.number
    if not wildcard or number is None or case.port.origin != "address":
        return ""
    listening = {name for name, _ in scene.ports.by_container.get(number, ())}
    receiving = (name for one in case.receivers for name in one.use.services if name in listening)
    return next(iter(scene.reading.classes.ranked(receiving)), "")


def _is_own(scene: Scene, case: Case) -> bool:
    """Whether the reader is the very product that the name says: `OLLAMA_HOST=0.0.0.0` of Ollama."""
    image = scene.ports.image(case.reader)
    return image is not None and any(word.upper() in case.says.words for word in image.words)


def _host_network(scene: Scene, case: Case) -> Need | None:
    reader, number = case.reader, case.port.number or 0
    if scene.topology.on_host(reader):
        why = f"{reader} runs on the host's network, where localhost is right"
        for one in scene.ports.discarded(number)[:1]:
            why += f"; but there ports: is discarded, and {one.service} listens on {one.container_port}"
        return keep("host-network", why)
    if case.address.host.lower() == "localhost" and scene.topology.answer(reader, "localhost").where == HOST_GATEWAY:
        published, _ = scene.ports.serving(number)
        if published and not scene.topology.is_own(reader, published[0].service):
            return keep("host-network", f"extra_hosts leads {reader}'s localhost to the machine: {published[0].detail}")
    return None


def _browser(scene: Scene, case: Case) -> Need | None:
    says, address, name = case.says, case.address, case.name
    if case.family == "turn":
        return keep("browser", "pages are told the servers by which WebRTC finds its way (RFC 7064, RFC 7065)")
    if _is_a_drivers(case):
        return None
    if case.inside:
        return None
    if says.prefix:
        return keep("browser", f"{says.prefix} puts {name} into the page that browsers load")
    if case.default.named is not None or says.server_only:
        return None
    if name.upper() in OWN_URL_NAMES and case.family == "http":
        return keep("browser", f"{name} is the URL by which the application itself is known outside")
    if says.browser and not (is_client_of(scene, case) or _is_driven(scene, case)):
        return keep("browser", f"{name} ({says.browser}) is for browsers or other programs outside the project")
    if case.outside:
        return keep("browser", f"the env file calls it {case.outside}, which says that it is for outside")
    if address.path and _BROWSER_PATH.search(address.path):
        return keep("browser", f"the path of {name or address.host} is one that a browser is sent to")
    if has_internal_twin(name, scene.names, case.own_names):
        return keep("browser", f"{name} has a twin for inside, so it is the public one")
    if case.comment == "browser":
        return keep("browser", f"a comment about {name} says that it is used from outside")
    return None


def _is_driven(scene: Scene, case: Case) -> bool:
    """Whether the browser that the name speaks of is a server of the project: a headless one, which programs drive."""
    served, _ = scene.ports.serving(case.port.number or 0, case.address.host)
    images = [scene.ports.image(one.service) for one in served]
    return case.says.browser == "BROWSER" and any(one is not None and one.kind in DRIVEN for one in images)


def _is_a_drivers(case: Case) -> bool:
    """Whether only a driver can use the address: it has a scheme that no browser knows, or it is a bare host of a known
    product whose name says nothing of outside."""
    if case.address.scheme or not case.specific:
        return case.family != "http" and case.programs_only
    return not (case.says.prefix or case.says.browser in _NEVER_A_SERVER)


def _default(case: Case) -> Need | None:
    if case.default.loopback and not (case.specific or case.says.internal):
        return keep("default", f"the compose file's own default for {case.reader} is a loopback address")
    return None
