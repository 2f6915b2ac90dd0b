"""Which of the services that serve a port is meant, and is a program inside meant at all?"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

from envfix.knowledge.images import FOR_PEOPLE, Image
from envfix.knowledge.names import words_of
from envfix.knowledge.words import SCREEN_WORDS
from envfix.patterns import regex
from envfix.project.ports import Endpoint
from envfix.resolver.beside import named_beside
from envfix.resolver.case import Case, Need, Scene, ask, keep
from envfix.resolver.evidence import has_external_twin
from envfix.resolver.named import SERVICE_WORDS, named_by, names_service
from envfix.resolver.protocol import foreign, is_for_drivers
from envfix.shown import as_written, shown_host

# So many networks of a service are written down for a person to copy.
_FEW_NETWORKS = 10
# Words with which a variable says that what it holds is called by programs.
_CALLED = SERVICE_WORDS | {"API", "BACKEND", "SERVER", "INTERNAL", "PRIVATE", "RPC", "GRPC", "UPSTREAM"}
# The one port of Caddy that serves nothing but its own API: https://caddyserver.com/docs/api
_CADDY_ADMIN = 2019
_SIGNED = frozenset({"s3", "azurite"})
# Parts of a cloud's emulator whose addresses go into no signed URL.
_NOT_STORED = frozenset(
    {"SQS", "SNS", "DYNAMODB", "DYNAMO", "KINESIS", "SES", "SSM", "LAMBDA", "SECRETSMANAGER", "QUEUE"}
)

# Kinds of images that emulate Amazon's queues.
_QUEUES = frozenset({"s3", "sqs"})
_QUEUE_PATH = regex(r"/(?:queue/)?\d{12}/[\w-]+(?:\.fifo)?$", re.ASCII)

_SOCKETS = frozenset({"ws", "wss"})
# Headless browsers, which programs drive over a socket (https://pptr.dev/api/puppeteer.connectoptions).
DRIVEN = frozenset({"browserless", "selenium"})
# Databases whose drivers speak over a socket: https://surrealdb.com/docs/sdk/javascript/core/create-a-new-connection
_OVER_SOCKETS = DRIVEN | {"surrealdb"}
# What connects to the address that it is given, and hands it to nobody: upstreams of a proxy, the origin of a tunnel.
_FORWARDING = frozenset({"proxy", "caddy", "envoy"})
# What is told by its command alone where to send on what comes in from outside.
_TOLD_BY_COMMAND = frozenset({"tunnel", "webhook-cli"})
_MOST_TOLD = 20  # services in one sentence
_TieBreak = Callable[[Scene, Case, list[Endpoint]], list[Endpoint]]
# Words that set a server apart from the one that is meant where nothing is said.
APART = frozenset({"TEST", "TESTS", "TESTING", "CI", "E2E", "SHADOW", "REPLICA", "SLAVE", "SECONDARY", "BACKUP"})


def one_of(scene: Scene, case: Case, candidates: list[Endpoint]) -> Need:
    """The decision among services that serve the address and can be reached."""
    best = candidates
    if len({endpoint.service for endpoint in best}) > 1:
        best = named_by(scene, case, best) or best
    if _targets(scene, best) > 1:
        best = _untied(scene, case, best)
    if _targets(scene, best) > 1:
        told = sorted({endpoint.service for endpoint in best})
        more = [f"{len(told) - _MOST_TOLD} more"] if len(told) > _MOST_TOLD else []
        names = " and ".join((*told[:_MOST_TOLD], *more))
        what = f"port {case.port.number}" if case.port.number else "what the name says"
        return ask(f"{names} serve {what} equally", tuple(best))
    doubt = _doubt(scene, case, best[0])
    if doubt and (own := own_url(scene, case, best[0])):
        return own
    if not doubt:
        return rewrite(scene, case, best[0], "")
    return ask(doubt, (best[0], *_named_instead(scene, case, best[0])))


def _targets(scene: Scene, candidates: list[Endpoint]) -> int:
    return len({(scene.topology.owner(endpoint.service), endpoint.container_port) for endpoint in candidates})


def _doubt(scene: Scene, case: Case, endpoint: Endpoint) -> str:
    """Why it may be a browser, or another program outside, that uses the address; "" where a program inside does."""
    image = scene.ports.image(endpoint.service)
    kind = image.kind if image else ""
    if foreign(scene, case, endpoint):
        return f"{endpoint.detail}, and the documentation of its image says nothing of {endpoint.container_port}"
    name = case.name or "it"
    if case.address.scheme is None and image is not None and is_for_drivers(image, endpoint):
        return ""
    if case.outside and not case.specific:
        return f"the env file calls it {case.outside}, which says outside, and {case.reader} {name}, which says inside"
    said_inside = _is_said_inside(scene, case, kind)
    if kind in _SIGNED and not (said_inside or _never_signed(case, endpoint, image)):
        return (
            f"{endpoint.service} is an object store: its address goes into signed URLs, which browsers open too, and "
            f"nothing says whether {name} is used so"
        )
    if case.programs_only or said_inside or _is_forwarded(scene, case) or _told_inside(scene, case, endpoint):
        return ""
    if case.address.scheme in _SOCKETS and kind in DRIVEN:
        return ""
    if scene.ports.waits_for(endpoint.service, case.reader) and not scene.ports.ends(case.reader):
        return f"{endpoint.service} itself depends on {case.reader}, as a front end does, so a browser may be meant"
    named = names_service(scene, case, endpoint.service) or _is_its_client(case, endpoint)
    if named and not _is_for_people(scene, case, endpoint, image):
        return ""
    what = f"serves port {case.port.number}" if case.port.number else "is what it may mean"
    for other in _named_instead(scene, case, endpoint):
        return f"{endpoint.service} {what}, but {name} names {other.service}, which listens on {other.container_port}"
    return f"{endpoint.service} {what}, but nothing says whether {name} is for a program inside or for a browser"


def _named_instead(scene: Scene, case: Case, endpoint: Endpoint) -> tuple[Endpoint, ...]:
    """The one service that the name means, where another serves the port: the port may be that of the time before."""
    if names_service(scene, case, endpoint.service) or case.port.number is None:
        return ()
    reaches, ports = scene.topology.reaches, scene.ports
    near = (one for one in scene.near(case.says.words) if one != endpoint.service and reaches(case.reader, one))
    named = list(islice((one for one in near if names_service(scene, case, one)), 2))
    port = ports.main_port(named[0]) if len(named) == 1 and not scene.topology.is_own(case.reader, named[0]) else 0
    return (Endpoint(named[0], port, None, "container", f"{named[0]} listens on {port}"),) if port else ()


def _is_said_inside(scene: Scene, case: Case, kind: str) -> bool:
    """Whether something beside the port says that a program inside uses the address."""
    if case.inside or case.comment == "inside" or _is_a_queue(case, kind):
        return True
    return has_external_twin(case.found.use.variable, scene.names, case.own_names)


def _is_for_people(scene: Scene, case: Case, endpoint: Endpoint, image: Image | None) -> bool:
    """Whether people may come to the address with a browser: the port shows pages, the name speaks of a screen, only
    browsers speak over such a socket, or the reader serves pages, into which the address may go."""
    kind, words = image.kind if image is not None else "", set(case.says.words)
    if image is not None and _shows_pages(image, endpoint.container_port):
        return True
    of_a_server = is_client_of(scene, case) and "CLIENT" not in words_of(endpoint.service)
    of_screen = SCREEN_WORDS & (words - ({"CLIENT"} if of_a_server else set()))
    if of_screen and not SERVICE_WORDS & words:
        return True
    return (case.address.scheme in _SOCKETS and kind not in _OVER_SOCKETS) or scene.ports.serves_pages(case.reader)


def _shows_pages(image: Image, port: int) -> bool:
    if image.kind == "caddy" and port == _CADDY_ADMIN:
        return False
    return image.kind in FOR_PEOPLE or "web" in image.speaks(port)


def own_url(scene: Scene, case: Case, endpoint: Endpoint) -> Need | None:
    """That it stays, where it is the URL of the application itself among what its worker is told, or that URL's host
    and port: the worker has the server's code in it, and needs them for the links in mails, as it has no request to
    take them from (https://guides.rubyonrails.org/action_mailer_basics.html#generating-urls-in-action-mailer-views). A
    name that says API or service may mean a call all the same."""
    link = case.address.scheme is not None or (case.port.origin == "address" and case.says.names_a_host)
    if not link or case.specific or not _CALLED.isdisjoint(case.says.words):
        return None
    if not scene.ports.is_one_program(case.reader, endpoint.service):
        return None
    what = "URL" if case.address.scheme is not None else "host"
    why = f"{case.reader} runs the program of {endpoint.service}: {case.name} is the {what} by which people know it"
    return keep("browser", why)


def _is_its_client(case: Case, endpoint: Endpoint) -> bool:
    """Whether the name is that of a client of this very server: `LEDGER_CLIENT_BASE_URL` beside a ledger-service,
    though a ledger-db and a ledger-cache bear the word too."""
    words, own = case.says.words, words_of(endpoint.service)
    if "CLIENT" not in words or "CLIENT" in own:
        return False
    return not set(words[: words.index("CLIENT")]).isdisjoint(own)


def _is_forwarded(scene: Scene, case: Case) -> bool:
    """Whether the reader is a stock proxy or tunnel that sends on to this address what it gets: told by its command, or
    as a host and a port without a scheme. (A site's URL among the variables of a proxy may go into its pages.)"""
    use, image = case.found.use, scene.ports.image(case.reader)
    if image is None or use.way != "interpolation":
        return False
    if image.kind in _TOLD_BY_COMMAND:
        return use.place[:1] == ("command",)
    return image.kind in _FORWARDING and case.address.scheme is None and case.port.number is not None


def _is_a_queue(case: Case, kind: str) -> bool:
    """Whether it is the URL of a queue, in an emulator of Amazon's: its path is the account and the queue's name, and
    only a client of that service sends there
    (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html)."""
    return kind in _QUEUES and case.address.path is not None and bool(_QUEUE_PATH.match(case.address.path))


def _told_inside(scene: Scene, case: Case, endpoint: Endpoint) -> bool:
    """Whether the variable has the name of a product, and `environment:` of another service gives it this server's
    name, which no browser knows. (`API_URL` may be meant otherwise for the next; so may all that a reader serves.)"""
    told = {service for service, _ in scene.literals.get(case.found.use.variable, ())}
    image, reader = scene.ports.image(endpoint.service), case.reader
    if told != {endpoint.service} or image is None or not any(word.upper() in case.says.words for word in image.words):
        return False
    return not (scene.ports.serves_pages(reader) or scene.ports.waits_for(endpoint.service, reader))


def is_client_of(scene: Scene, case: Case) -> bool:
    """Whether the name speaks of the client of a server, not of people's: `LEDGER_CLIENT_URL` beside a service ledger,
    or an address without a scheme, which no browser opens."""
    words = case.says.words
    if "CLIENT" not in words or case.says.browser.partition("_")[0] not in ("CLIENT", ""):
        return False
    before = frozenset(words[: words.index("CLIENT")])
    if before and case.says.browser not in ("", "CLIENT_URL"):
        return True  # what is meant for people begins with the word: `CLIENT_BASE_URL`
    served = scene.told.called(before, case.reader)
    return served or (case.address.scheme is None and case.address.dialect == "host-port")


def _never_signed(case: Case, endpoint: Endpoint, image: Image | None) -> bool:
    """Whether no browser could open a URL with this endpoint anyway: the store is not published, and the variable is
    a client library's `host:port`, or names this very store. Or it is a part of an emulator that signs nothing."""
    if _NOT_STORED & set(case.says.words):
        return True
    if endpoint.evidence == "published":
        return False
    own = {*words_of(endpoint.service), *(image.words if image else ())}
    return case.address.scheme is None or any(word.upper() in case.says.words for word in own - {"s3", "S3", "aws"})


def rewrite(scene: Scene, case: Case, endpoint: Endpoint, where: str) -> Need:
    """The reader needs the target's name; `where` is what in the compose file says so, if anything."""
    if scene.told.loopback_only(endpoint.service):
        why = (
            f"{endpoint.service} serves it on 127.0.0.1 alone, inside its own container, so nobody reaches it: "
            "let it listen on 0.0.0.0"
        )
        return keep("no-target", why)
    through = _through_listener(scene, endpoint)
    if isinstance(through, Need):
        return through
    if not scene.topology.names(case.reader, through.service):
        return ask(scene.topology.shadow(case.reader, through.service), (through,))
    reason = through.evidence
    if case.port.origin == "scheme":
        reason = "scheme"
    elif case.port.number is None:
        reason = "default" if where else "name"
    evidence = (through.detail, *((where,) if where else ()))
    return Need("rewrite", reason, f"it means {through.service}: {through.detail}", through, evidence=evidence)


def unreachable(scene: Scene, case: Case, endpoint: Endpoint) -> Need:
    """The target is there, and the reader has no way to it."""
    topology, reader = scene.topology, case.reader
    if topology.on_host(endpoint.service):
        number = endpoint.container_port or case.port.number
        way = f"host.docker.internal:{number}" if number else "host.docker.internal"
        why = (
            f"{endpoint.service} runs on the host's network, where no name reaches it: from {reader} it is {way}, with "
            f'`extra_hosts: ["host.docker.internal:host-gateway"]` for {topology.owner(reader)} on Linux'
        )
    else:
        why = f"{endpoint.service} serves it, but shares no network with {reader}{_to_share(scene, case, endpoint)}"
    return keep("unreachable", why, passive=True)


def _to_share(scene: Scene, case: Case, endpoint: Endpoint) -> str:
    """The line of the compose file by which the target joins a network of the reader: one of the project's own rather
    than one that others may be on too."""
    topology = scene.topology
    reader, target = (topology.services[topology.owner(name)] for name in (case.reader, endpoint.service))
    if not reader.networks or target.network_mode:
        return ""
    declared = topology.project.networks
    joined = min(reader.networks, key=lambda key: bool((declared.get(key) or {}).get("external")))
    told_more = isinstance(target.raw.get("networks"), dict) and any(target.raw["networks"].values())
    if told_more or len(target.networks) > _FEW_NETWORKS:
        return f"; for that, add `{as_written(joined)}: {{}}` under networks: of {target.name}"
    networks = ", ".join(map(as_written, (*target.networks, joined)))
    return f"; for that, write under {target.name}: `networks: [{networks}]`"


def _untied(scene: Scene, case: Case, tied: list[Endpoint]) -> list[Endpoint]:
    """What is left of the candidates: one where some evidence names it, else all; and all where the compose file tells
    the reader of servers of the kind in another way (`REDIS_SENTINELS`), which may be the one that it uses."""
    if _told_otherwise(scene, case):
        return tied
    for evidence in _TIE_BREAKS:
        left = evidence(scene, case, tied)
        if len({scene.topology.owner(one.service) for one in left}) == 1:
            return left
    return tied


def _depended_on(scene: Scene, case: Case, tied: list[Endpoint]) -> list[Endpoint]:
    """Those that the reader waits for by `depends_on`."""
    waits = scene.topology.services[case.reader].depends_on
    return [one for one in tied if one.service in waits]


def _told_otherwise(scene: Scene, case: Case) -> bool:
    own = scene.reading.own(scene.topology.services[case.reader])
    return own.names_a_service(case.says.words[:1], case.found.use.variable)


def _beside(scene: Scene, case: Case, tied: list[Endpoint]) -> list[Endpoint]:
    """The one that an env file beside this one names."""
    said = named_beside(scene, case)
    return [one for one in tied if said is not None and one.service == said.service]


def _database(scene: Scene, case: Case, tied: list[Endpoint]) -> list[Endpoint]:
    """Those that are told to create the database that the address names: `POSTGRES_DB`, `MYSQL_DATABASE`, ..."""
    wanted = case.address.path.strip("/").partition("/")[0]
    if not wanted:
        return []
    return [one for one in tied if wanted in scene.told.created(one.service)]


def _not_apart(scene: Scene, case: Case, tied: list[Endpoint]) -> list[Endpoint]:
    """Those that are not set apart by a word which the variable does not have (`db` beside `db-test`)."""
    apart = APART - set(case.says.words)
    return [one for one in tied if apart.isdisjoint(words_of(one.service))]


def _alike(scene: Scene, case: Case, tied: list[Endpoint]) -> list[Endpoint]:
    """Those that share most words with the variable, generic ones included."""
    said = set(case.says.words)
    shared = [len(said & set(words_of(one.service))) for one in tied]
    most = max(shared)
    return [one for one, count in zip(tied, shared, strict=True) if count == most > 0]


_TIE_BREAKS: tuple[_TieBreak, ...] = (_depended_on, _beside, _database, _alike, _not_apart)


def _through_listener(scene: Scene, endpoint: Endpoint) -> Endpoint | Need:
    """The target as its clients inside must name it; a question where no listener leads to it. What is no broker is
    returned as it is."""
    image = scene.ports.image(endpoint.service)
    if image is None or image.kind != "kafka":
        return endpoint
    listeners = scene.ports.advertised(endpoint.service)
    if not listeners:
        return endpoint
    inside = [one for one in listeners if scene.topology.bearer(one.host) == endpoint.service]
    if not inside:
        first = listeners[0]
        why = (
            f"{endpoint.service} advertises only {shown_host(first.host) or 'itself'}:{first.port} to its clients, so "
            f"no address helps until its advertised listener names {endpoint.service}"
        )
        return ask(why, (endpoint,))
    inner = {one.port for one in inside}
    if len(inner) > 1 and endpoint.container_port not in inner:
        choices = tuple(endpoint._replace(container_port=port) for port in sorted(inner))
        return ask(f"{endpoint.service} advertises several listeners inside", choices)
    port = endpoint.container_port if endpoint.container_port in inner else inside[0].port
    detail = f"{endpoint.service} advertises {shown_host(inside[0].host)}:{port} to clients inside"
    return endpoint._replace(container_port=port, detail=detail)
