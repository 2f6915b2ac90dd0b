"""What may be shown of a value: rows of values and what remains of them, and secrets that must not come through."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envfix.addresses import find_addresses
from envfix.compose.nodes import NOWHERE, parted, scalar, together
from envfix.shown import as_written, clean, door, is_plain, mask_value, without_login


def masked(value: str) -> str:
    """The value with its addresses kept."""
    keep = [span for place in find_addresses(value) for span in place.spans]
    return mask_value(value, keep)


MASKED = [
    (
        "a password",
        "postgresql://postgres:pw@localhost:5432/postgres",
        "postgresql://postgres:***@localhost:5432/postgres",
    ),
    ("userinfo without a password", "https://tok3n@localhost:80/x", "https://***@localhost:80/x"),
    ("an empty user", "redis://:pw@localhost:6379/0", "redis://***:***@localhost:6379/0"),
    ("an empty password", "redis://token:@localhost:6379", "redis://***:***@localhost:6379"),
    ("a user that looks like a token", "https://ghp_abc:x@localhost", "https://***:***@localhost"),
    ("a user with many digits", "amqp://a1b2c3d4:x@localhost", "amqp://***:***@localhost"),
    ("a password with @", "postgres://u:p@ss@localhost/x", "postgres://u:***@localhost/x"),
    ("a password with a scheme", "postgres://u:p://x@localhost/x", "postgres://u:***@localhost/x"),
    ("a password with a URL", "postgres://u:p,s3cr3t://x@localhost/x", "postgres://u:***@localhost/x"),
    ("a password with a parameter", "postgres://u:p;port=99@localhost/x", "postgres://u:***@localhost/x"),
    ("a driver in the scheme", "postgresql+asyncpg://u:p@localhost/x", "postgresql+asyncpg://u:***@localhost/x"),
    ("jdbc", "jdbc:mysql://localhost:3306/x?user=me&password=p", "jdbc:mysql://localhost:3306/x?user=***&password=***"),
    ("a scheme that looks like a password", "Zq7x4v9K1w://localhost:80", "***://localhost:80"),
    ("a scheme with digits", "hunter2://localhost:80", "***://localhost:80"),
    ("a parameter that holds a secret", "host=localhost password=localhost:5432", "host=localhost password=***"),
    ("a secret that is all there is", "Pwd=localhost:5432", "***"),
    ("a foreign scheme", "clickhouse+x://localhost:9000", "clickhouse+x://localhost:9000"),
    ("plain words of a path", "http://localhost:80/api/v1/user-data", "http://localhost:80/api/v1/user-data"),
    ("a token in a path", "http://localhost:80/AbC123dEf456/x", "http://localhost:80/***/x"),
    ("a word behind hooks", "http://localhost:80/hooks/abcdef", "http://localhost:80/hooks/***"),
    ("a key by its prefix", "http://localhost:80/sk_live_abcdef", "http://localhost:80/***"),
    ("a word without vowels", "http://localhost:80/qwrtzxcvbn", "http://localhost:80/***"),
    ("a long word", "http://localhost:80/abcdefabcdefabcdefab", "http://localhost:80/***"),
    ("a number of a database", "redis://localhost:6379/12", "redis://localhost:6379/12"),
    ("a long number", "redis://localhost:6379/123456", "redis://localhost:6379/***"),
    ("an encoded vhost", "amqp://u:p@localhost:5672/%2f/jobs", "amqp://u:***@localhost:5672/%2f/jobs"),
    ("a harmless parameter", "postgres://localhost/x?sslmode=disable", "postgres://localhost/x?sslmode=disable"),
    ("a version", "mysql://localhost/x?serverVersion=8.0.32", "mysql://localhost/x?serverVersion=8.0.32"),
    (
        "a harmless parameter with odd text",
        "postgres://localhost/x?schema=a1b2c3d4e5",
        "postgres://localhost/x?schema=***",
    ),
    ("an unknown parameter", "http://localhost/x?token=abc", "http://localhost/x?token=***"),
    ("an odd parameter's name", "http://localhost/x?sk_live_x=abc", "http://localhost/x?***"),
    ("a fragment", "http://localhost/x#abc", "http://localhost/x#***"),
    (
        "several hosts of a URL",
        "mongodb://u:p@localhost:1,localhost:2/x?replicaSet=rs0",
        "mongodb://u:***@localhost:1,localhost:2/x?replicaSet=rs0",
    ),
    ("a foreign host of a URL", "mongodb://u:p@secret-host:1,localhost:2/x", "***,localhost:2/x"),
    (
        "two URLs",
        "redis://:p@localhost:1,redis://:q@localhost:2",
        "redis://***:***@localhost:1,redis://***:***@localhost:2",
    ),
    ("a foreign URL before it", "http://other.test,http://localhost:3000", "***http://localhost:3000"),
    ("a list", "localhost:9092,localhost:9093", "localhost:9092,localhost:9093"),
    ("a foreign address in a list", "localhost:9092,other:9093", "localhost:9092,***"),
    ("options of a client", "localhost:6379,password=p,ssl=False", "localhost:6379,password=***,ssl=False"),
    (
        "ADO.NET",
        "Server=localhost,1433;Database=shop;User Id=sa;Password=a b;Encrypt=false",
        "Server=localhost,1433;Database=shop;User Id=***;Password=***;Encrypt=false",
    ),
    ("ADO.NET, an unknown key", "Host=localhost;Thing=abc;Port=5432", "Host=localhost;***;Port=5432"),
    ("ADO.NET, a key in a password", "Host=localhost;Password=a db=b", "Host=localhost;Password=***"),
    ("libpq", "host=localhost port=5432 dbname=x password=p", "host=localhost port=5432 dbname=x password=***"),
    (
        "libpq, a quoted password",
        "host=localhost password='a db=b' port=5432",
        "host=localhost password='*** port=5432",
    ),
    ("PHP", "mysql:host=127.0.0.1;port=3306;dbname=x", "mysql:host=127.0.0.1;port=3306;dbname=x"),
    ("Go", "root:p@tcp(127.0.0.1:3306)/x?parseTime=true", "root:***@tcp(127.0.0.1:3306)/x?parseTime=true"),
    (
        "JSON",
        '{"host": "localhost", "port": 6379, "password": "p", "x": "y"}',
        '{"host": "localhost", "port": 6379, "password": "***"}',
    ),
    ("a literal list", '["localhost:11211","x"]', '["localhost:11211",***"]'),
    ("an encoded URL", "https://x.test/?k=a&n=http%3A%2F%2Flocalhost%3A80%2Fa", "***http%3A%2F%2Flocalhost%3A80%2Fa"),
    ("a command", "redis-cli -a pw -h localhost -p 6379", "***-h localhost -p 6379"),
    ("a default", "${URL:-http://localhost:80/x}", "${URL:-http://localhost:80/x}"),
    ("words around", "pw localhost pw", "*** localhost ***"),
    ("an escape of a terminal", "\x1b[2Jx localhost:80/\u202ex", "*** localhost:80/***"),
    ("the host alone", "localhost", "localhost"),
]


@pytest.mark.parametrize(("value", "shown"), [pytest.param(*row[1:], id=row[0]) for row in MASKED])
def test_shows_the_address_and_masks_the_rest(value: str, shown: str) -> None:
    assert masked(value) == shown


@pytest.mark.parametrize(
    ("value", "keep", "shown"),
    [
        pytest.param("secret", [], "***", id="nothing kept, nothing shown"),
        pytest.param("", [], "", id="an empty value is no secret"),
        pytest.param("host=a password=b port=5", [(5, 24)], "host=a password=*** port=5", id="a span too wide is cut"),
        pytest.param("localhost", [(5, 5), (9, 20), (-3, -1)], "***", id="spans that hold nothing"),
        pytest.param("localhost:80", [(0, 9), (5, 12)], "localhost:80", id="spans that overlap"),
        pytest.param("a:1 b:2", [(4, 7), (0, 3)], "a:1 b:2", id="spans in any order"),
    ],
)
def test_spans_are_not_trusted(value: str, keep: list[tuple[int, int]], shown: str) -> None:
    assert mask_value(value, keep) == shown


# Every place of a value in which a secret may stand; {s} is the secret.
PLACES = [
    "postgres://u:{s}@localhost:5432/x",
    "postgres://u:a@{s}@localhost:5432/x",
    "postgres://u:a://{s}@localhost:5432/x",
    "postgres://u:a/{s}@localhost:5432/x",
    "postgres://u:a,{s}@localhost:5432/x",
    "https://{s}@localhost:80",
    "https://{s}:x@localhost:80",
    "u:{s}@localhost:5672",
    "u:{s}@tcp(localhost:3306)/x",
    "http://localhost:80/{s}",
    "http://localhost:80/a/{s}/b",
    "http://localhost:80/x?key={s}",
    "http://localhost:80/x?a=b&sslmode={s}",
    "http://localhost:80/x#{s}",
    "http://localhost:80/x;{s}",
    "Server=localhost,1433;Password={s};Database=x",
    "Password={s};Server=localhost,1433",
    "Server=localhost;Other={s}",
    "host=localhost password={s} port=5432",
    "password='{s}' host=localhost",
    "host=localhost password='a {s} b'",
    '{{"password": "{s}", "host": "localhost"}}',
    '{{"host": "localhost", "port": 1, "key": "{s}"}}',
    '["{s}", "localhost:80"]',
    "localhost:80,{s}",
    "{s},localhost:80",
    "{s} localhost:80 {s}",
    "redis://localhost:6379,password={s}",
    "https://x.test/{s}?n=http%3A%2F%2Flocalhost%3A80",
    "?n=http%3A%2F%2Fu%3A{s}%40localhost%3A80",
    "tool --password {s} -h localhost -p 6379",
    "mongodb://u:{s}@a:1,localhost:2,{s}:3/x",
    "localhost:80 # {s}",
]
SECRETS = [
    "Canary7h3S3cret",
    "sk_live_51CanaryCanary",
    "c4n4ry-4711-c4n4ry",
    "CANARYTOKENCANARYTOKENCANARY",
    "k9#Canary$x1",
    "qcanaryqqcanaryqqcanary",
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_comes_through(place: str, secret: str) -> None:
    value = place.format(s=secret)
    assert "localhost" in masked(value)
    assert not re.search(r"(?i)canary|c4n4ry", masked(value))


PUNCTUATED = st.text(alphabet="Q;=,:/@?&#'\" {}[]()\\%.-_$|", min_size=1, max_size=30)


@settings(max_examples=500, deadline=None)
@given(st.sampled_from([place for place in PLACES if "assword" in place or "u:{s}@" in place]), PUNCTUATED)
def test_passwords_of_any_punctuation_stay_masked(place: str, noise: str) -> None:
    """What the separators of every dialect leave of a password is still none of its words."""
    value = place.format(s=noise.replace("Q", "Zx9Canary8Q"))
    assert "Canary" not in masked(value)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.text(), st.lists(st.tuples(st.integers(-3, 40), st.integers(-3, 40)), max_size=4))
def test_any_value_with_any_spans_is_masked_without_an_exception_and_clean(
    value: str, keep: list[tuple[int, int]]
) -> None:
    shown = mask_value(value, keep)
    assert shown == clean(shown)
    assert shown.isprintable()


CLEAN = [
    ("plain text stays", "DATABASE_URL=é中", "DATABASE_URL=é中"),
    ("an escape sequence", "\x1b[31mred", "\\x1b[31mred"),
    ("a C1 control", "\x9b31m", "\\x9b31m"),
    ("line breaks", "a\r\nb\u2028c\u0085", "a\\r\\nb\\u2028c\\x85"),
    ("a tab", "a\tb", "a\\tb"),
    ("a NUL and a bell", "\0\a", "\\x00\\x07"),
    ("an override of direction", "\u202eabc\u202c", "\\u202eabc\\u202c"),
    ("isolates of direction", "\u2066a\u2069", "\\u2066a\\u2069"),
    ("a zero-width blank", "a\u200bb\ufeffc", "a\\u200bb\\ufeffc"),
    ("a blank that is none", "a\u00a0b", "a\\xa0b"),
    ("a filler", "a\u3164b", "a\\u3164b"),
    ("tags", "a\U000e0041", "a\\U000e0041"),
    ("a byte that is no UTF-8", "a\udcff", "a\\xff"),
    ("half of a pair", "a\ud800", "a\\ud800"),
]


@pytest.mark.parametrize(("text", "shown"), [pytest.param(*row[1:], id=row[0]) for row in CLEAN])
def test_clean_lets_nothing_through_that_a_terminal_acts_on(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_a_flood_of_marks_is_cut() -> None:
    assert clean("e\u0301x") == "e\u0301x"
    assert clean("ก็ชื่อ") == "ก็ชื่อ"
    assert clean("a" + "\u0301" * 5000 + "b") == "a" + "\u0301" * 4 + "…b"


def test_the_door_lets_through_colours_and_line_ends_alone() -> None:
    text = "\x1b[31mred\x1b[0m\n\x1b]0;title\x07\tx\x1b[2J\n"
    assert door(text, colour=True) == "\x1b[31mred\x1b[0m\n\\x1b]0;title\\x07\\tx\\x1b[2J\n"
    assert door(text, colour=False) == clean("\x1b[31mred\x1b[0m") + "\n\\x1b]0;title\\x07\\tx\\x1b[2J\n"


@given(st.text())
def test_clean_is_printable_and_stable(text: str) -> None:
    assert clean(text).isprintable()
    assert clean(clean(text)) == clean(text)
    clean(text).encode()


@pytest.mark.parametrize(
    "word", ["postgres", "nestjs_boilerplate", "knowledge_hub", "v1", "api", "myApp", "user-data", "db2"]
)
def test_words_are_plain(word: str) -> None:
    assert is_plain(word)


@pytest.mark.parametrize(
    "text", ["", "a1b2c3d4", "glpat-abc", "kqzxvbnm", "A" * 40, "aB3xZ9", "p@ss", "x" * 15, "tokEnTokEnTokEn"]
)
def test_tokens_are_not_plain(text: str) -> None:
    assert not is_plain(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("./app", "./app"),
        ("https://example.org/a.git", "https://example.org/a.git"),
        ("https://hunter2@example.org/a.git", "https://***@example.org/a.git"),
        ("https://app:hunter2@example.org/a.git#v1", "https://***@example.org/a.git#v1"),
        ("https://app:hun/ter@2@example.org", "https://***@example.org"),
        ("https://${TOKEN}@example.org", "https://${TOKEN}@example.org"),
        ("https://app:${TOKEN}@example.org", "https://app:${TOKEN}@example.org"),
        ("https://app:hunter2${TOKEN}@example.org", "https://***@example.org"),
        ("https://app:${TOKEN:-hunter2}@example.org", "https://***@example.org"),
        ("git@github.com:acme/a.git", "git@github.com:acme/a.git"),
        ("postgres@sha256:0123", "postgres@sha256:0123"),
    ],
)
def test_a_url_is_told_without_its_login(text: str, told: str) -> None:
    assert without_login(text) == as_written(text) == told


@pytest.mark.parametrize(
    ("text", "separator", "name", "rest"),
    [
        ("db:${A}", ":", "db", "${A}"),
        ("${A}:db", ":", "${A}:db", "${A}:db"),  # A may be `x:y`
        ("${A:-x}", ":", "${A:-x}", "${A:-x}"),
        ("db:x-${A}:y", ":", "db", "x-${A}:y"),
        ("plain:text", ":", "plain", "text"),
        ("$$:text", ":", "$$:text", "$$:text"),
    ],
)
def test_a_part_of_a_text_is_told_as_it_is_written(text: str, separator: str, name: str, rest: str) -> None:
    value = text.replace("$$", "$").replace("${A:-x}", "q:r").replace("${A}", "q:r")
    whole = scalar(value, NOWHERE, template=text if value != text else None)
    left, _, right = parted(whole, separator)
    assert (left, right) == value.partition(separator)[::2]
    assert (as_written(left), as_written(right)) == (name, rest)


def test_a_text_of_several_is_told_as_they_are() -> None:
    secret = scalar("hunter2", NOWHERE, template="${A}")
    assert together(secret, "-", "db") == "hunter2-db"
    assert as_written(together(secret, "-", "db")) == "${A}-db"
    assert type(together("shop", "-db")) is str
