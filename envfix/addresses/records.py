"""What the scanner hands on: the places of a value that name a host of interest."""

import re
from collections.abc import Collection

from envfix.named_tuples import NamedTuple
from envfix.numerals import port_number
from envfix.patterns import regex

_COLONS = frozenset(map(len, (":", "%3A", "%253A")))

LOOPBACK = "loopback"
WILDCARD = "wildcard"
GATEWAY = "gateway"
NAME = "name"


class Address(NamedTuple):
    """A place of a value that names a host, and what stands around it.

    `host` is the text as it stands (brackets and a trailing dot included), `value[start:end]`. `port` is None where
    there is none or none between 1 and 65535; else `value[port_start:port_end]` are its digits. In a dialect that gives
    the port apart (libpq, ADO.NET, JSON) it may stand before the host, and several hosts may share one.
    `scheme` is the innermost one in lower case (`postgresql` of `jdbc:postgresql://` and of `postgresql+asyncpg://`),
    or what the dialect alone says (`mysql` of a Go DSN); None if neither does. `kind` is `loopback`, `wildcard`
    (0.0.0.0, ::), `gateway` (host.docker.internal) or `name` (one of the names asked for). `refusal` says why the place
    is no destination, and is empty where it is one. `path` is the path of a URL. `whole`: the value is this host, or
    host and port, and nothing else, blanks and quotes aside.
    """

    host: str
    start: int
    end: int
    port: int | None
    port_start: int | None
    port_end: int | None
    scheme: str | None
    dialect: str
    kind: str
    refusal: str = ""
    path: str = ""
    whole: bool = False

    def __repr__(self) -> str:  # the path may be secret
        return f"Address(host={self.host!r}, port={self.port}, start={self.start}, dialect={self.dialect!r})"

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Where the host and its port stand: one span where they stand together, two where the dialect parts them."""
        if self.port_start is None or self.port_end is None:
            return ((self.start, self.end),)
        if self.port_start - self.end in _COLONS:
            return ((self.start, self.port_end),)
        return tuple(sorted(((self.start, self.end), (self.port_start, self.port_end))))


class Hit(NamedTuple):
    """A host word found in the value, before anything is known of what stands around it."""

    host: str
    start: int
    end: int
    kind: str


class PortSpan(NamedTuple):
    """What follows a host: the port with the span of its digits, where the address ends, or why it is none."""

    number: int | None
    start: int | None
    end: int | None
    stop: int
    refusal: str = ""


PATTERN = "pattern"
CREDENTIALS = "credentials"

# Of `127.1` and `127.0.1` the parts between are 0 (inet_aton, POSIX). `_is_address` looks at the numbers.
_NUMBERS = r"127(?:\.[0-9]{1,5}){1,3}"
# The same as one number: a host only behind a scheme (dialects.number), else any word of an env file could be meant.
_NUMBER = r"(?<=[/@])(?:0|2130706433|(?i:0x7f000001))(?![\w.])"
_IPV6 = r"(?:::1|::|(?:0{1,4}:){7}0{0,3}[01]|::ffff:127(?:\.[0-9]{1,3}){3})"
# A host begins where no name is under way, or right behind a percent-escape (an encoded URL), and ends where no label
# follows: `x.localhost`, `my-localhost`, `127.0.0.1.nip.io` and `1127.0.0.1` are other hosts. Any word could be a name;
# in an encoded URL it begins behind the escape, not with the escape's own digits.
_BEGIN = r"(?<![\w.\-])"
_BEGIN_ENCODED = rf"(?:{_BEGIN}|(?<=%[0-9A-Fa-f]{{2}})|(?<=%25[0-9A-Fa-f]{{2}})|(?<=%2525[0-9A-Fa-f]{{2}}))"
_NAME_ENCODED = (
    r"(?:(?<![\w.\-%])|(?<=%[0-9A-Fa-f]{2})(?<!%25)|(?<=%25[0-9A-Fa-f]{2})(?<!%2525)|(?<=%2525[0-9A-Fa-f]{2}))"
)
_END = r"(?![\w\-]|\.[\w\-*])"


def _hosts(begin: str, name: str = "") -> re.Pattern[str]:
    """What finds loopback hosts that begin so, and names, if there are any to find, that begin so."""
    fixed = (
        rf"{begin}(?i:localhost|ip6-localhost|host\.(?:docker|containers)\.internal"
        rf"|{_NUMBERS}|0\.0\.0\.0){_END}\.?|{_NUMBER}"
        rf"|(?:(?P<bracket>\[)|(?<![\w.:\[]))(?i:{_IPV6})(?(bracket)\]|(?![\w.:\]]))"
    )
    return regex(rf"{fixed}|{name}(?P<name>\w(?:[\w\-]|\.(?=\w))*+){_END}\.?" if name else fixed)


# By whether there are names to find, and whether a percent sign says that the value may be encoded. The usual value is
# not, and what looks for escapes takes twice as long to compile.
_HOSTS = {
    (False, False): _hosts(_BEGIN),
    (False, True): _hosts(_BEGIN_ENCODED),
    (True, False): _hosts(_BEGIN, _BEGIN),
    (True, True): _hosts(_BEGIN_ENCODED, _NAME_ENCODED),
}
_DIGITS = regex(r"(?::|%(?:25)*3[Aa])([0-9]*+)")
_EMBEDDED_DNS = "127.0.0.11"
GATEWAYS = ("host.docker.internal", "host.containers.internal")
"""How the engines of Docker and Podman call the machine they run on."""


def scan(value: str, *names: Collection[str]) -> list[Hit]:
    """Every host word of `value`, left to right, whatever stands around it; `names` in lower case."""
    hits = []
    named = any(names)
    for match in _HOSTS[named, "%" in value].finditer(value):
        host = match[0]
        if not host.isascii():
            continue
        if named and match["name"] is not None:
            name = host.rstrip(".").lower()
            if any(name in some for some in names):
                hits.append(Hit(host, match.start(), match.end(), NAME))
        elif _is_address(host) and _EMBEDDED_DNS not in loopback_ips(host):
            hits.append(Hit(host, match.start(), match.end(), _kind(host)))
    return hits


def _is_address(host: str) -> bool:
    """Whether each of four numbers fits into a byte, and is written without leading zeros."""
    parts = host.rstrip(".").split(".")
    quad = len(parts) == 4 and parts[0] == "127"
    return not quad or all(int(part) < 256 and (part == "0" or part[0] != "0") for part in parts)


def _kind(host: str) -> str:
    plain = host.strip("[].").lower()
    if plain in GATEWAYS:
        return GATEWAY
    return WILDCARD if plain == "0.0.0.0" or not plain.strip("0:") else LOOPBACK


def loopback_ips(host: str) -> tuple[str, ...]:
    """The addresses of the machine that a loopback host, in any of its spellings, means to a program on the machine.
    A wildcard means what the system makes of it as a destination (Linux, ip(7): the loopback)."""
    plain = host.strip("[].").lower()
    if plain == "localhost":
        return ("127.0.0.1", "::1")
    if plain == "ip6-localhost" or (":" in plain and "." not in plain):
        return ("::1",)
    parts = plain.rpartition(":")[2].split(".")
    if parts == ["2130706433"] or parts == ["0x7f000001"] or not "".join(parts).strip("0"):
        return ("127.0.0.1",)
    if not 1 < len(parts) <= 4 or not all(part.isdigit() for part in parts):
        return ()
    last = int(parts[-1]).to_bytes(8, "big")[3 + len(parts) :]
    return (".".join((*(str(int(part)) for part in parts[:-1]), *map(str, last))),)


def port_after(value: str, position: int) -> PortSpan:
    """The `:port` that stands at `position`, its colon plain or percent-encoded."""
    colon = _DIGITS.match(value, position)
    if colon is None:
        return PortSpan(None, None, None, position, _refused_after(value, position))
    stop = colon.end()
    following = value[stop : stop + 1]
    if not colon[1]:
        ends_here = not following or following in "/?#,;|)]}>\"'&@" or following.isspace()
        return PortSpan(None, None, None, position, "" if ends_here else PATTERN)
    if following == "-" and value[stop + 1 : stop + 2].isdigit():
        return PortSpan(None, None, None, stop, "range of ports")
    if following == "@":
        return PortSpan(None, None, None, stop, CREDENTIALS)
    if following.isalnum() or following == "_":
        return PortSpan(None, None, None, stop, PATTERN)
    number = port_number(colon[1])
    refusal = _refused_after(value, stop)
    if number is None:
        return PortSpan(None, None, None, stop, refusal)
    return PortSpan(number, colon.start(1), stop, stop, refusal)


def _refused_after(value: str, position: int) -> str:
    """A regular expression or a glob goes on where an address ends."""
    following = value[position : position + 2]
    return PATTERN if following[:1] in tuple("([{*+$^") or following in {"?$", "?:", ".*", "\\b", "\\d", "\\."} else ""


def address(
    hit: Hit, port: PortSpan, dialect: str, scheme: str | None = None, *, path: str = "", refusal: str = ""
) -> Address:
    """The address at `hit` with the port that was found for it."""
    why = refusal or port.refusal
    return Address(
        hit.host, hit.start, hit.end, port.number, port.start, port.end, scheme, dialect, hit.kind, why, path
    )
