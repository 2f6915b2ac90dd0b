"""What do the rules look at, and what do they answer? One use of an address in one service, with everything that is
known of it, and what the service needs the address to be."""

from collections.abc import Callable

from envfix.addresses import Address
from envfix.knowledge.images import FOR_PEOPLE
from envfix.knowledge.names import NameSays, dialect_names, kinds_named, name_says, port_names, words_of
from envfix.knowledge.schemes import scheme_of
from envfix.named_tuples import NamedTuple
from envfix.numerals import port_number
from envfix.project.ports import Endpoint, Ports
from envfix.project.provenance import Leaf, Text
from envfix.project.topology import Topology
from envfix.project.uses import Found, Reading, key_of
from envfix.reasons import Decision, Reason
from envfix.resolver.evidence import (
    Defaults,
    DefaultTexts,
    NamesAsWords,
    TwinNames,
    comment_says,
    default_of,
    has_inside_alternative,
    is_for_outside,
    listened,
    literals,
    outside_alternatives,
)
from envfix.resolver.told import Told

# Dialects in which only a driver is told where to connect: no browser can be meant.
_DRIVERS = frozenset({"libpq", "ado", "go-dsn", "php-dsn", "tns"})
_LONGEST_USERINFO = 1000
SQL = frozenset({"postgres", "mysql", "mssql", "oracle", "cockroach"})


class KnownPort(NamedTuple):
    """The port of an address, and how it is known: `origin` is "address" (it stands there), "sibling" (a variable
    beside it, its `text` and `name`), "scheme" (the scheme's own) or "name" (unknown: only the name can tell)."""

    number: int | None
    origin: str
    text: Text | None = None
    name: str = ""


class Case(NamedTuple):
    """One use of an address. `family` is the kind of server that its scheme speaks to ("" unknown); `specific`: scheme
    or name say for sure which product is meant; `programs_only`: no browser can use it; `kinds` the products that the
    name, or a setting beside it, comes down to; `comment` what the lines above say of who uses it.

    `own_names` are the names of the binding, in the env file and in the container, as words; `outside` the one of the
    env file that says outside where the container's does not; `inside`: one of them says inside. `receivers` are all
    uses of the value."""

    found: Found
    reader: str
    name: str
    says: NameSays
    port: KnownPort
    family: str
    specific: bool
    programs_only: bool
    kinds: frozenset[str]
    default: Defaults
    comment: str
    outside: str
    inside: bool
    receivers: tuple[Found, ...]
    own_names: NamesAsWords

    @property
    def address(self) -> Address:
        """The address itself, as the container gets it."""
        return self.found.address


class Sibling(NamedTuple):
    """An env file beside a judged one: for each name all values that it gives, none left out, in order."""

    path: str
    values: dict[str, list[str]]


class ServiceBeside(NamedTuple):
    """A service that a sibling file names for the variable, with the port that it gives it, if any."""

    service: str
    port: int | None
    path: str


Siblings = Callable[[str], tuple[Sibling, ...]]
Near = Callable[[tuple[str, ...]], list[str]]


class Scene(NamedTuple):
    """What every case of a project is seen against: the reading; what services are told by literals, and which of them
    are told by which variable where to listen (`listened`); the names that may be twins; the comments above the judged
    bindings; the env files beside one (`siblings`), and the services that words may name (`near`).

    What the rules find out on the way is kept for the next case: who can answer at a port in a protocol (`fitting`),
    what a service's own command and variables say (`told`), what the compose files' templates give without a variable
    (`defaults`), whom the env files beside a judged one name (`beside`), and where the whole connections lead that a
    service is given (`led`)."""

    reading: Reading
    topology: Topology
    ports: Ports
    literals: dict[str, set[tuple[str, int | None]]]
    listened: dict[str, str]
    names: TwinNames
    comments: dict[tuple[str, int], tuple[str, ...]]
    siblings: Siblings
    near: Near
    fitting: dict[tuple[object, ...], tuple[list[Endpoint], list[Endpoint]]]
    told: Told
    defaults: DefaultTexts
    beside: dict[tuple[str, str, str], ServiceBeside | None]
    led: dict[tuple[str, int], frozenset[str | None]]


def scene_of(
    reading: Reading, comments: dict[tuple[str, int], tuple[str, ...]], siblings: Siblings, near: Near
) -> Scene:
    """The scene of a reading, with the comments above bindings by file and number of the binding; `siblings` gives the
    env files beside the one at a path, `near` the services that words may name."""
    return Scene(
        reading,
        reading.topology,
        reading.ports,
        literals(reading),
        listened(reading),
        TwinNames(reading),
        comments,
        siblings,
        near,
        {},
        Told(reading.ports),
        DefaultTexts(reading),
        {},
        {},
    )


def case_of(scene: Scene, found: Found) -> Case:
    """Everything that the rules look at, for one use."""
    name = found.use.variable or _written_name(scene.reading, found)
    says = name_says(name, _own_words(scene.ports, found.use.service))
    written = {_written_name(scene.reading, found), found.host.via} - {name, ""}
    scheme = scheme_of(found.address.scheme)
    family = scheme.kind if scheme is not None else ""
    kinds = _kinds(scene, found, says, written)
    by_name = bool(kinds - FOR_PEOPLE) and family == "" and found.address.scheme not in ("tcp", "udp", "tls", "ssl")
    driver = found.address.dialect in _DRIVERS or bool(found.address.scheme and scheme is None)
    specific = by_name or family not in ("", "http", "grpc")
    leaf = found.host.leaf
    return Case(
        found=found,
        reader=found.use.service,
        name=name,
        says=says,
        port=port_of(scene.reading, found),
        family=family,
        specific=specific,
        programs_only=specific or driver or family == "grpc" or says.server_only or _has_password(found),
        kinds=kinds,
        default=default_of(scene.defaults, found),
        comment=_comment(scene, found),
        outside=next((other for other in sorted(written) if is_for_outside(other)), ""),
        inside=says.internal or any(name_says(other).internal for other in written),
        receivers=tuple(scene.reading.by_leaf.get(key_of(leaf), ())),
        own_names=frozenset(words_of(other) for other in (name, *written)),
    )


def _comment(scene: Scene, found: Found) -> str:
    """What the lines about the binding say of who uses it: those above it, and its own alternatives in comments."""
    leaf = found.host.leaf
    if leaf.binding < 0:
        return ""
    document = scene.reading.documents[leaf.path]
    name = document.bindings[leaf.binding].name
    if name in outside_alternatives(document.text):
        return "browser"
    said = comment_says(scene.comments.get((leaf.path, leaf.binding), ()))
    if not said and has_inside_alternative(document.text, name, scene.topology.names_known):
        return "inside"
    return said


def _has_password(found: Found) -> bool:
    """Whether a URL has a user and a password before its host, which nobody shows to a browser (RFC 9110, 4.2.4)."""
    text, start = found.use.text.value, found.address.start
    userinfo = text[max(0, start - _LONGEST_USERINFO) : start].rpartition("//")[2]
    return found.address.dialect == "url" and userinfo.endswith("@") and ":" in userinfo


def _written_name(reading: Reading, found: Found) -> str:
    leaf = found.host.leaf
    return reading.documents[leaf.path].bindings[leaf.binding].name if leaf.binding >= 0 else ""


def _own_words(ports: Ports, service: str) -> frozenset[str]:
    """The words by which variables name the reader itself: `PMA_HOST` of phpMyAdmin is no host of phpMyAdmin's."""
    image = ports.image(service)
    return frozenset(word.upper() for word in image.words) if image is not None else frozenset()


def _kinds(scene: Scene, found: Found, says: NameSays, written: set[str]) -> frozenset[str]:
    """The products that may be meant: those of the name, narrowed by a setting beside it (`DB_CONNECTION=pgsql`); where
    the container's name says none, the product that the env file's does."""
    image = scene.ports.image(found.use.service)
    others = (name_says(other, _own_words(scene.ports, found.use.service)) for other in sorted(written))
    kinds = says.kinds or next((other.kinds for other in others if other.exact), frozenset())
    kinds = kinds or (frozenset(image.uses) if image is not None else frozenset())
    if not kinds and found.address.dialect in _DRIVERS:
        kinds = SQL
    if len(kinds) > 1:
        for name in dialect_names(found.use.variable):
            text = _beside(scene.reading, found, name)
            told = kinds_named(text.value) & kinds if text is not None else frozenset()
            if told:
                return told
    return kinds


def _beside(reading: Reading, found: Found, name: str) -> Text | None:
    service = reading.topology.services.get(found.use.service)
    return reading.container_variable(service, name) if service is not None else None


def port_of(reading: Reading, found: Found) -> KnownPort:
    """The port that a connection through this address goes to, and how that is known."""
    address = found.address
    if address.port is not None:
        return KnownPort(address.port, "address")
    scheme = scheme_of(address.scheme)
    if scheme is None or address.dialect in ("host", "host-port") or (scheme.kind == "http" and not address.path):
        for name in port_names(found.use.variable):
            text = _beside(reading, found, name)
            number = port_number(text.value.strip()) if text is not None else None
            if number is not None:
                return KnownPort(number, "sibling", text, name)
        beside = _port_by_written_names(reading, found)
        if beside is not None:
            return beside
    if scheme is not None and scheme.port is not None:
        return KnownPort(scheme.port, "scheme")
    return KnownPort(None, "name")


def told_port(scene: Scene, case: Case) -> str:
    """The port of an address for a sentence, such as "port 5433" (see `port_in_words`)."""
    number, text, address = case.port.number, case.port.text, case.found.address
    if case.port.origin == "address" and address.port_start is not None and address.port_end is not None:
        run = case.found.use.text.locate(address.port_start, address.port_end)
    elif text is not None:
        blanks = len(text.value) - len(text.value.lstrip())
        run = text.locate(blanks, blanks + len(text.value.strip()))
    else:
        return f"port {number}"
    if run is None:
        return "its port"
    return f"port {port_in_words(scene.reading, case.found.host.leaf, run.leaf, number)}"


def port_in_words(reading: Reading, host: Leaf, port: Leaf, number: int | None) -> str:
    """What a sentence says of a port, whose digits stand at a leaf: its number where they stand with the host, or in a
    variable that is called a port; else the variable that `${}` fills in, which could hold anything."""
    name = reading.documents[port.path].bindings[port.binding].name if port.binding >= 0 else ""
    shown = not name or port._replace(offset=host.offset) == host or "PORT" in words_of(name)
    return str(number) if shown else f"${{{name}}}"


def _port_by_written_names(reading: Reading, found: Found) -> KnownPort | None:
    """The port of a pair that the env file alone names as one (`DB_HOST` and `DB_PORT`), where the container knows the
    two by names of its own: `POSTGRES_SEEDS: ${DB_HOST}` beside `DB_PORT: ${DB_PORT}`."""
    written = _written_name(reading, found)
    service = reading.topology.services.get(found.use.service)
    if service is None or written in ("", found.use.variable):
        return None
    beside = reading.own(service).port_of(port_names(written))
    return None if beside is None else KnownPort(beside.number, "sibling", beside.text, beside.name)


_MOST_CHOICES = 20


class Need(NamedTuple):
    """`verdict` is "rewrite", "keep" or "ask"; `reason` a code of `envfix.reasons`; `why` one sentence; `target` the
    service for a rewrite; `choices` what comes into question for an ask; `evidence` further facts. `passive`: the
    service receives the value and loses nothing by a change."""

    verdict: Decision
    reason: Reason
    why: str
    target: Endpoint | None = None
    choices: tuple[Endpoint, ...] = ()
    evidence: tuple[str, ...] = ()
    passive: bool = False


class ReaderNeed(NamedTuple):
    """What one reader says, or all services of a class with one voice: `need` is then in the words of the first."""

    found: Found
    need: Need


def keep(reason: Reason, why: str, *, passive: bool = False) -> Need:
    """The address stays as it is."""
    return Need("keep", reason, why, passive=passive)


def ask(why: str, choices: tuple[Endpoint, ...] = ()) -> Need:
    """A person has to say: several targets, or evidence that is too thin. Of very many choices the first are given."""
    return Need("ask", "ambiguous", why, choices=choices[:_MOST_CHOICES])
