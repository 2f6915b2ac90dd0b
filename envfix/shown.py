"""What may be shown of what stands in a file?

Of a value, only what is known to be harmless: the addresses that the caller names, and around them what a table below
calls plain. The rest is `***`, whatever it is. Nothing here decides what an address is.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import TypeVar

from envfix.named_tuples import NamedTuple
from envfix.patterns import regex

MASK = "***"
Item = TypeVar("Item")

# A scheme that is shown wherever it stands; another one is shown where nothing can hide before it or behind it.
_SCHEMES = frozenset(
    ["http", "https", "ws", "wss", "ftp", "tcp", "udp", "grpc", "postgres", "postgresql", "mysql", "mariadb",
     "sqlserver", "mssql", "oracle", "mongodb", "redis", "rediss", "valkey", "amqp", "amqps", "nats", "kafka",
     "plaintext", "ssl", "stomp", "mqtt", "clickhouse", "smtp", "smtps", "ldap", "ldaps", "s3", "elasticsearch",
     "memcached", "bolt", "neo4j", "cassandra", "couchdb", "jdbc", "r2dbc", "asyncpg", "psycopg", "psycopg2", "pymysql",
     "aiomysql", "srv", "sentinel"]
)  # fmt: skip
# Parameters of connection strings whose names are shown; the values only of those further down.
_NAMES = (
    "host|hostname|hostaddr|server|servername|data source|datasource|address|addr|network address|port|database|dbname|"
    "db|initial catalog|databasename|user|username|user id|uid|password|passwd|pwd|pass|sslmode|ssl|tls|schema|"
    "current_?schema|server_?version|charset|encoding|auth_?source|auth_?mechanism|replica_?set|retry_?writes|"
    "direct_?connection|read_?preference|pooling|pgbouncer|connection_?limit|pool_?timeout|connect_?timeout|timeout|"
    "parse_?time|loc|time_?zone|server_?time_?zone|character_?encoding|use_?ssl|encrypt|trust_?server_?certificate|"
    "allow_?public_?key_?retrieval|create_?database_?if_?not_?exist|secure|protocol|family|weight|client|prefix|vhost|"
    "application_?name|w|max_?pool_?size|min_?pool_?size|abort_?connect"
)
_SECRET_VALUES = regex("user|username|userid|uid|password|passwd|pwd|pass|prefix")
_PDO = "mysql|pgsql|sqlsrv|dblib|odbc|oci|firebird"
_PARAMETER = regex(
    rf"(?P<before>[;&?\s,(]|^(?:(?:{_PDO}):)?|(?<=[\s;&?,]--)|(?<=[\s;&?,]-D))(?P<name>(?:\w{{1,20}}[.])?(?:{_NAMES}))\s?=\s?[\"']?(?:tcp:)?"
    rf"|(?P<quote>[\"'])(?P<key>(?:[A-Za-z]{{1,12}}_)?(?:{_NAMES}))(?P=quote)\s?:\s?[\"']?",
    re.IGNORECASE,
)
_HARMLESS_VALUE = regex(r"[A-Za-z0-9_.\-/]{1,24}(?=[;&\s\"',)}\]]|\Z)")
_FLAG = regex(r"(?:^|(?<=\s))(?:-h|-H|-p|-P|--?(?:host|hostname|server|port))[ =]")

_ADDRESS = regex(r"(?:[\w.\-\[\]:]|%(?:25)*3[Aa]|,(?=[0-9]{1,5}(?!\w))){1,300}")
_TEMPLATE = regex(r"\$\{[A-Za-z_][A-Za-z0-9_]*:?[\-+?=]$")
_PORT = regex(r"(?::|%(?:25)*3[Aa])[0-9]{1,5}(?![\w@%])")
_CHAIN = regex(r"(?:[A-Za-z][A-Za-z0-9+.\-_]{0,30}:){1,4}$")
_MARK = regex(r":?(?:\\?/){2}$|%(?:25)*3[Aa](?:%(?:25)*2[Ff]){2}$")
_SCHEME_WORD = regex(r"[a-z]{1,12}|[A-Z]{1,12}")
_COLON = regex(r"(?::|%(?:25)*3[Aa])$")
_OPENING = regex(r"(?:^|[\s,;|])[\s,;|\"'(\[{<]{0,4}$|[\"'(\[{<]$")
_CLOSING = regex(r"[\"')\]}>]{0,2}[\s,;|]{0,2}")
_TRANSPORT = regex(r"(?:^|@)tcp[46]?\($")
_SEGMENT = regex(r"(\)?\\?/|%(?:25)*2[Ff])([^/?#\s\"'<>,;|&%)\\\]}]*)")
_QUERY = regex(r"([?&])([A-Za-z][A-Za-z_]{0,23}=)([^&#\s\"'<>,;|]*)")

_DATABASE_NUMBER = regex(r"[0-9]{1,2}")
_SMALL_NUMBER = regex(r"[0-9]{1,5}|[0-9]{1,3}(?:\.[0-9]{1,3}){1,2}")
_WORD = regex(r"(?:[a-z]{1,14}|[A-Z][a-z]{1,13}|[A-Z]{1,10}|[a-z]{2,10}(?:[A-Z][a-z]{1,9}){1,2})[0-9]{0,3}")
_LOGIN_BY_NAME = regex(r"(?:[a-z]{1,14}:)?\$\{?[A-Za-z_][A-Za-z0-9_]{0,99}\}?")
_NAME_NUMBER = regex(r"[0-9]{1,3}")
_ONE_MARK = str.maketrans(".-", "__")
_NO_VOWEL = regex(r"[b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ]{6}")
_TOKEN_LIKE = regex(r"(?i)(?:[srp]k|gh[opsur]|github|glpat|xox.|akia|asia|whsec|hf|key|token|secret|pass\w*|pat)[_.\-]")
_BEFORE_TOKEN = frozenset(
    ("key", "keys", "apikey", "apikeys", "token", "tokens", "secret", "secrets", "password", "hook", "hooks", "webhook",
     "webhooks", "bot")
)  # fmt: skip


class _Piece(NamedTuple):
    """A run of the value that is shown, as `text` where that is not what stands there."""

    start: int
    end: int
    text: str | None = None


def mask_value(value: str, keep: Sequence[tuple[int, int]]) -> str:
    """`value` with everything masked but the addresses at the spans `keep` (offsets, host or host and port) and what is
    plain around them: schemes, a user's name, short words of a path, names of parameters.

    Where a span holds more than an address can, only what could be one at its beginning is shown. The result is clean.
    """
    kept = _kept(value, keep)
    if not kept:
        return MASK if value else ""
    pieces: list[_Piece] = []
    floor = 0
    before = []
    for start, end in kept:
        before.append(_opened(value, floor, [*_left(value, floor, start), _Piece(start, end)]))
        floor = end
    ceilings = [min(piece.start for piece in following) for following in before[1:]] + [len(value)]
    for (_, end), shown, ceiling in zip(kept, before, ceilings, strict=True):
        pieces += [*shown, *_right(value, end, ceiling)]
    return clean(_rendered(value, pieces))


def _kept(value: str, keep: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in sorted(keep):
        start = max(start, kept[-1][1] if kept else 0)
        address = _ADDRESS.match(value, start, end) if start < end else None
        if address:
            kept.append(address.span())
    return kept


def _rendered(value: str, pieces: Sequence[_Piece]) -> str:
    shown = []
    position = 0
    for piece in sorted(pieces, key=lambda piece: piece[:2]):
        if piece.start > position:
            shown.append(MASK)
        if piece.text is not None and piece.start >= position:
            shown.append(piece.text)
        elif piece.text is None:
            shown.append(value[max(piece.start, position) : piece.end])
        position = max(position, piece.end)
    if position < len(value):
        shown.append(MASK)
    return "".join(shown)


# What stands before an address, from the end of the one before it.


def _left(value: str, floor: int, start: int) -> Iterator[_Piece]:
    before = value[floor:start]
    if before.endswith("@") or (before.endswith("(") and _TRANSPORT.search(before)):
        yield from _credentials(value, floor, start)
    elif mark := _MARK.search(before):
        yield _Piece(floor + _scheme(before, mark.start(), adjacent=True), start)
    else:
        yield from _label(value, floor, start)


def _opened(value: str, floor: int, pieces: list[_Piece]) -> list[_Piece]:
    """`pieces` with the `${NAME:-` before them, which a compose file may have."""
    begin = min(piece.start for piece in pieces)
    before = value[max(floor, begin - 80) : begin]
    template = _TEMPLATE.search(before) if "${" in before else None
    return [_Piece(begin - len(template[0]), begin), *pieces] if template else pieces


def _credentials(value: str, floor: int, start: int) -> Iterator[_Piece]:
    """`scheme://user:password@`: the first `://` begins them, since a password may hold another."""
    before = value[floor:start]
    end = before.rfind("@")
    if end < 0:  # tcp( with no user
        yield _Piece(start - len(before), start)
        return
    mark = re.search(r":(?:\\?/){2}", before)
    begin = mark.end() if mark else 0
    if mark:
        scheme = _scheme(before, mark.start(), adjacent=floor == 0 and before.count("//") == 1)
        yield _Piece(floor + scheme, floor + begin)
    user, colon, password = before[begin:end].partition(":")
    alone = mark is not None or floor == 0
    if not colon:
        shown = MASK
    elif alone and password and is_plain(user):
        shown = f"{user}:{MASK}"
    else:
        shown = f"{MASK}:{MASK}" if alone else MASK
    yield _Piece(floor + begin, floor + end, shown if user or colon else "")
    yield _Piece(floor + end, start)


def _scheme(before: str, mark: int, *, adjacent: bool) -> int:
    """Where the scheme begins that ends at `mark`; `mark` itself if it is not to be shown."""
    chain = _CHAIN.search(before[max(0, mark - 80) : mark] + ":")
    if not chain or len(chain[0]) > 60:
        return mark
    begin = mark + 1 - len(chain[0])
    known = _SCHEMES.issuperset(re.split("[:+]", chain[0].strip(":").lower()))
    outside = begin == 0 or before[begin - 1] in " \t\n\"'=,;|([{<?"
    return begin if known or (adjacent and outside and _looks_like_one(chain[0])) else mark


def _looks_like_one(chain: str) -> bool:
    """Whether each part of an unknown scheme is a plain word, as no password should be."""
    return all(_SCHEME_WORD.fullmatch(part) and is_plain(part) for part in re.split(r"[:+.\-]", chain.strip(":")))


def _label(value: str, floor: int, start: int) -> Iterator[_Piece]:
    """A parameter's name, or the brackets and separators of a list."""
    before = value[floor:start]
    if not before:
        return
    if opening := _OPENING.search(before) or _COLON.search(before):
        yield _Piece(floor + opening.start(), start)
    elif before[-1:] in tuple("=/,;|"):
        yield _Piece(start - 1, start)
    if floor == 0 and before[:1] in tuple("([{"):
        yield _Piece(0, min(4, len(before) - len(before.lstrip("([{ \t\n"))))
    yield from _names(value, floor, start)


# What stands behind an address, up to what belongs to the next.


def _right(value: str, end: int, ceiling: int) -> Iterator[_Piece]:
    position = end
    if port := _PORT.match(value, position, ceiling):
        yield _Piece(position, port.end())
        position = port.end()
    after_token = False
    while segment := _SEGMENT.match(value, position, ceiling):
        yield _Piece(segment.start(), segment.end(1))
        word = segment[2]
        if word and not after_token and (is_plain(word) or _DATABASE_NUMBER.fullmatch(word)):
            yield _Piece(*segment.span(2))
        after_token = word.lower() in _BEFORE_TOKEN
        position = segment.end()
    while value.startswith(("?", "&"), position) and (parameter := _QUERY.match(value, position, ceiling)):
        yield from _parameter(value, parameter)
        position = parameter.end()
    if value[position : position + 1] in ("#", "?") and position < ceiling:
        yield _Piece(position, position + 1)
        position += 1
    yield from _closing(value, position, ceiling)
    yield from _names(value, position, ceiling)


def _parameter(value: str, parameter: re.Match[str]) -> Iterator[_Piece]:
    name = parameter[2].rstrip("=")
    yield _Piece(parameter.start(), parameter.end(1))
    if is_plain(name):
        yield _Piece(*parameter.span(2))
        known = _PARAMETER.fullmatch(parameter[2])
        secret = _SECRET_VALUES.fullmatch(name.lower().replace("_", ""))
        if known and not secret and _is_harmless(parameter[3]):
            yield _Piece(*parameter.span(3))


def _closing(value: str, position: int, ceiling: int) -> Iterator[_Piece]:
    closing = _CLOSING.match(value, position, ceiling) if position < ceiling else None
    if closing and closing[0]:
        yield _Piece(*closing.span())
    if ceiling == len(value) and value[:1] in tuple("([{"):
        tail = len(value) - len(value.rstrip("\"'])} \t\n"))
        yield _Piece(max(position, len(value) - min(tail, 4)), len(value))


def _names(value: str, floor: int, ceiling: int) -> Iterator[_Piece]:
    """The names of well-known parameters, and the values of those that hold no secret."""
    around = value[floor:ceiling]
    if not any(mark in around for mark in "=\"'-"):
        return  # without a mark of a parameter there is none, and the search for their names is the dearest of all
    semicolons = ";" in around
    secret_until = floor
    for found in _PARAMETER.finditer(value, floor, ceiling):
        if found.start() < secret_until or (semicolons and found["before"] in tuple("&?, \t\n")):
            continue  # the words of a password, or of a value with blanks
        yield _Piece(*found.span())
        name = re.sub(r"[_ ]", "", found["name"] or found["key"]).lower()
        if _SECRET_VALUES.fullmatch(name):
            secret_until = _value_end(value, found.end(), ceiling, semicolons)
        elif (harmless := _HARMLESS_VALUE.match(value, found.end(), ceiling)) and _is_harmless(harmless[0]):
            yield _Piece(*harmless.span())
    for flag in _FLAG.finditer(value, floor, ceiling):
        yield _Piece(*flag.span())


def _value_end(value: str, start: int, ceiling: int, semicolons: bool) -> int:
    """Where a parameter's value ends: at its quote, at the semicolon of a string that has some, at a blank."""
    quote = value[start - 1]
    ends = re.escape(quote) if quote in "\"'" else ";" if semicolons else r"[\s&,]"
    found = re.compile(ends).search(value, start, ceiling)
    return found.start() if found else ceiling


def _is_harmless(text: str) -> bool:
    return bool(_SMALL_NUMBER.fullmatch(text)) or is_plain(text)


@lru_cache(maxsize=1024)
def is_plain(text: str) -> bool:
    """Whether `text` reads as a short word or a few of them, and not as a password, a token or a key."""
    if not text or len(text) > 28 or _NO_VOWEL.search(text) or (not text.isalnum() and _TOKEN_LIKE.match(text)):
        return False
    digits = sum(character.isdigit() for character in text)
    return digits <= 3 and all(map(_WORD.fullmatch, text.strip("_.-").translate(_ONE_MARK).split("_")))


def as_written(text: object) -> str:
    """A text of a compose file as it stands there, its variables not filled in, since nothing that is told may hold
    their values (`compose.nodes.Scalar` keeps both); any other text as it is. Neither with the login of a URL."""
    return without_login(str(getattr(text, "template", None) or text))


def without_login(text: str) -> str:
    """The text, what stands before the host of a URL in it masked, unless that is a variable's name alone."""
    start, end = text.find("://") + 3, text.rfind("@")
    if start < 3 or end < start or _LOGIN_BY_NAME.fullmatch(text, start, end):
        return text
    return f"{text[:start]}{MASK}{text[end:]}"


def may_be_a_host(name: str) -> bool:
    """Whether a name of a container may be written into an env file as the host of an address, which shows it in every
    preview. One into which a variable was filled may be a secret (`hostname: ${TOKEN}`): it is taken only where it
    reads as words and small numbers do, so that no preview, no `replacement` and no file holds a token for it."""
    return getattr(name, "template", None) is None or _reads_as_words(name)


def shown_host(host: str) -> str:
    """The host of an address that a container is told, wherever that comes from; masked where it may be a token."""
    return host if _reads_as_words(host) else MASK


def _reads_as_words(name: str) -> bool:
    """Whether words and small numbers are all of a name, or of an IP address."""
    parts = filter(None, re.split(r"[][_.:\-]", name))
    return not _TOKEN_LIKE.match(name) and all(_NAME_NUMBER.fullmatch(part) or is_plain(part) for part in parts)


# Letters and marks that take no ink, so that str.isprintable() lets them pass: fillers, joiners, variation selectors.
_INVISIBLE = regex("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


_MOST_MARKS = 4
_LINE_END_OR_COLOUR = regex(r"(\n|\x1b\[[0-9;]{0,16}m)")


def clean(text: str) -> str:
    """`text` on one line, with every character that a terminal could act on, or that shows nothing (control, format,
    bidirectional and zero-width characters, blanks other than the space, bytes that are no UTF-8), spelt as an escape:
    a file must not forge what a person reads."""
    if not text.isascii():
        text = _without_floods(text)
    if text.isprintable() and (text.isascii() or not _INVISIBLE.search(text)):
        return text
    return "".join(_spelt(character) for character in text)


def door(text: str, *, colour: bool) -> str:
    """`text` as it may reach a terminal: clean, but for its line ends and, with `colour`, envfix's own colours."""
    pieces = _LINE_END_OR_COLOUR.split(text)
    kept = pieces[1::2] if colour else [piece if piece == "\n" else clean(piece) for piece in pieces[1::2]]
    return "".join(clean(piece) + end for piece, end in zip_longest(pieces[::2], kept, fillvalue=""))


def _without_floods(text: str) -> str:
    """The text with no more marks on one letter than any script has; thousands of them cover the lines around."""
    import unicodedata  # only for text beyond ASCII

    shown: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if not character.isascii() and unicodedata.category(character)[0] == "M" else 0
        if marks <= _MOST_MARKS:
            shown.append(character)
        elif marks == _MOST_MARKS + 1:
            shown.append("\N{HORIZONTAL ELLIPSIS}")
    return "".join(shown)


def _spelt(character: str) -> str:
    if character.isprintable() and not _INVISIBLE.match(character):
        return character
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character) or (
        f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    )


# Nobody reads more of a sentence, and a project may have thousands of services.
_MOST_LISTED = 20


def shortened(items: Sequence[Item], words: Callable[[Item], str], most: int = _MOST_LISTED) -> list[str]:
    """Each item in words; of more than `most` the first, and last how many there are beside them: `and 7 more`."""
    more = len(items) - most
    return [*map(words, items[:most]), *([f"and {more} more"] if more > 0 else [])]


def listed(texts: Sequence[str], between: str = ", ") -> str:
    """`a, b, c`; of more texts than anybody reads the first, and how many there are beside them."""
    return between.join(shortened(texts, str))


def enumerated(names: Sequence[str], most: int, rest: str = "more") -> str:
    """`a, b and c`; of more names than `most` the first, and how many there are beside them: `a, b and 7 more`."""
    if len(names) > most:
        return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} {rest}"
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]
