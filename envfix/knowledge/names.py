"""What the name of a variable says: who uses its value, and for what.

A name is read as words (`NEXTAUTH_URL` is NEXTAUTH, URL; `apiBaseUrl` is API, BASE, URL). A row of words matches where
those words stand side by side in the name.
"""

from functools import cache, lru_cache

from envfix.knowledge.frameworks import PUBLIC_PREFIXES
from envfix.knowledge.images import IMAGES
from envfix.knowledge.own_address import BIND_NAMES, BIND_WORDS, LISTEN_WORDS
from envfix.knowledge.words import (
    BROWSER_WORDS,
    DIALECT_WORDS,
    DRIVER_WORDS,
    HOST_WORDS,
    INTERNAL_WORDS,
    NAME_ENDINGS,
    NO_ADDRESS_WORDS,
    ROLE_WORDS,
    SERVER_ONLY_WORDS,
)
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex

_WORDS = regex(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+")


class NameSays(NamedTuple):
    """What a variable's name says. `prefix` is a framework's public prefix, `browser` the words that name an outside
    user, `bind`, `listens` and `listing` those that name a listener (perhaps, for sure) and a list (each "" where
    there are none); `server_only`: no browser asks such an address; `kinds` the
    families of servers that it names and `role` the word that does; `exact` if that word is a product's."""

    words: tuple[str, ...]
    prefix: str
    browser: str
    internal: bool
    bind: str
    listing: str
    listens: str
    server_only: bool
    names_a_host: bool
    is_a_name: bool
    kinds: frozenset[str]
    role: str
    exact: bool


_TAILS = ("URL", "URI", "HOST", "PORT", "ADDR", "SERVER", "HOSTNAME")  # short ones first: the longest head is meant
# Products whose names have a capital within, so that their parts are one word (`ClickHouse`, `MinIO`, `MySql`).
_PRODUCTS = frozenset(
    {"CLICKHOUSE", "MINIO", "MYSQL", "POSTGRESQL", "SQLSERVER", "MARIADB", "MONGODB", "RABBITMQ", "ACTIVEMQ",
     "ELASTICSEARCH", "OPENSEARCH", "REDPANDA", "COUCHDB", "MEILISEARCH", "TYPESENSE", "MAILHOG", "MAILPIT"}
)  # fmt: skip


# The tables that follow from others are made when the first name is looked at, which many a run never does.


@cache
def _image_words() -> dict[str, frozenset[str]]:
    """The words that name products, each with the families of servers that it may mean."""
    kinds: dict[str, set[str]] = {}
    for image in IMAGES:
        for word in image.words:
            kinds.setdefault(word.upper(), set()).add(image.kind)
    return {word: frozenset(found) for word, found in kinds.items()}


@cache
def _heads() -> frozenset[str]:
    """Products and roles that are written together with HOST, PORT or URL (`DBHOST`, `REDISHOST`, `MONGOURI`). Words of
    two letters are left out: they end other words too often."""
    return frozenset({"DB", "PG", "SQL", *(word for word in (*ROLE_WORDS, *_image_words()) if len(word) > 2)})


@lru_cache(maxsize=8192)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, in upper case: `apiBase_URL2` gives API, BASE, URL2; `DBHOST` DB, HOST; `ClickHouseUrl`
    CLICKHOUSE, URL."""
    words: list[str] = []
    for match in _WORDS.finditer(name):
        word = match.group().upper()
        joined = _joined(word) if word not in _image_words() else None
        if joined is not None:
            words += joined
        elif words and words[-1] + word in _PRODUCTS and name[match.start() - 1] not in "_-. ":
            words[-1] += word
        else:
            words.append(word)
    return tuple(words)


def _joined(word: str) -> tuple[str, str] | None:
    """A word taken apart that is a product or role and what it has of one: `DBHOST`."""
    tails = (tail for tail in _TAILS if word.endswith(tail) and word[: -len(tail)] in _heads())
    return next(((word[: -len(tail)], tail) for tail in tails), None)


_Row = tuple[str, ...]


def _rows(words: tuple[str, ...]) -> list[_Row]:
    """The rows of words that stand side by side, short ones first."""
    return [words[start : start + size] for size in range(1, 7) for start in range(len(words) - size + 1)]


def _match(rows: list[_Row], table: dict[_Row, str]) -> str:
    for row in rows:
        if row in table:
            return "_".join(row)
    return ""


def _kinds(words: tuple[str, ...], ignored: frozenset[str]) -> tuple[frozenset[str], str, bool]:
    for table in (_image_words(), ROLE_WORDS):
        for word in words:
            kinds = table.get(word) or table.get(word.rstrip("0123456789")) or table.get(word.removesuffix("S"))
            if kinds and word not in ignored:
                return kinds, word, table is not ROLE_WORDS
    return frozenset(), "", False


def kinds_named(text: str) -> frozenset[str]:
    """The products that a driver's name means: `pdo_pgsql`, `django.db.backends.mysql`, `mongodb`."""
    found: frozenset[str] = frozenset()
    for word in words_of(text):
        found |= _image_words().get(word, frozenset())
        if word in DRIVER_WORDS:
            found |= {DRIVER_WORDS[word]}
    return found


def _for_the_server(words: tuple[str, ...]) -> bool:
    """Whether a public name says that the server alone uses it; a development server is one that browsers load from."""
    return words[-1] in ("SERVER", "SSR") and words[-2:] != ("DEV", "SERVER")


def name_says(name: str, ignored: frozenset[str] = frozenset()) -> NameSays:
    """What the name of a variable says of its use; words of `ignored` name no product here."""
    return _says(name, ignored.intersection(words_of(name)))


@lru_cache(maxsize=4096)
def _says(name: str, ignored: frozenset[str]) -> NameSays:
    """`ignored` are words of the name."""
    words = words_of(name)
    rows = _rows(words)
    prefix = next((prefix for prefix in PUBLIC_PREFIXES if name.startswith(prefix) and len(name) > len(prefix)), "")
    kinds, role, exact = _kinds(words, ignored)
    last = words[-1] if words else ""
    return NameSays(
        words=words,
        prefix=prefix,
        browser=_match(rows, BROWSER_WORDS),
        internal=_for_the_server(words) if prefix else any(word in INTERNAL_WORDS for word in words),
        bind=name if name.upper() in BIND_NAMES else _match(rows, BIND_WORDS),
        listing=_match(rows, NO_ADDRESS_WORDS),
        listens=_match(rows, LISTEN_WORDS),
        server_only=bool(_match(rows, SERVER_ONLY_WORDS)),
        names_a_host=any(word in HOST_WORDS for word in words[-2:]),
        is_a_name=last in NAME_ENDINGS,
        kinds=kinds,
        role=role,
        exact=exact,
    )


@lru_cache(maxsize=4096)
def port_names(name: str) -> tuple[str, ...]:
    """The names under which the port of a host variable stands beside it, likeliest first (`DB_HOST`: `DB_PORT`)."""
    if name.upper() in ("PGHOST", "PGHOSTADDR"):
        return ("PGPORT",)
    joined = _joined(name)
    if joined is not None:
        return (joined[0] + "PORT",)
    found: list[str] = []
    for match in reversed(list(_WORDS.finditer(name))):
        if match.group().upper() not in HOST_WORDS:
            continue
        found.append(name[: match.start()] + _cased("port", match.group()) + name[match.end() :])
        head = name[: match.start()].rstrip("_-.")
        if head:
            found += [
                f"{head}_{middle}{_cased('port', match.group())}" for middle in ("", "TCP_", "NATIVE_", "SERVER_")
            ]
        break
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=4096)
def dialect_names(name: str) -> tuple[str, ...]:
    """The names under which the product stands beside a host variable (`DB_HOST`: `DB_CONNECTION`, `DB_TYPE`, ...)."""
    for match in _WORDS.finditer(name):
        if match.group().upper() in HOST_WORDS and match.start():
            head = name[: match.start()]
            return tuple(head + _cased(word, match.group()) for word in DIALECT_WORDS)
    return ()


def _cased(word: str, like: str) -> str:
    """The word in the case of another one."""
    return word.upper() if like.isupper() else word.capitalize() if like[0].isupper() else word.lower()
