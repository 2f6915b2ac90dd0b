"""What does each reader need this address to be, and what is decided for them all?"""

from collections.abc import Callable, Iterable

from envfix.addresses import find_addresses
from envfix.errors import EnvfixError
from envfix.knowledge.frameworks import SWITCHED
from envfix.knowledge.names import dialect_names, port_names, words_of
from envfix.named_tuples import NamedTuple
from envfix.project.ports import Endpoint
from envfix.project.topology import Topology
from envfix.project.uses import Found, Reading
from envfix.reasons import KEEP_ORDER, MEANINGS, WAYS, Decision, Reason, Way
from envfix.records import Reader, Readers
from envfix.resolver.beside import named_beside
from envfix.resolver.case import Case, Need, ReaderNeed, Scene, Sibling, Siblings, case_of, scene_of
from envfix.resolver.choose import APART, rewrite
from envfix.resolver.keep import stays
from envfix.resolver.named import ServicesByWord, names_service
from envfix.resolver.readers import (
    WHOLE,
    beside_the_whole,
    of_a_migration,
    of_a_stranger,
    of_a_test_run,
    of_a_web_server,
    of_another_driver,
)
from envfix.resolver.target import need_by_target
from envfix.shown import listed

_FEW = 3  # so many services that are alike are asked one by one
# What a run may compare, in steps of some microseconds: an answer counts for many, besides the services that it is
# chosen from; some dozens of services that share hundreds of addresses come to a fiftieth.
_MOST_STEPS, _STEPS_OF_ANSWER, _STEPS_OF_SERVER = 2_000_000, 60, 4

# What is said of a reader after all else, in turn.
_RULES = (beside_the_whole, of_a_test_run, of_a_migration, of_a_web_server, of_another_driver, of_a_stranger)


class _Meant:
    """The services that an address may be about."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._served: dict[str, int] = {}
        self._numbers: dict[tuple[object, ...], int] = {}
        self._beside: dict[tuple[str, str], frozenset[str]] = {}

    def singled_out(self, case: Case) -> frozenset[str]:
        """The services that something says the address is about, and those whose `environment:` says more of the
        variable."""
        scene, found = self.scene, case.found
        services = {service for service, _ in scene.literals.get(found.use.variable, ())}
        services.update(scene.topology.bearers(found.address.host))
        if case.default.named is not None:
            services.add(case.default.named.service)
            services.update(scene.topology.bearers(case.default.named.service))
        if found.use.entry is None:
            switched = SWITCHED[case.name].settings if case.name in SWITCHED else ()
            companions = (*port_names(case.name), *dialect_names(case.name), *WHOLE, *switched)
            services |= scene.reading.setting(case.name, companions)
        return frozenset(services)

    def servers(self, case: Case) -> frozenset[str]:
        """The services that a rule may come upon when it looks at this use: by what they serve, or by their names."""
        scene = self.scene
        services = {name for name in scene.near(case.says.words) if names_service(scene, case, name)}
        if case.port.number is not None:
            published, container = scene.ports.serving(case.port.number, case.address.host)
            services.update(one.service for one in (*published, *container))
        services.update(scene.ports.of_kinds(case.kinds | {case.family}))
        return frozenset(services)

    def crowds(self, case: Case, servers: Iterable[str]) -> list[list[str]]:
        """Of servers that no rule tells from each other all but the first two: to each of them the others are several
        and alike, so that what one of them says holds for all. The servers are of one class, in their order."""
        said, near = set(case.says.words), frozenset(self.scene.near(case.says.words))
        groups: dict[tuple[object, ...], list[str]] = {}
        for name in servers:
            named = name in near and names_service(self.scene, case, name)
            key = (self._serves(name), named, frozenset(said.intersection(words_of(name))))
            groups.setdefault(key, []).append(name)
        return [alike[2:] for alike in groups.values() if len(alike) > _FEW]

    def _serves(self, name: str) -> int:
        """One number for all services that serve the same, and are called nothing that sets one of them apart."""
        if name not in self._served:
            ports, told = self.scene.ports, self.scene.told
            serves = (
                ports.publications(name), tuple(ports.container_ports(name).items()), ports.serves(name),
                ports.advertised(name), tuple(told.created(name)), APART.intersection(words_of(name)),
                told.loopback_only(name),
            )  # fmt: skip
            self._served[name] = self._numbers.setdefault(serves, len(self._numbers))
        return self._served[name]

    def beside(self, found: Found) -> frozenset[str]:
        """The services that env files beside the judged one name in the same variable."""
        leaf, topology = found.host.leaf, self.scene.topology
        if leaf.binding < 0:
            return frozenset()
        key = leaf.path, self.scene.reading.documents[leaf.path].bindings[leaf.binding].name
        if key not in self._beside:
            values = (value for one in self.scene.siblings(leaf.path) for value in one.values.get(key[1], ()))
            there = (address for value in values if value for address in find_addresses(value, topology.names_known))
            self._beside[key] = frozenset(service for one in there for service in topology.bearers(one.host))
        return self._beside[key]


class _Beside:
    """The env files beside one, and whether a rule has asked for them."""

    def __init__(self, siblings: Siblings) -> None:
        self._siblings = siblings
        self.asked = False

    def of(self, path: str) -> tuple[Sibling, ...]:
        self.asked = True
        return self._siblings(path)


class Judge:
    """The rules over one reading of a project: first whether the address stays (`keep`), then who serves it
    (`target`). `comments` are the comment lines above the judged bindings, by file and number of the binding."""

    def __init__(self, reading: Reading, comments: dict[tuple[str, int], tuple[str, ...]], siblings: Siblings) -> None:
        self.reading = reading
        self.topology = reading.topology
        self.ports = reading.ports
        self._beside = _Beside(siblings)
        self.scene = scene_of(reading, comments, self._beside.of, ServicesByWord(self.ports).near)
        self._steps = 0
        self._meant = _Meant(self.scene)

    def needs(self, uses: Iterable[Found]) -> list[ReaderNeed]:
        """What the services of these uses of an address need it to be, in the order of the project."""
        rank = self.topology.rank
        return sorted(
            (need for found in uses for need in self._needs(found)), key=lambda one: rank[one.found.use.service]
        )

    def _needs(self, found: Found) -> list[ReaderNeed]:
        """One answer for all of a class, but for those that the address may be about, each of which is asked for
        itself."""
        case = case_of(self.scene, found)
        if len(found.use.services) == 1:
            return [ReaderNeed(found, self._need(case))]
        self._beside.asked = False
        singled_out = self._meant.singled_out(case)
        needs = self._answers(case, singled_out)
        if self._beside.asked:
            needs = self._answers(case, singled_out | self._meant.beside(found))
        return needs

    def _answers(self, case: Case, singled_out: frozenset[str]) -> list[ReaderNeed]:
        servers = self._meant.servers(case)
        self._count(_STEPS_OF_SERVER * len(servers))
        among = self.reading.classes.ranked((case.found.use.services.among & servers) - singled_out)
        crowds = self._meant.crowds(case, among) if len(among) > _FEW else []
        needs = []
        for part in self._parts(case.found, singled_out | servers, crowds):
            same = part.use.service == case.reader
            needs.append(ReaderNeed(part, self._need(case if same else case_of(self.scene, part))))
        return needs

    def each(self, needs: Iterable[ReaderNeed]) -> list[ReaderNeed]:
        """The same in the words of every single service, in the order of the project."""
        found: list[ReaderNeed] = []
        for one in needs:
            if len(one.found.use.services) == 1:
                found.append(one)
                continue
            for part in self._parts(one.found, one.found.use.services.among):
                found.append(ReaderNeed(part, self._need(case_of(self.scene, part))))
        rank = self.topology.rank
        return sorted(found, key=lambda one: rank[one.found.use.service])

    def apart(self, found: Found) -> list[Found]:
        """A use of a host by its name as that of the service that the name leads to, and of all others together: it
        leads there in each service of a class, whoever else bears it."""
        service = self.topology.leads_to(found.use.service, found.address.host)
        return self._parts(found, frozenset({service} if service is not None else ()))

    def _parts(self, found: Found, apart: frozenset[str], crowds: Iterable[Iterable[str]] = ()) -> list[Found]:
        parts = self.reading.classes.split(found.use.services, apart, crowds)
        if len(parts) > 1:
            self._count(len(parts) + len(found.use.services) // 4)
        return [found._replace(use=found.use._replace(services=part)) for part in parts] if len(parts) > 1 else [found]

    def _count(self, steps: int) -> None:
        self._steps += steps
        if self._steps > _MOST_STEPS:
            message = "its services and their addresses are too many to compare: choose compose files with -f"
            raise EnvfixError(message, path=self.topology.project.files[0])

    def _need(self, case: Case) -> Need:
        number = case.port.number
        choice = self.ports.of_kinds(case.kinds) if number is None else ()
        self._count(_STEPS_OF_ANSWER + len(choice) + (0 if number is None else self.ports.candidates(number)))
        need = stays(self.scene, case) or need_by_target(self.scene, case)
        need = self._as_beside(case, need)
        for rule in _RULES:
            need = rule(self.scene, case, need) or need
        return need

    def _as_beside(self, case: Case, need: Need) -> Need:
        """What is undecided, or nobody's, is decided by an env file beside this one that names the service; so is a
        wildcard that would else be taken for a place to listen on, which for the named service itself it is."""
        wildcard = need.reason == "bind" and case.address.kind == "wildcard" and not case.says.listens
        if need.verdict != "ask" and need.reason != "no-target" and not wildcard:
            return need
        said = named_beside(self.scene, case)
        if said is None:
            return need
        if self.topology.is_own(case.reader, said.service):
            return need._replace(passive=True) if wildcard else need
        return rewrite(self.scene, case, said, said.detail)


class Verdict(NamedTuple):
    """The settled decision: `target` for a rewrite, `choices` for an ask, `lead` the use whose dialect it is written
    in."""

    decision: Decision
    reason: Reason
    why: str
    lead: Found | None
    target: Endpoint | None = None
    choices: tuple[Endpoint, ...] = ()


Each = Callable[[Iterable[ReaderNeed]], list[ReaderNeed]]
# For these a reader needs the address as it is, whatever another one may need: what that is, is no question then.
_SURE_TO_STAY = frozenset({"browser", "bind", "host-network"})


def settle(reader_needs: list[ReaderNeed], topology: Topology, each: Each) -> Verdict:
    """One decision for all readers of an address; readers that disagree make it an ask. `each` tells what those of a
    class need in the words of every single one."""
    rewrites = [one for one in reader_needs if one.need.verdict == "rewrite"]
    asks = [one for one in reader_needs if one.need.verdict == "ask"]
    asks = [one for one in asks if not (_is_part_of(one, rewrites) or _is_the_target(one, rewrites, topology))]
    keeps = [one for one in reader_needs if one.need.verdict == "keep"]
    objecting = [one for one in keeps if _objects(one)]
    certain = bool(objecting) and not rewrites and all(one.need.reason in _SURE_TO_STAY for one in objecting)
    if asks and not certain:
        return _ask([*asks, *rewrites], asks[0].need.reason, asks[0].need.why, topology)
    if rewrites:
        return _rewrite(rewrites, objecting, topology, each)
    read = [one for one in keeps if one.need.reason != "unread"]
    first = min(read or keeps, key=lambda one: KEEP_ORDER.index(one.need.reason))
    return Verdict("keep", first.need.reason, first.need.why, first.found)


def _is_part_of(undecided: ReaderNeed, rewrites: list[ReaderNeed]) -> bool:
    """Whether the use is a bare host whose whole is decided: `DB_URL=postgres://${DB_HOST}/x` says what DB_HOST is for,
    which the reader gets by itself as well. It does not hold the whole up, unless it means another server."""
    choices = {choice.service for choice in undecided.need.choices}
    if undecided.found.address.scheme or undecided.need.reason != "ambiguous":
        return False
    return any(
        whole.found.address.scheme
        and whole.found.host.leaf == undecided.found.host.leaf
        and whole.need.target is not None
        and (not choices or whole.need.target.service in choices)
        for whole in rewrites
    )


def _is_the_target(undecided: ReaderNeed, rewrites: list[ReaderNeed], topology: Topology) -> bool:
    """Whether the readers that are decided all mean the very service that is not: it gets their env file with them, and
    need not tell which other server it would mean by its own address."""
    if undecided.found.use.way != "env_file" or not rewrites:
        return False
    meant = {topology.owner(_target(one).service) for one in rewrites}
    return meant == {topology.owner(service) for service in undecided.found.use.services}


def _objects(reader_need: ReaderNeed) -> bool:
    """Whether the reader would lose something by a change. The target itself, which gets the file with everyone else,
    would not; it would where `environment:` gives it the address by which browsers know it."""
    return MEANINGS[reader_need.need.reason].objects and not reader_need.need.passive


def _rewrite(rewrites: list[ReaderNeed], objecting: list[ReaderNeed], topology: Topology, each: Each) -> Verdict:
    lead, targets = rewrites[0], [_target(one) for one in rewrites]
    target, readers = targets[0], [one.found.use.service for one in rewrites]
    agreed = not objecting and len({(topology.owner(one.service), one.container_port) for one in targets}) == 1
    host = topology.common_name(readers, target.service) if agreed else None
    if host is None:
        return _ask(rewrites, "conflict", _disagreement(rewrites, each(objecting), topology), topology)
    return Verdict("rewrite", lead.need.reason, lead.need.why, lead.found, target._replace(host=host))


def _target(reader_need: ReaderNeed) -> Endpoint:
    assert reader_need.need.target is not None
    return reader_need.need.target


def host_for(topology: Topology, reader: str, service: str) -> str:
    """What the reader must call the service; the service's own name where no name is sure, or nobody reads."""
    if service not in topology.services:
        return service
    name = topology.host_for([reader], service) if reader in topology.services else None
    return name or topology.owner(service)


def _disagreement(rewrites: list[ReaderNeed], objecting: list[ReaderNeed], topology: Topology) -> str:
    wants: dict[str, str] = {}
    for reader_need in rewrites:
        target = _target(reader_need)
        for reader in reader_need.found.use.services:
            need = f"{reader} needs {host_for(topology, reader, target.service)}:{target.container_port}"
            wants.setdefault(need, reader)
    ranked = sorted(wants, key=lambda need: topology.rank[wants[need]])
    stays = [f"{reader_need.found.use.service} needs it as it is ({reader_need.need.why})" for reader_need in objecting]
    return listed(list(dict.fromkeys((*ranked, *stays))), "; ")


def _ask(reader_needs: list[ReaderNeed], reason: Reason, why: str, topology: Topology) -> Verdict:
    """The choices with the name that serves all who want one; where none does, one choice for each reader's name."""
    wanted: dict[tuple[str, int], tuple[Endpoint, list[str]]] = {}
    for reader_need in reader_needs:
        for endpoint in (*((reader_need.need.target,) if reader_need.need.target else ()), *reader_need.need.choices):
            key = (endpoint.service, endpoint.container_port)
            wanted.setdefault(key, (endpoint, []))[1].append(reader_need.found.use.service)
    choices: dict[tuple[str, int], Endpoint] = {}
    for endpoint, readers in wanted.values():
        common = topology.host_for(readers, endpoint.service)
        for host in [common] if common else [host_for(topology, reader, endpoint.service) for reader in readers]:
            choices.setdefault((host, endpoint.container_port), endpoint._replace(host=host))
    return Verdict("ask", reason, why, reader_needs[0].found, choices=tuple(choices.values()))


def readers_of(reader_needs: Iterable[ReaderNeed], reading: Reading) -> Readers:
    """The active readers, one entry each with its strongest way, sorted by service."""
    active = [one.found for one in reader_needs if reading.topology.active(one.found.use.service)]
    ways = [(WAYS.index(way), found, way) for found in active if (way := _way(found)) is not None]
    ranked = sorted(ways, key=lambda one: one[0])
    return reading.classes.readers([(found.use.services, _reader(found, way)) for _, found, way in ranked])


def _way(found: Found) -> Way | None:
    way = found.use.way
    if way == "interpolation" and found.host.leaf.binding < 0 and not found.host.via:
        return "environment"  # it stands in the compose file as it is
    return None if way == "infrastructure" or way == "unread" else way


def _reader(found: Found, way: Way) -> Reader:
    """The reader with the place of a compose file that hands it the value, where there is one."""
    entry = found.use.entry
    if entry is None:
        return Reader(found.use.service, way)
    through = f"${{{found.host.via}}}" if found.host.via else ""
    return Reader(found.use.service, way, entry.origin.path, entry.origin.line, through)
