"""Who serves this address, as far as this reader can reach? Published ports come before container ports."""

from __future__ import annotations

from itertools import islice

from envfix.knowledge.names import words_of
from envfix.knowledge.schemes import scheme_of
from envfix.knowledge.words import DATABASES
from envfix.project.namespaces import BRIDGE
from envfix.project.ports import Endpoint
from envfix.resolver.case import Case, Need, Scene, ask, keep, told_port
from envfix.resolver.choose import APART, one_of, own_url, rewrite, unreachable
from envfix.resolver.evidence import Named
from envfix.resolver.named import is_meant, names_service
from envfix.resolver.protocol import documented, protocol_of, speaks
from envfix.shown import as_written


def need_by_target(scene: Scene, case: Case) -> Need:
    """What the address must become for the reader to reach whoever serves it."""
    topology, reader = scene.topology, case.reader
    number = case.port.number
    cut_off = topology.mode(reader) not in ("", BRIDGE)
    if cut_off and (number is None or not scene.ports.listens(reader, number)):
        mode = topology.services[topology.owner(reader)].network_mode
        return keep("unreachable", f"{reader} has no network of the project (network_mode: {as_written(mode)})")
    named = _named(scene, case)
    if number is None:
        return _without_port(scene, case, named)
    published, container = _fitting(scene, case, number)
    owner_of, owner = topology.owner, topology.owner(reader)
    own = [endpoint for endpoint in (*published, *container) if owner_of(endpoint.service) == owner]
    others = [endpoint for endpoint in published if owner_of(endpoint.service) != owner]
    inside = [endpoint for endpoint in container if owner_of(endpoint.service) != owner]
    if named is not None and not topology.is_own(reader, named.service):
        return _confirmed(scene, case, named, [*others, *inside])
    there, there_inside = _there_meanwhile(scene, case, others), _there_meanwhile(scene, case, inside)
    if not (own or there or there_inside) and (late := [*others, *inside]):
        return _before_it_starts(case, late[0])
    return _matched(scene, case, own, there, there_inside)


def _named(scene: Scene, case: Case) -> Named | None:
    """The service that the compose file's own words name for this value: its default here, or what it tells another
    service, unless a browser may be the one that this reader has it for."""
    if case.default.named is not None:
        return None if _is_another_product(scene, case, case.default.named.service) else case.default.named
    use = case.found.use
    if use.way == "interpolation" and case.found.host.via == "":
        return None
    told = scene.literals.get(use.variable, set()) if case.programs_only else set()
    if len(told) == 1:
        service, port = next(iter(told))
        if service != use.service:
            return Named(service, port, f"another service is told {use.variable} with the host")
    return None


def _is_another_product(scene: Scene, case: Case, service: str) -> bool:
    """Whether a setting beside the variable says another product than the service runs (`DB_CONNECTION=mysql` where the
    default names a PostgreSQL): whoever changes the product changes the host with it."""
    image = scene.ports.image(service)
    narrowed = not case.says.exact and case.family == "" and len(case.kinds) == 1 and len(case.says.kinds) > 1
    return image is not None and narrowed and case.kinds.isdisjoint(image.families)


def _fitting(scene: Scene, case: Case, port: int) -> tuple[list[Endpoint], list[Endpoint]]:
    """The services that serve the port and can answer the protocol; those that are up before those of a profile. The
    same for all cases of which `speaks` says the same, since hundreds of services may serve one port."""
    published, container = scene.ports.serving(port, case.address.host)
    key = (port, id(published), protocol_of(case))  # which stays
    if key not in scene.fitting:
        fits = [endpoint for endpoint in published if speaks(scene, case, endpoint)]
        found = {endpoint.service for endpoint in fits}
        inside = [endpoint for endpoint in container if endpoint.service not in found and speaks(scene, case, endpoint)]
        scene.fitting[key] = scene.ports.up_first(fits), scene.ports.up_first(inside)
    return scene.fitting[key]


def _confirmed(scene: Scene, case: Case, named: Named, candidates: list[Endpoint]) -> Need:
    """A decision where the compose file names the service: the port must fit what it serves."""
    match = next((endpoint for endpoint in candidates if endpoint.service == named.service), None)
    match = match or _as_named(scene, case, named)
    if match is not None:
        if not scene.topology.reaches(case.reader, match.service):
            return unreachable(scene, case, match)
        return rewrite(scene, case, match, named.where)
    if named.service not in scene.topology.services:
        return keep("no-target", f"nothing in the project serves {told_port(scene, case)}")
    if (told := _told_whole(scene, case, named)) is not None:
        return rewrite(scene, case, told, named.where)
    main = named.port or min(scene.ports.container_ports(named.service), default=0)
    choices = (Endpoint(named.service, main, None, "container", named.where),) if main else ()
    return ask(f"{named.where}, which does not serve {told_port(scene, case)}", choices)


def _told_whole(scene: Scene, case: Case, named: Named) -> Endpoint | None:
    """The target of the compose file's defaults for this reader's whole address, host and port, where it is one for a
    driver and nobody in the project serves the port that stands here: that is another machine's or another compose
    file's, and the reader has a default of its own for life among these services."""
    if named is not case.default.named or not case.specific:
        return None
    port = named.port or scene.defaults.port(case.found.use, case.port.name)
    if port is None:
        return None
    if any(scene.ports.serving(case.port.number or 0, case.address.host)):
        return None
    if not scene.topology.reaches(case.reader, named.service):
        return None
    known = scene.ports.container_ports(named.service)
    if known and port not in known:
        return None
    return Endpoint(named.service, port, None, "container", f"{named.where}:{port}")


def _as_named(scene: Scene, case: Case, named: Named) -> Endpoint | None:
    """The target by the compose file's words alone, where nothing else shows that it serves the port."""
    number = case.port.number
    assumed = case.port.origin in ("scheme", "name")
    if named.port is not None and (number == named.port or assumed):
        return Endpoint(named.service, named.port, None, "container", f"{named.where}:{named.port}")
    scheme = scheme_of(case.address.scheme)
    usual = scheme is not None and number == scheme.port
    if named.port is None and number is not None and (usual or number in scene.ports.container_ports(named.service)):
        return Endpoint(named.service, number, None, "container", named.where)
    return None


def _matched(scene: Scene, case: Case, own: list[Endpoint], published: list[Endpoint], inside: list[Endpoint]) -> Need:
    """A decision by ports: the reader's own, then what others publish, then what they listen on inside."""
    if published:
        reachable = _reachable(scene, case, published)
        if not reachable:
            return unreachable(scene, case, published[0])
        if own and not is_meant(scene, case, reachable):
            why = f"{case.port.number} is the own port of {case.reader}, and {reachable[0].service} publishes it too"
            return own_url(scene, case, reachable[0]) or ask(why, tuple(reachable))
        apart = _set_apart(scene, case, reachable, _reachable(scene, case, inside))
        if apart:
            return ask(apart[0].detail, (*apart, *reachable))
        return one_of(scene, case, reachable)
    if own and not _better_inside(scene, case, own, inside):
        return _self(scene, case, own[0])
    reachable = _reachable(scene, case, inside)
    if reachable:
        return one_of(scene, case, reachable)
    if inside:
        return unreachable(scene, case, inside[0])
    return _by_documentation(scene, case) or _not_known_to_serve(scene, case) or keep("no-target", _nobody(scene, case))


def _set_apart(scene: Scene, case: Case, published: list[Endpoint], inside: list[Endpoint]) -> list[Endpoint]:
    """The servers that the variable's own word sets apart (`TEST_DB_HOST`, db-test) and that publish nothing, where the
    published port leads to one without that word: whoever runs its tests on that one may lose its data."""
    words = APART & set(case.says.words)
    if not words or any(not words.isdisjoint(words_of(one.service)) for one in published):
        return []
    return [
        one._replace(detail=f"{published[0].detail}, and {one.service} is the one that {case.name} speaks of")
        for one in inside
        if not words.isdisjoint(words_of(one.service)) and not scene.ports.published(one.service)
    ]


def _not_known_to_serve(scene: Scene, case: Case) -> Need | None:
    """A question where nobody is known to serve the port, and one service may be meant all the same: the one that the
    variable names and of which no port is known, or the one server of the product that only a driver can mean."""
    number = case.port.number or 0
    fits = [
        Endpoint(name, number, None, "container", f"{name} is named by {case.name}, and nothing says where it listens")
        for name in scene.near(case.says.words)
        if scene.ports.may_listen_anywhere(name) and names_service(scene, case, name)
    ]
    reachable = scene.ports.up_first(_reachable(scene, case, fits if case.family in ("", "http", "grpc") else []))
    if len({one.service for one in reachable}) == 1:
        told = _told_its_port(scene, case, reachable[0])
        return rewrite(scene, case, told, "") if told is not None else ask(reachable[0].detail, tuple(reachable))
    kinds = frozenset({case.family}) if case.family not in ("", "http", "grpc") else frozenset()
    if case.specific and case.port.origin == "sibling":
        kinds = kinds or case.kinds
    what = case.family or "such"
    servers = [
        Endpoint(name, port, None, "container", f"{name} is the one {what} server of the project")
        for name in scene.ports.of_kinds(kinds)
        if (port := scene.ports.main_port(name)) and kinds & DATABASES
        if case.family or not case.says.exact or names_service(scene, case, name)
    ]
    alone = _reachable(scene, case, servers)
    if len(servers) == 1 and alone:
        return ask(f"nothing in the project serves {told_port(scene, case)}, but {alone[0].detail}", (alone[0],))
    return None


def _told_its_port(scene: Scene, case: Case, endpoint: Endpoint) -> Endpoint | None:
    """The service at the port of which nothing else is known, where it gets the very variable of that port: servers and
    their clients that share an env file agree by it (`LEDGER_HOST` with `LEDGER_PORT`, and a service ledger;
    https://12factor.net/port-binding). A name that is the reader's as well may hold the host to listen on."""
    name = case.port.name
    if case.address.scheme is not None or case.port.origin != "sibling" or names_service(scene, case, case.reader):
        return None
    if scene.topology.services[endpoint.service].environment.get(name) != str(case.port.number):
        return None
    return endpoint._replace(detail=f"{endpoint.service} gets {name} as well, and nothing else says where it listens")


def _by_documentation(scene: Scene, case: Case) -> Need | None:
    """Where the published port leads to one that speaks another protocol: the port of the same service that speaks the
    address's."""
    published, _ = scene.ports.serving(case.port.number or 0, case.address.host)
    others = [one for one in published if not speaks(scene, case, one)]
    meant = _reachable(scene, case, documented(scene, case, others))
    if not meant:
        return None
    if len(meant) == 1 and case.family:
        return one_of(scene, case, meant)
    return ask(meant[0].detail, tuple(meant))


def _nobody(scene: Scene, case: Case) -> str:
    """That nothing serves the port, and what `ports:` says of it all the same."""
    published, _ = scene.ports.serving(case.port.number or 0, case.address.host)
    if not published:
        return f"nothing in the project serves {told_port(scene, case)}{_elsewhere(scene, case)}"
    return f"{published[0].detail}, and its image speaks another protocol there"


def _elsewhere(scene: Scene, case: Case) -> str:
    """Where the one service that the variable's name means listens instead: the port that stands here may be that of
    another compose file."""
    reachable = (name for name in scene.near(case.says.words) if scene.topology.reaches(case.reader, name))
    named = list(islice((name for name in reachable if names_service(scene, case, name)), 2))
    port = scene.ports.main_port(named[0]) if len(named) == 1 else 0
    if not port or scene.topology.is_own(case.reader, named[0]):
        return ""
    return f"; {named[0]}, which {case.name} names, listens on {port}"


def _better_inside(scene: Scene, case: Case, own: list[Endpoint], inside: list[Endpoint]) -> bool:
    """Whether the product that scheme or name say is another service, though the reader's own port is the same."""
    if any(endpoint.evidence == "published" for endpoint in own) or not case.specific:
        return False
    return any(is_meant(scene, case, [endpoint]) for endpoint in _reachable(scene, case, inside))


def _reachable(scene: Scene, case: Case, candidates: list[Endpoint]) -> list[Endpoint]:
    return [endpoint for endpoint in candidates if scene.topology.reaches(case.reader, endpoint.service)]


def _self(scene: Scene, case: Case, endpoint: Endpoint) -> Need:
    """The reader's own port; one that it only publishes leads to it from outside, and to nobody from inside."""
    passive = _is_passive(case)
    number = case.port.number
    if number is not None and not scene.ports.listens(case.reader, number):
        why = (
            f"{number} is {endpoint.service}'s own port on the machine alone: inside its container a connection to it "
            f"is refused, its server listens on {endpoint.container_port} there"
        )
        inside = case.says.internal or case.comment == "inside"
        return ask(why, (endpoint,)) if inside else keep("self", why, passive=passive)
    return keep("self", f"it is {case.reader}'s own port ({endpoint.detail})", passive=passive)


def _there_meanwhile(scene: Scene, case: Case, candidates: list[Endpoint]) -> list[Endpoint]:
    """Those that may run while the reader does."""
    if not scene.ports.ends(case.reader):
        return candidates
    return [one for one in candidates if not scene.ports.starts_after(one.service, case.reader)]


def _before_it_starts(case: Case, late: Endpoint) -> Need:
    """What a job calls of a server that waits for it to end runs in the job's own container, such as the server's
    program itself, for the time of a set-up."""
    why = f"{late.service} starts only when {case.reader} has ended: a server in {case.reader}'s own container is meant"
    return keep("self", why, passive=_is_passive(case))


def _is_passive(case: Case) -> bool:
    return case.programs_only or case.found.use.way in ("env_file", "mount", "image", "configured")


def _without_port(scene: Scene, case: Case, named: Named | None) -> Need:
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
    there = _there_meanwhile(scene, case, served_by)
    if served_by and not there:
        return _before_it_starts(case, served_by[0])
    reachable = ports.up_first([one for one in there if topology.reaches(case.reader, one.service)])
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
            for name in scene.near(case.says.words)
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
