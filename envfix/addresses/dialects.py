"""The dialects of connection strings, one function each, in the order in which they are asked.

A dialect gets the text and a host word in it. It answers None where the place is not its own, else what is there: one
address (perhaps with a refusal), or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from envfix.numerals import port_number
from envfix.patterns import regex

from .records import CREDENTIALS, NAME, PATTERN, Address, Hit, PortSpan, address, port_after
from .urls import NO_NETWORK, WEB
from .value import Value

Places = tuple[Address, ...] | None
NOTHING: tuple[Address, ...] = ()

_SCHEME_FOLLOWS = regex(r":(?:\\?/){2}|%(?:25)*3[Aa]%(?:25)*2[Ff]")
_ORACLE = regex(r"(?i)\boracle:(?:thin|oci8?):[^\s\"'@]{0,128}@$")
_NETWORK = regex(r"/[0-9]{1,3}(?![\w.:/])")
_LONGEST_PATH = 1000
_PATH = regex(r"/[^\s\"'<>?#,;|\\)\]}`]*+")
_COMMENT_OR_OPTIONS = regex(r"\s++#[^\n]*+|(?:\s*,\s*[A-Za-z][\w ]*+=[^,]*+)++")
_COMMA_PORT = regex(r"\s*,\s*([0-9]{1,5})(?![\w.])")
# https://www.rfc-editor.org/rfc/rfc7065, https://grpc.github.io/grpc/core/md_doc_naming.html
_OPAQUE = regex(r"(?i)(?<![\w.+-])(stuns?|turns?|dns(?=:///)):(?:(?<=dns:)///)?$")
# A database's socket, to which its clients go whatever host stands before it
# (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-HOST,
# https://docs.sqlalchemy.org/en/20/dialects/mysql.html, https://www.prisma.io/docs/orm/overview/databases/mysql).
_SOCKET = regex(r"[?&](?:host|socket|unix_socket)=(?:/|%2[Ff])")
_TCP = ("tcp(", "tcp4(", "tcp6(")
_FLAG = regex(r"(?:^|\s)(?:-h|-H|--?host(?:name)?|--?server|--?addr(?:ess)?)\s+[\"']?$")
_FLAG_PORT = regex(r"[\"']?\s+(?:-p|-P|--?port)[\s=]+([0-9]+)(?![\w.])")


def comment(text: Value, hit: Hit) -> Places:
    """`db # localhost`: a comment that an unquoted value still carries."""
    return _refuse(hit, "comment") if text.in_comment(hit.start) else None


def secret(text: Value, hit: Hit) -> Places:
    """`password=localhost:5432`, `Pwd=...`, `"password": "..."`: no address, and nothing to tell of."""
    return NOTHING if text.in_secret(hit.start) else None


def scheme_name(text: Value, hit: Hit) -> Places:
    """`redis://...` where a service is called redis: the word is a scheme."""
    begun = text.value.startswith((":/", ":\\", "%"), hit.end)
    return NOTHING if begun and _SCHEME_FOLLOWS.match(text.value, hit.end) else None


def number(text: Value, hit: Hit) -> Places:
    """`http://0:8080`, `redis://2130706433`: a number is a host only where a scheme says that one stands there."""
    if not (hit.host.isalnum() and hit.host[0].isdigit() and hit.kind != NAME):
        return None
    found = text.urls.at(hit.start)
    return None if found is not None and found.scheme and hit.start == found.hosts else NOTHING


def url(text: Value, hit: Hit) -> Places:
    """A host in the authority of a URL, one of several (MongoDB, AMQP, Kafka) included."""
    found = text.urls.at(hit.start)
    if found is None or hit.start >= found.end:
        return None
    if hit.start < found.hosts:
        return NOTHING
    before = "" if hit.start == found.hosts else text.before(hit.start)
    if before in tuple("([{^"):
        return _refuse(hit, PATTERN, found.scheme)
    if before and (before != "," or found.scheme in WEB):
        return None
    refusal = PATTERN if found.pattern else "file path" if found.scheme in NO_NETWORK else ""
    if not refusal and found.scheme not in WEB and _names_socket(text.value, found.end, found.stop):
        refusal = "the query names a socket"
    port = port_after(text.value, hit.end)
    return (address(hit, port, "url", found.scheme, path=found.path, refusal=refusal),)


def keyword(text: Value, hit: Hit) -> Places:
    """`host=localhost port=5432` and its kin, and the query of a database URL."""
    key = text.keyed.get(hit.start)
    if key is None:
        return None
    around = text.urls.at(hit.start)
    if around and around.scheme in WEB:
        return _refuse(hit, "query value", around.scheme)
    comma = _COMMA_PORT.match(text.value, hit.end) if key.scheme == "sqlserver" else None
    own = _digits(comma) if comma else port_after(text.value, hit.end)
    port = own if own.number or own.refusal or key.port is None else key.port
    return (address(hit, port, key.dialect, around.scheme if around else key.scheme),)


def literal(text: Value, hit: Hit) -> Places:
    """`{"host": "localhost", "port": 6379}`."""
    if hit.start not in text.literal:
        return None
    own = port_after(text.value, hit.end)
    beside = text.literal[hit.start]
    return (address(hit, beside if beside and not own.number else own, "literal"),)


def go_dsn(text: Value, hit: Hit) -> Places:
    """`user:pw@tcp(127.0.0.1:3306)/db` (go-sql-driver/mysql, README, "DSN")."""
    if not text.value.endswith(_TCP, 0, hit.start):
        return None
    return (address(hit, port_after(text.value, hit.end), "go-dsn", "mysql"),)


def oracle(text: Value, hit: Hit) -> Places:
    """`jdbc:oracle:thin:@localhost:1521:xe`."""
    before = text.value[max(0, hit.start - 160) : hit.start]
    if "oracle:" not in before.casefold() or not _ORACLE.search(before):
        return None
    return (address(hit, port_after(text.value, hit.end), "oracle", "oracle"),)


def opaque(text: Value, hit: Hit) -> Places:
    """`turn:localhost:3478` (RFC 7065) and `dns:///localhost:50051` (gRPC's names): a scheme before a host that is no
    authority."""
    before = text.value[max(0, hit.start - 8) : hit.start]
    found = _OPAQUE.search(before) if before.endswith((":", ":///")) else None
    if found is None:
        return None
    scheme = "grpc" if found[1].lower() == "dns" else found[1].lower()
    return (address(hit, port_after(text.value, hit.end), "url", scheme),)


def url_tail(text: Value, hit: Hit) -> Places:
    """A word in the path, the query or the fragment of a URL is no host."""
    found = text.urls.at(hit.start)
    if found is None or hit.start < found.end:
        return None
    if text.before(hit.start) == "@":
        return _refuse(hit, "mail address", found.scheme)
    in_path = hit.start < found.end + len(found.path)
    if not in_path:
        return _refuse(hit, "query value", found.scheme)
    first = hit.start == found.end + 1
    return _refuse(hit, "database name" if first and found.scheme not in WEB else "path of a URL", found.scheme)


def mail(text: Value, hit: Hit) -> Places:
    """`no-reply@localhost` is a mail address; `guest:guest@localhost:5672` is credentials before an address."""
    if text.before(hit.start) != "@":
        return None
    port = port_after(text.value, hit.end)
    if port.number and not port.refusal:
        return (address(hit, port, "host-port"),)
    return _refuse(hit, "mail address")


def file_path(text: Value, hit: Hit) -> Places:
    """`/var/lib/localhost`, `C:\\localhost`."""
    before = text.before(hit.start)
    return _refuse(hit, "file path") if before in ("/", "\\", "~") else None


def _names_socket(value: str, start: int, stop: int) -> bool:
    return value.find("=", start, stop) >= 0 and _SOCKET.search(value, start, stop) is not None


def pattern(text: Value, hit: Hit) -> Places:
    """`^localhost$`, `localhost:*`."""
    marked = text.before(hit.start) in ("^", "*", "?", "+", ".")
    return _refuse(hit, PATTERN) if marked or port_after(text.value, hit.end).refusal == PATTERN else None


def network(text: Value, hit: Hit) -> Places:
    """`127.0.0.0/8`."""
    numeric = not hit.host[0].isalpha()
    return (
        _refuse(hit, "range of addresses")
        if numeric and text.value.startswith("/", hit.end) and _NETWORK.match(text.value, hit.end)
        else None
    )


def host_port(text: Value, hit: Hit) -> Places:
    """`localhost:9092`, alone, in a list with any separator, or with a weight behind it."""
    port = port_after(text.value, hit.end)
    if port.refusal:
        return NOTHING if port.refusal == CREDENTIALS else _refuse(hit, port.refusal)
    if port.number is None:
        return None
    if text.before(hit.start) == ":" and text.value[max(0, hit.start - 2)].isdigit():
        return _refuse(hit, "forwarded port")
    return (address(hit, port, "host-port", path=_path_at(text, port.stop, port.stop + _LONGEST_PATH)),)


def whole_value(text: Value, hit: Hit) -> Places:
    """`localhost` and nothing else, or with a path or a client's options behind it."""
    if hit.start != text.inner_start:
        return None
    rest = text.value[hit.end : text.inner_end]
    port = port_after(text.value, hit.end)
    if hit.end + len(rest) == port.stop or rest in ("", ":"):
        return (address(hit, port, "host"),)
    if hit.kind == NAME:
        return NOTHING
    path = _path_at(text, hit.end)
    if path and hit.end + len(path) == text.inner_end:
        return (address(hit, port, "host", path=path),)
    if _COMMENT_OR_OPTIONS.fullmatch(rest):
        return (address(hit, port, "host"),)
    return None


def flag(text: Value, hit: Hit) -> Places:
    """`redis-cli -h localhost -p 6379`."""
    if not _FLAG.search(text.value[max(0, hit.start - 16) : hit.start]):
        return None
    apart = _FLAG_PORT.match(text.value, hit.end)
    return (address(hit, _digits(apart) if apart else port_after(text.value, hit.end), "flag"),)


def listed(text: Value, hit: Hit) -> Places:
    """`localhost,other:9092` is a list of addresses, `localhost,127.0.0.1,.local` names hosts and connects to none."""
    if hit.kind == NAME:
        return NOTHING
    if text.is_list_of_addresses:
        return (address(hit, port_after(text.value, hit.end), "host"),)
    bracketed = text.value[text.inner_start] in "[("
    return _refuse(hit, "list of hosts") if text.is_list_of_hosts or bracketed else None


def word(text: Value, hit: Hit) -> Places:
    """Whatever else: a word in a sentence, a parameter's value."""
    return _refuse(hit, "value of a parameter" if text.before(hit.start) == "=" else "word in a text")


def _refuse(hit: Hit, why: str, scheme: str | None = None) -> Places:
    return (address(hit, PortSpan(None, None, None, hit.end), "none", scheme, refusal=why),)


def _digits(match: re.Match[str]) -> PortSpan:
    number = port_number(match[1])
    start, stop = match.span(1)
    return PortSpan(number, start, stop, stop) if number else PortSpan(None, None, None, stop)


def _path_at(text: Value, position: int, limit: int | None = None) -> str:
    """The path at `position`; of a longer one so much as may matter, since each of many addresses may have one."""
    end = len(text.value) if limit is None else limit
    found = _PATH.match(text.value, position, end)
    return found[0] if found else ""


DIALECTS: tuple[Callable[[Value, Hit], Places], ...] = (
    comment,
    secret,
    scheme_name,
    number,
    url,
    keyword,
    literal,
    go_dsn,
    oracle,
    opaque,
    url_tail,
    mail,
    file_path,
    pattern,
    network,
    host_port,
    whole_value,
    flag,
    listed,
    word,
)
