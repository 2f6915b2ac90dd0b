"""Where do the URLs of a value stand, and which part of one is a position in it?

A URL is found by its `://`, which may be JSON-escaped (`:\\/\\/`) or percent-encoded once or more (`%3A%2F%2F`, the way
a URL stands in another's query), or by `//` at the start of a word. Its authority reaches to the path, and the last
`@` in it ends the credentials (RFC 3986, section 3.2, read as connection libraries read it: passwords hold anything).
"""

import re
from bisect import bisect_right

from envfix.named_tuples import NamedTuple
from envfix.patterns import regex

_MARK = regex(
    r":(?:\\?/){2}"
    r"|%(?P<level>(?:25){0,3})3[Aa](?:%(?P=level)2[Ff]){2}"
    r"|(?<![^\s\"'=,;@(\[{|])//(?=[^\s/])"
)
_AUTHORITY = regex(r"[^/?#\s\"'<>\\`]*+")
_PROPERTIES = regex(r";[A-Za-z][\w .]{0,40}=")
_PATH = regex(r"(?:\\?/[^\s\"'<>?#,;|\\)\]}`]*+)*+")
_TAIL = regex(r"[^\s\"'<>,;|`]*+")
# What a password may hold besides, as it stands in an env file whose own quotes are gone.
_BLANK_TAIL = regex(r"[^\n,;|/?#]*+")
_SCHEME_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+.-_:"
_MOST_SCHEME = 64
_MOST_PASSWORD = 512
# How a driver spreads its connections, not what it speaks (MySQL Connector/J, MariaDB Connector/J, Oracle thin driver).
_MODES = frozenset({"loadbalance", "load-balance", "replication", "sequential", "failover", "thin", "oci", "aurora"})
_CARRIERS = frozenset({"git", "svn", "hg", "bzr"})
WEB = frozenset({"http", "https", "ws", "wss"})
NO_NETWORK = frozenset({"file", "unix", "npipe", "sqlite", "sqlite3", "data", "blob", "urn", "about"})


class Url(NamedTuple):
    """A URL of the value: `begin` is where its scheme begins, `hosts` where its credentials end, `end` where its
    authority ends, `stop` where nothing more belongs to it. `level`: None if it stands as it is, else what follows the
    `%` of each of its escapes ("" when encoded once, "25" twice). `pattern`: a regular expression or a glob, no URL."""

    begin: int
    authority: int
    hosts: int
    end: int
    stop: int
    scheme: str | None
    path: str
    level: str | None
    pattern: bool


class Urls:
    """The URLs of a value, each looked into only when asked for; a URL inside another's query is one of its own."""

    def __init__(self, value: str) -> None:
        self._value = value
        self._marks = list(_MARK.finditer(value))
        self._begins = [mark.end() for mark in self._marks]
        self._last: tuple[int, Url] | None = None

    def at(self, position: int) -> Url | None:
        """The innermost URL of whose authority, path, query or fragment `position` is a part."""
        index = bisect_right(self._begins, position) - 1
        if index < 0:
            return None
        if self._last is None or self._last[0] != index:
            floor = self._begins[index - 1] if index else 0
            following = self._marks[index + 1].start() if index + 1 < len(self._marks) else len(self._value)
            self._last = index, _url(self._value, self._marks[index], floor, following)
        found = self._last[1]
        return found if position < max(found.end, found.stop) else None


def _url(value: str, mark: re.Match[str], floor: int, limit: int) -> Url:
    level = mark["level"]
    begin, scheme = _scheme(value, mark, floor)
    authority = mark.end()
    end = _authority_end(value, authority, level)
    hosts = _credentials_end(value, authority, end, level)
    if hosts == authority and level is None:
        end, hosts = _odd_password(value, begin, authority, end, limit)
    if end > limit:  # the next URL of a list begins before any path
        end = max(hosts, *(value.rfind(separator, hosts, limit) for separator in ",;|"))
    path = "" if end > limit or value[end : end + 1] in tuple(",;|") else _path(value, end, max(end, limit), level)
    tail = _TAIL.match(value, end, max(end, limit))
    stop = tail.end() if tail else end
    before = value[begin - 1 : begin] if begin else ""
    unnamed = value[mark.start()] in ":%" and scheme is None
    pattern = unnamed or before in ("^", "/") or "*" in path or path.endswith("$")
    return Url(begin, authority, hosts, end, stop, scheme, path, level, pattern)


def _scheme(value: str, mark: re.Match[str], floor: int) -> tuple[int, str | None]:
    """Where the scheme begins, and its innermost part: what is spoken, not how it is wrapped."""
    behind = mark.start() - (1 if value[mark.start() - 1 : mark.start()] == "@" else 0)  # jdbc:oracle:thin:@//host
    window = value[max(floor, behind - _MOST_SCHEME) : max(floor, behind)]
    chain = window[len(window.rstrip(_SCHEME_CHARACTERS)) :]
    return mark.start() - len(chain), innermost(chain)


def innermost(chain: str) -> str | None:
    """`jdbc:mysql:loadbalance` -> `mysql`, `postgresql+asyncpg` -> `postgresql`, `git+ssh` -> `ssh`."""
    words = [word for word in chain.lower().split(":") if word]
    spoken = [word for word in words if word not in _MODES] or words
    if not spoken:
        return None
    first, _, rest = spoken[-1].partition("+")
    return (rest if first in _CARRIERS and rest else first) or None


def _authority_end(value: str, authority: int, level: str | None) -> int:
    found = _authority(level).match(value, authority)
    end = found.end() if found else authority
    if value.find(";", authority, end) < 0:
        return end
    properties = _PROPERTIES.search(value, authority, end)  # jdbc:sqlserver://localhost:1433;databaseName=x
    return properties.start() if properties else end


def _credentials_end(value: str, authority: int, end: int, level: str | None) -> int:
    plain = value.rfind("@", authority, end) + 1
    escape = f"%{level}40"
    escaped = -1 if level is None else value.rfind(escape, authority, end)
    return max(authority, plain, escaped + len(escape) if escaped >= 0 else authority)


def _authority(level: str | None) -> re.Pattern[str]:
    if level is None:
        return _AUTHORITY
    return re.compile(rf"(?:(?!%{level}(?:2[Ff]|3[Ff]|23))[^/?#&\s\"'<>\\`])*+")


def _path(value: str, end: int, limit: int, level: str | None) -> str:
    if level is None:
        found = _PATH.match(value, end, limit)
        return found[0].replace("\\/", "/") if found else ""
    slash = rf"%{level}2[Ff]"
    found = re.compile(rf"(?:{slash}|[\w.~\-])*+").match(value, end, limit)
    return re.sub(slash, "/", found[0]) if found else ""


def _odd_password(value: str, begin: int, authority: int, end: int, limit: int) -> tuple[int, int]:
    """Where the authority and its credentials end, if the password goes on behind a character that else ends both:
    `user:pa/ss@localhost`, `user:it's@localhost`, `user:a <b> c@localhost`. Only the quote in which the URL stands ends
    it for sure, and what looks like a port is one; a blank goes on only in a value that begins with the URL."""
    _, colon, port = value[authority:end].partition(":")
    if not colon or not port or port.split(",")[0].isdigit() or port.startswith(("\\", "*", "{", "(", "$")):
        return end, authority
    enclosing = value[begin - 1] if begin and value[begin - 1] in "\"'`" else "\n"
    bound = min(limit, end + _MOST_PASSWORD)
    stops = [at for at in (value.find(enclosing, end, bound), value.find("\n", end, bound)) if at >= 0]
    ends = _BLANK_TAIL if value[end : end + 1] in tuple("\"'<>` \t") else _TAIL
    word = ends.match(value, end, min([bound, *stops]))
    at = value.find("@", end, word.end() if word else end)
    follows_text = begin > (0 if enclosing == "\n" else 1)
    if at < 0 or (follows_text and re.search(r"\s", value[end:at])):
        return end, authority
    end = _authority_end(value, at, None)
    return end, _credentials_end(value, at, end, None)
