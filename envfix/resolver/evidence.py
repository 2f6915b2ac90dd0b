"""What else speaks for or against a rewrite: the compose file's defaults, what other services are told, comments, and
the names of the variable and of those beside it.

A twin is another binding: the same name with a word for inside or outside in it. The two names of one binding, that in
the env file and that in the container, are none of each other.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import islice

from envfix.addresses import Address, find_addresses
from envfix.interpolation import defaults, variables
from envfix.knowledge.names import name_says, words_of
from envfix.knowledge.words import INTERNAL_WORDS, OUTSIDE_WORDS
from envfix.named_tuples import NamedTuple
from envfix.numerals import port_number
from envfix.patterns import regex
from envfix.project.provenance import EMPTY, Text, without
from envfix.project.uses import Found, Reading, Use

# Comments are in lower case when they are asked. What any of the three finds holds one of these words.
_TELLING = (
    "browser", "facing", "public", "redirect", "outside", "external", "android", "ios", "phone", "ipad", "mobile",
    "device", "emulator", "expo go", "simulator", "docker", "container", "compose", "internal", "server",
)  # fmt: skip
_PUBLIC_COMMENT = regex(
    r"\b(browsers?|user[- ]facing|publicly|redirect(s|ed)?|from (the )?outside|(public|external)(ly)?[- ]"
    r"(facing|accessible|reachable|visible|access|url|uri|address|host|hostname|domain|endpoint|use))\b",
)
# What runs beside the project, on a phone or in its emulator, reaches it by the address of the machine in its network
# (https://developer.android.com/studio/run/emulator-networking).
_DEVICE_COMMENT = regex(
    r"\b(android|ios|iphone|ipad|phones?|mobile( app| device| client)?s?|physical devices?|(android |ios )?emulators?"
    r"|expo go|simulators?)\b",
)
_ALTERNATIVE = regex(
    r"^[ \t]*#[# \t]*(?:export\s+)?(?P<name>[^\s=#]+)\s*=[^\n]*?"
    r"(?:10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+)",
    re.MULTILINE,
)
_COMMENTED_OUT = regex(r"^[ \t]*#[# \t]*(?:export\s+)?(?P<name>[^\s=#]+)[ \t]*=(?P<value>[^\n]*)", re.MULTILINE)
_INSIDE_COMMENT = regex(
    r"\b(inside|within|from) (the )?(docker|container|compose)"
    r"|\b(in|for|when using) (docker|compose)\b.{0,40}\b(use|set|change|host)"
    r"|\binternal(ly)?\b|\bserver[- ]side\b",
)
# Lines that say nothing of the binding below them: banners (`=== Public API ===`) and bindings that are commented out.
_RULES = frozenset("-=#*~_+")
_BINDING = regex(r"(export\s+)?[A-Za-z_][\w.-]*\s*=")


class Named(NamedTuple):
    """A service that the compose file itself names for this value, with the port that it gives it; `said` is how, as a
    sentence that the service ends."""

    service: str
    port: int | None
    said: str

    @property
    def where(self) -> str:
        """What in the compose file says so."""
        return f"{self.said} {self.service}"


class Defaults(NamedTuple):
    """What the compose file's default for a value says: a service, loopback, or neither."""

    named: Named | None
    loopback: bool


class DefaultTexts:
    """What templates of the compose files give where a variable is unset, and the addresses in it. Each is put together
    once: a value may hold thousands of addresses, all with one default."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._known: dict[tuple[str, int, str], tuple[str, tuple[Address, ...]]] = {}
        self._ports: dict[tuple[str, str, int], int | None] = {}

    def of(self, template: str, context: int, name: str) -> tuple[str, tuple[Address, ...]]:
        """The text of the template without the variable, "" where it has no default for it; and its addresses."""
        key = (template, context, name)
        if key not in self._known:
            text = without(template, name, lambda other: self.reading.texts.variable(context, other)) or ""
            there = find_addresses(text, self.reading.topology.names_known) if text else ()
            self._known[key] = text, tuple(address for address in there if not address.refusal)
        return self._known[key]

    def port(self, use: Use, name: str) -> int | None:
        """The port that the compose file's default gives the variable `name` of the reader beside this one."""
        if use.way != "interpolation":
            return None
        key = use.service, name, use.context
        if key not in self._ports:
            self._ports[key] = _default_port(self.reading, *key)
        return self._ports[key]


def default_of(texts: DefaultTexts, found: Found) -> Defaults:
    """The compose file's own words for this place: the template of the use with its env file's variable unset."""
    use, reading = found.use, texts.reading
    template = use.entry.template if use.entry is not None else None
    if template is None or not found.host.via:
        return Defaults(None, False)
    text, there = texts.of(template, use.context, found.host.via)
    if not text:
        return Defaults(None, False)
    topology = reading.topology
    if not there:
        service = topology.leads_to(use.service, text.strip())
        return Defaults(Named(service, None, _words(use)) if service else None, False)
    same = there[min(_position(reading, found), len(there) - 1)]
    if same.kind == "name":
        service = topology.leads_to(use.service, same.host)
        return Defaults(Named(service, same.port, _words(use)) if service else None, False)
    return Defaults(None, same.kind == "loopback")


_MOST_FED = 20  # variables from which a port is put together, each of which is tried; there is one


def _default_port(reading: Reading, service: str, name: str, context: int) -> int | None:
    entry = reading.own(reading.topology.services[service]).entry(name)
    if entry is None or entry.template is None:
        return None
    template = entry.template
    fed = dict.fromkeys(one for one, operator in defaults(template) if operator in (":-", "-"))
    tried = islice(fed, _MOST_FED)
    texts = (without(template, one, lambda other: reading.texts.variable(context, other)) for one in tried)
    return next((port for text in texts if text and (port := port_number(text.strip()))), None)


def _words(use: Use) -> str:
    return f"the compose file's default for {use.service} says"


def _position(reading: Reading, found: Found) -> int:
    before, start = reading.addresses(found.use.text), found.address.start
    index = bisect_left(before, start, key=lambda address: address.start)
    return index if index < len(before) and before[index].start == start else 0


def literals(reading: Reading) -> dict[str, set[tuple[str, int | None]]]:
    """For each variable that some service's `environment` sets by a literal that names a service: that service and
    port. What one service is told of a variable speaks for the others."""
    topology = reading.topology
    found: dict[str, set[tuple[str, int | None]]] = {}
    for members in reading.by_entries:
        service = topology.services[members[0]]
        for entry in service.entries if topology.active(service.name) else ():
            if entry.template is None or not entry.value or entry.name in _TOO_COMMON:
                continue
            text = reading.texts.entry(entry) or EMPTY
            for address in reading.hosts.of(text):
                if address.kind == "name" and not address.refusal and _is_written_there(text, address):
                    target = topology.leads_to(service.name, address.host)
                    if target is not None and (target != service.name or len(members) > 1):
                        found.setdefault(entry.name, set()).add((target, address.port))
    return found


def listened(reading: Reading) -> dict[str, str]:
    """For each variable that some service's `environment` sets by a literal to every interface (`0.0.0.0:8090`): that
    service. It is told by it where to listen (INADDR_ANY, RFC 1122, 3.2.1.3: no destination)."""
    topology = reading.topology
    found: dict[str, str] = {}
    for members in reading.by_entries:
        service = topology.services[members[0]]
        for entry in service.entries if topology.active(service.name) else ():
            if not entry.value or entry.name in _TOO_COMMON or not entry.value.startswith(_EVERY_INTERFACE):
                continue
            text = reading.texts.entry(entry) or EMPTY
            for address in reading.hosts.of(text):
                if address.kind == "wildcard" and address.whole and _is_written_there(text, address):
                    found.setdefault(entry.name, service.name)
    return found


_EVERY_INTERFACE = ("0.0.0.0:", "[::]:")


def _is_written_there(text: Text, address: Address) -> bool:
    """Whether the compose file itself has the host: what an env file says is what is being judged, and a repair must
    not become the evidence for another."""
    host = text.locate(address.start, address.end)
    return host is not None and host.leaf.binding < 0


_TOO_COMMON = frozenset({"HOST", "PORT", "HOSTNAME", "URL"})


def _gives_no_hint(line: str) -> bool:
    ruled = len(line) > 2 and (_RULES.issuperset(line[:3]) or _RULES.issuperset(line[-3:]))
    return ruled or ("=" in line and _BINDING.match(line) is not None)


@lru_cache(maxsize=256)
def comment_says(comments: tuple[str, ...]) -> str:
    """ "browser", "inside" or "": what the comment lines above a binding say of who uses it."""
    text = " ".join(line for line in comments if not _gives_no_hint(line)).lower()
    if not any(word in text for word in _TELLING):
        return ""  # the usual case, without the expressions, which take long to compile
    if _PUBLIC_COMMENT.search(text) or _DEVICE_COMMENT.search(text):
        return "browser"
    return "inside" if _INSIDE_COMMENT.search(text) else ""


@lru_cache(maxsize=64)
def outside_alternatives(text: str) -> frozenset[str]:
    """The variables of which an env file keeps, in a comment, another value that names the machine by its address in a
    network: that is for programs on other devices, and so are they."""
    if "#" not in text or not any(network in text for network in ("10.", "192.168.", "172.")):
        return frozenset()  # the usual case, without the expression, which takes long to compile
    return frozenset(match["name"] for match in _ALTERNATIVE.finditer(text))


@lru_cache(maxsize=64)
def commented_out(text: str) -> dict[str, list[str]]:
    """The bindings that an env file keeps in comments: for each name its values, as they stand there."""
    found: dict[str, list[str]] = {}
    if not any("=" in line and line.lstrip(" \t").startswith("#") for line in text.split("\n")):
        return found
    for match in _COMMENTED_OUT.finditer(text):
        found.setdefault(match["name"], []).append(match["value"])
    return found


@lru_cache(maxsize=64)
def has_inside_alternative(text: str, name: str, names_known: frozenset[str]) -> bool:
    """Whether a comment of the env file keeps a value of the variable that is of use to containers alone: one with the
    name of a service, or with the machine's as containers know it
    (https://docs.docker.com/desktop/features/networking/networking-how-tos/)."""
    for value in commented_out(text).get(name, ()):
        there = find_addresses(value.strip().strip("\"'"), names_known)
        if any(address.kind in ("name", "gateway") and not address.refusal for address in there):
            return True
    return False


NamesAsWords = frozenset[tuple[str, ...]]


class TwinNames:
    """The names of a project's variables, as words, that may be the twin of another: all that are `written` anywhere,
    and those that some container has, or that the compose files put into one (`received`)."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    @cached_property
    def written(self) -> NamesAsWords:
        """Those of env files and of `environment:`."""
        found = {binding.name for document in self._reading.documents.values() for binding in document.bindings}
        return possible_twins(found | self._of_entries)

    @cached_property
    def received(self) -> NamesAsWords:
        """Those that reach a container."""
        reading = self._reading
        found = set(self._of_entries)
        for service in reading.topology.services.values():
            found.update(reading.handed(service), reading.to_come(service))
            found.update(
                name for shown in reading.shown.get(service.name, ()) for name in reading.texts.last[shown.path]
            )
        for scalar in reading.texts.scalars:
            found.update(variables(scalar.template or ""))
        return possible_twins(found)

    @cached_property
    def _of_entries(self) -> frozenset[str]:
        reading = self._reading
        own = (reading.own(reading.topology.services[members[0]]).names for members in reading.by_entries)
        return frozenset().union(*own)


_INSIDE = INTERNAL_WORDS | {"SERVER"}
_MARKS = _INSIDE | OUTSIDE_WORDS
_MOST_WORDS = 50  # of a name whose twin is looked for: the names that a twin may have grow with the square of them


def possible_twins(names: Iterable[str]) -> NamesAsWords:
    """The names, as words, that may be the twin of another: those that hold a word for inside or outside."""
    return frozenset(words_of(name) for name in names if _is_marked(name.upper()))


def _is_marked(name: str) -> bool:
    return any(mark in name for mark in _MARKS)


def has_internal_twin(name: str, names: TwinNames, own: NamesAsWords) -> bool:
    """Whether the same variable stands beside it with a word for inside (`OIDC_ISSUER` and `OIDC_INTERNAL_ISSUER`):
    then this one is public on purpose. `own` are the names of the binding itself. A twin that no container has is for
    programs on the machine: those in containers have this one alone."""
    return _has_twin(name, names.written, own, _INSIDE) and _has_twin(name, names.received, own, _INSIDE)


def has_external_twin(name: str, names: TwinNames, own: NamesAsWords) -> bool:
    """Whether the same variable stands beside it with a word for outside: then this one is for inside."""
    return _has_twin(name, names.written, own, OUTSIDE_WORDS)


def _has_twin(name: str, names: NamesAsWords, own: NamesAsWords, marks: frozenset[str]) -> bool:
    words = words_of(name)
    if not names or not marks.isdisjoint(words) or len(words) > _MOST_WORDS:
        return False
    return any(twin in names and twin not in own for twin in _twins(words, marks))


def _twins(words: tuple[str, ...], marks: frozenset[str]) -> Iterator[tuple[str, ...]]:
    """The names with a mark anywhere among the words, or in the place of a word for outside."""
    for at in range(len(words) + 1):
        for mark in marks:
            yield (*words[:at], mark, *words[at:])
            if at < len(words) and len(words) > 1 and words[at] in OUTSIDE_WORDS:
                yield (*words[:at], mark, *words[at + 1 :])


# The two endpoints of an authorization server, told apart by one word of the name: people's browsers are sent to the
# first, programs ask the second (https://www.rfc-editor.org/rfc/rfc6749#section-3).
_AUTHORIZATION = frozenset({"AUTH", "AUTHORIZATION", "AUTHORIZE"})


def has_token_twin(name: str, names: NamesAsWords) -> bool:
    """Whether the name is that of an authorization endpoint, and that of its token endpoint stands beside it."""
    words = words_of(name)
    marked = (at for at, word in enumerate(words) if word in _AUTHORIZATION)
    return any((*words[:at], "TOKEN", *words[at + 1 :]) in names for at in marked)


def is_for_outside(name: str) -> bool:
    """Whether the name says that its value is for outside: by a framework's public prefix, or by a word that says
    nothing else."""
    says = name_says(name)
    return bool(says.prefix) or not OUTSIDE_WORDS.isdisjoint(says.words)
