"""When does an address stay, whoever serves it? The rules for one reader in the order of `envfix.reasons`; what is no
destination for anyone; and why a binding has no reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from envfix.compose.model import EnvEntry, Service
from envfix.interpolation import variables
from envfix.knowledge.names import name_says
from envfix.knowledge.schemes import NO_DESTINATION, scheme_of
from envfix.knowledge.words import OWN_URL_NAMES
from envfix.patterns import regex
from envfix.project.topology import HOST_GATEWAY
from envfix.project.uses import Reading
from envfix.resolver.case import Case, Need, Scene, ask, keep
from envfix.resolver.choose import DRIVEN, is_client_of
from envfix.resolver.evidence import has_internal_twin, has_token_twin
from envfix.resolver.places import Place
from envfix.shown import as_written, enumerated, listed

# `endsession` ends a login, and a browser is sent there: https://openid.net/specs/openid-connect-rpinitiated-1_0.html
_BROWSER_PATH = regex(r"/(callback|oauth2?/|auth/callback|redirect|login|logout|signin|end_?session\b)", re.IGNORECASE)
# Words that make even a server's host a name for outside: `SMTP_DOMAIN` is what a mail server calls itself, and nothing
# that names a domain, an origin or a cookie is connected to.
_NEVER_A_SERVER = frozenset(
    {"DOMAIN", "DOMAINS", "COOKIE", "CORS", "ORIGIN", "ORIGINS", "RPID", "RP_ID", "PUBLIC", "EXTERNAL", "BROWSER"}
)
_TOLD_CAUSES, _MOST_CAUSES, _MOST_ASKED = 3, 20, 100
_NOBODY = "no service reads it: it is for programs on the host"


def stays(scene: Scene, case: Case) -> Need | None:
    """Why the address stays for this reader, None if none of the rules holds."""
    return _bind(scene, case) or _host_network(scene, case) or _browser(scene, case) or _default(case)


def _bind(scene: Scene, case: Case) -> Need | None:
    says, scheme = case.says, scheme_of(case.address.scheme)
    if says.listens:
        if asked := _advertised_to_clients(scene, case):
            return asked
        return keep("bind", f"{case.name} is an address to listen on, or to be known by")
    if case.default.named is not None:
        return None
    wildcard = case.address.kind == "wildcard"
    if case.address.dialect == "host-port" and case.address.whole and says.words and says.words[-1] == "PORT":
        return keep("bind", f"{case.name} holds a host and a port, as what a server listens on")
    if scheme is None and (listening := _listening(scene, case, wildcard=wildcard)):
        also = "" if listening == case.reader else f"gets {case.name} as well, and "
        return keep("bind", f"{listening} {also}is told by {'it' if also else case.name} where to listen")
    if scheme is None and not case.specific and (listener := scene.listened.get(case.found.use.variable)):
        return keep(
            "bind", f"{listener} is told by {case.found.use.variable} where to listen: environment: sets it there"
        )
    if says.bind and not (case.specific and _may_be_there(scene, case)) and (scheme is None or wildcard):
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


def _may_be_there(scene: Scene, case: Case) -> bool:
    """Whether the server that the name says may be at the port: without one it may, else somebody has to serve it.
    `PROMETHEUS_HTTP_PORT=2112` is where a Prometheus at 9090 calls, not where it is called."""
    return case.port.number is None or any(scene.ports.serving(case.port.number, case.address.host))


def _is_own(scene: Scene, case: Case) -> bool:
    """Whether the reader is the very product that the name says: `OLLAMA_HOST=0.0.0.0` of Ollama."""
    image = scene.ports.image(case.reader)
    return image is not None and any(word.upper() in case.says.words for word in image.words)


def _host_network(scene: Scene, case: Case) -> Need | None:
    reader, number = case.reader, case.port.number or 0
    if scene.topology.on_host(reader):
        why = f"{reader} runs on the host's network, where localhost is right"
        if discarded := scene.ports.discarded(number):
            service, port = discarded
            why += f"; but there ports: is discarded, and {service} listens on {port}"
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
    if _is_authorization_endpoint(scene, case):
        return keep("browser", f"{name} has a token endpoint beside it, so it is where browsers are sent to log in")
    if has_internal_twin(name, scene.names, case.own_names):
        return keep("browser", f"{name} has a twin for inside, so it is the public one")
    if case.comment == "browser":
        return keep("browser", f"a comment about {name} says that it is used from outside")
    return None


def _is_authorization_endpoint(scene: Scene, case: Case) -> bool:
    """Whether it is the one of an authorization server's endpoints that browsers are sent to. Two servers called auth
    and token are told apart by their addresses, which have no path."""
    leaf = case.found.host.leaf
    if case.family != "http" or leaf.binding < 0 or case.address.path in ("", "/"):
        return False
    return has_token_twin(case.name, scene.reading.names_as_words(leaf.path))


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


def _advertised_to_clients(scene: Scene, case: Case) -> Need | None:
    """A question where a broker tells its clients loopback alone, and services of the project are its clients: each of
    them is sent to itself, and whoever runs on the machine needs it as it is. Two listeners serve both."""
    image, broker = scene.ports.image(case.reader), case.reader
    if image is None or image.kind != "kafka" or case.address.kind != "loopback":
        return None
    bears = scene.topology.bearer
    if any(bears(one.host) == broker for one in scene.ports.advertised(broker)):
        return None
    clients = scene.told.clients(broker)
    if not clients:
        return None
    port = next((one.port for one in scene.ports.advertised(broker)), case.port.number or 0)
    why = (
        f"{broker} tells its clients {case.address.host}, so {listed(clients)} inside is sent back to itself; "
        f"programs on the machine need it: give {broker} two listeners, such as PLAINTEXT://{broker}:29092 for "
        f"containers and PLAINTEXT_HOST://{case.address.host}:{port} for the machine"
    )
    return ask(why)


def no_destination(place: Place) -> Need | None:
    """Why the place is nothing to connect to, whoever reads it; None if it may be."""
    address, name = place.own, place.binding.name
    says, scheme = name_says(name), scheme_of(address.scheme)
    if address.refusal:
        return keep("not-an-address", f"it is no destination: {address.refusal}")
    if address.scheme in NO_DESTINATION:
        return keep("not-an-address", f"{address.scheme}: names no host to connect to")
    if says.listing and (scheme is None or scheme.kind == "http"):
        return keep("not-an-address", f"{name} is a list or a name ({says.listing}), no address to connect to")
    if address.dialect == "host" and says.is_a_name and not says.names_a_host:
        return keep("not-an-address", f"{name} holds a name, no host")
    return None


def unread(reading: Reading, place: Place) -> Need:
    """Why no reader counts: the value lands elsewhere, only bystanders receive it, or nobody."""
    if reading.infrastructure.get((place.path, place.number)):
        return keep("infrastructure", "it lands only where no connection is opened from it")
    cause = _unread_cause(reading, place.path, place.number)
    bystanders = sorted({service for found in place.found for service in found.use.services})
    if bystanders:
        cause = "; ".join(filter(None, (f"only {listed(bystanders)} receive it, and do not use it", cause)))
    return keep("unread", cause or _NOBODY)


def _unread_cause(reading: Reading, path: str, number: int) -> str:
    """The same file sets the variable again below; or each service that receives the file sets it in its `environment:`
    or gets it from a file that wins, which is told of the first few; "" where nobody gets it."""
    document = reading.documents[path]
    binding = document.bindings[number]
    last = reading.texts.last[path].get(binding.name, number)
    if last != number:
        return f"line {document.bindings[last].line} sets {binding.name} again, so this line is not read"
    causes = tuple(dict.fromkeys(islice(_set_again(reading, path, binding.name), _MOST_CAUSES)))
    return "; ".join(causes[:_TOLD_CAUSES]) + ("; and so on" if len(causes) > _TOLD_CAUSES else "")


def _set_again(reading: Reading, path: str, name: str) -> Iterator[str]:
    setters: dict[tuple[str, int], tuple[EnvEntry, list[Service]]] = {}  # an anchor's line is that of many services
    others: list[Service] = []
    for service in reading.receiving(path)[:_MOST_ASKED]:
        entry = reading.own(service).entry(name)
        if entry is None:
            others.append(service)
        else:
            setters.setdefault((entry.origin.path, entry.origin.line), (entry, []))[1].append(service)
    for entry, setting in setters.values():
        yield _by_environment(reading, setting, entry, path)
    for service in others:
        if name in reading.to_come(service):
            awaited = reading.to_come(service)[name]
            file, template = reading.in_project(awaited), reading.in_project(reading.awaited[awaited].path)
            yield f"{file}, which wins for {service.name} and is not there yet, will set {name} as {template} does"
            continue
        winner = _winner(reading, service, name)
        if winner is not None and winner != path:
            file = reading.in_project(winner)
            yield f"{file}, which wins for {service.name}, sets {name} again, so this line is not read"
    for context in reading.project.contexts:
        if path in context.env_files and context.sources.get(name, path) != path:
            file = reading.in_project(context.sources[name])
            yield f"{file}, which is read later, sets {name} again, so this line is not read"


def _by_environment(reading: Reading, services: list[Service], entry: EnvEntry, path: str) -> str:
    origin = f"{reading.in_project(entry.origin.path)}:{entry.origin.line}"
    whose = enumerated([service.name for service in services], _TOLD_CAUSES)
    whose += ":" if len(services) > 1 else "'s"
    said = f"{whose} environment: sets {as_written(entry.name)} again ({origin}), so this line is not read"
    names = variables(entry.template or "")
    context = reading.project.contexts[entry.context]
    fed = [name for name in names if reading.texts.source(entry.context, name) != path]
    if entry.template is None or not fed:
        return said
    source = reading.texts.source(entry.context, fed[0])
    if source is not None:
        where = reading.in_project(source)
    elif fed[0] in context.shell:
        where = "the shell"
    else:
        where = "the project's .env or the shell"
    return f"{said}: ${{{fed[0]}}} there comes from {where}, not from this file"


def _winner(reading: Reading, service: Service, name: str) -> str | None:
    """The file from which the service gets the variable."""
    if service.env_files and name in reading.handed(service):
        return reading.handed(service)[name][0]
    shown = reading.shown.get(service.name, ())
    return next((one.path for one in shown if name in reading.texts.last[one.path]), None)
