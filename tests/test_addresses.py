"""Which addresses are in a value: a table per dialect, rows that are addresses and rows that are none.

A row: the lesson it holds, the value, and what is found: (host, port, scheme, dialect), or (host, refusal) where the
place is no destination. The places and the order of the whole are checked, not a part of it.
"""

from __future__ import annotations

import time

import growth
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from envfix.addresses import Address, find_addresses, may_hold_address

Found = tuple[str, int | None, str | None, str] | tuple[str, str]
Row = tuple[str, str, list[Found]]


def shown(place: Address) -> Found:
    if place.refusal:
        return (place.host, place.refusal)
    return (place.host, place.port, place.scheme, place.dialect)


def rows(*tables: list[Row]) -> list[object]:
    return [pytest.param(value, found, id=lesson) for table in tables for lesson, value, found in table]


URLS: list[Row] = [
    ("a server of WebRTC", "turn:localhost:3478?transport=udp", [("localhost", 3478, "turn", "url")]),
    (
        "several of them",
        "stun:localhost:3478,turns:127.0.0.1:5349",
        [("localhost", 3478, "stun", "url"), ("127.0.0.1", 5349, "turns", "url")],
    ),
    ("a word that ends like its scheme", "return:localhost:3478", [("localhost", 3478, None, "host-port")]),
    ("gRPC's name for a server", "dns:///localhost:50051", [("localhost", 50051, "grpc", "url")]),
    ("and one at a name server of its own", "dns://10.0.0.2/localhost:50051", [("localhost", "database name")]),
    ("slashes inside a word begin no URL", "x//localhost", [("localhost", "file path")]),
    ("three slashes begin no URL", "///localhost", [("localhost", "file path")]),
    ("a URL without a scheme in brackets", "(//localhost:80)", [("localhost", 80, None, "url")]),
    ("a mark without a scheme is a pattern", "://localhost:80", [("localhost", "pattern")]),
    ("a path with a wildcard is a pattern", "http://localhost:80/*", [("localhost", "pattern")]),
    ("the end of an expression is a pattern", "http://localhost:80/x$", [("localhost", "pattern")]),
    ("an apostrophe in a password", "mysql://till:d'or@localhost:3310/x", [("localhost", 3310, "mysql", "url")]),
    ("quotes in a password", 'mysql://till:d"o"r@localhost:3310/x', [("localhost", 3310, "mysql", "url")]),
    ("angles in a password", "mysql://till:d<o>r@localhost:3310/x", [("localhost", 3310, "mysql", "url")]),
    ("blanks in a password", "mysql://till:d o r@localhost:3310/x", [("localhost", 3310, "mysql", "url")]),
    ("a backtick in a password", "mysql://till:d`r@localhost:3310/x", [("localhost", 3310, "mysql", "url")]),
    (
        "an apostrophe in one password of a list",
        "amqp://a:d'or@localhost:1,amqp://a:b@localhost:2",
        [("localhost", 1, "amqp", "url"), ("localhost", 2, "amqp", "url")],
    ),
    (
        "the quote that encloses a URL ends it",
        "dsn='mysql://till:door' root@localhost",
        [("localhost", "mail address")],
    ),
    (
        "the quote that encloses a URL may be the other one",
        '{"dsn": "mysql://till:d\'or@localhost:3310/x"}',
        [("localhost", 3310, "mysql", "url")],
    ),
    ("a port before a quote is one", "http://example.org:80' root@localhost", [("localhost", "mail address")]),
    ("a blank in a text ends a URL", "see http://a:b or ask root@localhost", [("localhost", "mail address")]),
    ("two slashes in a password", "redis://:p/a/s@localhost:1", [("localhost", 1, "redis", "url")]),
    ("a slash behind what may be a port", "redis://a:1/s@localhost", [("localhost", "mail address")]),
    *(
        (f"a slash behind a port that is {mark}", f"http://a:{mark}/s@localhost", [("localhost", "mail address")])
        for mark in ("*", "{1,2}", "(1)", "$P", "\\d")
    ),
    ("a slash behind a host", "redis://a/s@localhost", [("localhost", "mail address")]),
    ("a slash behind a colon", "redis://a:/s@localhost", [("localhost", "mail address")]),
    ("a bar behind the host", "http://localhost|x", [("localhost", None, "http", "url")]),
    ("a semicolon behind the host", "http://localhost;x=1", [("localhost", None, "http", "url")]),
    (
        "a slash in the password before several hosts",
        "mongodb://u:p/x@localhost:1,localhost:2/x",
        [("localhost", 1, "mongodb", "url"), ("localhost", 2, "mongodb", "url")],
    ),
    ("a URL names host and port", "http://localhost:3000", [("localhost", 3000, "http", "url")]),
    ("a URL may name no port", "http://localhost", [("localhost", None, "http", "url")]),
    ("a slash ends the host", "http://localhost/", [("localhost", None, "http", "url")]),
    ("a colon with nothing behind it is no port", "http://localhost:/x", [("localhost", None, "http", "url")]),
    ("a query may follow at once", "redis://localhost:6379?db=1", [("localhost", 6379, "redis", "url")]),
    ("a host without a port keeps its query", "postgres://localhost?x=1", [("localhost", None, "postgres", "url")]),
    (
        "credentials are no part of the host",
        "postgresql://postgres:pw@localhost:5432/postgres",
        [("localhost", 5432, "postgresql", "url")],
    ),
    ("a user without a password", "postgresql://me@localhost/x", [("localhost", None, "postgresql", "url")]),
    ("a password without a user", "redis://:pw@127.0.0.1:6379", [("127.0.0.1", 6379, "redis", "url")]),
    (
        "the last @ before the path decides",
        "postgres://u:p@ss@localhost:5432/x",
        [("localhost", 5432, "postgres", "url")],
    ),
    ("colons in a password are no port", "amqp://u:a:1:b@localhost:5672", [("localhost", 5672, "amqp", "url")]),
    (
        "escapes in a password stay escapes",
        "mysql://u:p%40%3A%2Fs@localhost:3306/x",
        [("localhost", 3306, "mysql", "url")],
    ),
    (
        "a slash in a password does not end it",
        "postgres://u:p/s@localhost:5432/x",
        [("localhost", 5432, "postgres", "url")],
    ),
    (
        "a hash in a password does not end it",
        "postgres://u:p#s@localhost:5432/x",
        [("localhost", 5432, "postgres", "url")],
    ),
    ("a question mark in a password does not end it", "amqp://u:p?s@localhost/x", [("localhost", None, "amqp", "url")]),
    ("a comma in a password is no list", "mongodb://u:a,b@localhost:27017/x", [("localhost", 27017, "mongodb", "url")]),
    ("localhost as user and password is nothing", "redis://localhost:localhost@cache:6379", []),
    (
        "an address as password is nothing",
        "redis://x:127.0.0.1:80@localhost:6379",
        [("localhost", 6379, "redis", "url")],
    ),
    ("an @ in the path is behind the host", "http://localhost:80/@me", [("localhost", 80, "http", "url")]),
    (
        "an @ in the query is behind the host",
        "postgres://localhost:5432/x?u=a@b",
        [("localhost", 5432, "postgres", "url")],
    ),
    ("a socket in the query", "postgresql://localhost/x?host=/run/pg", [("localhost", "the query names a socket")]),
    (
        "an encoded one behind other options",
        "mysql+pymysql://u:p@localhost:3307/x?charset=utf8&unix_socket=%2Frun%2Fmysqld.sock",
        [("localhost", "the query names a socket")],
    ),
    (
        "a host in the query is no socket",
        "postgres://localhost:5433/x?host=replica&connect_timeout=5",
        [("localhost", 5433, "postgres", "url")],
    ),
    (
        "a folder in a web query is none",
        "http://localhost:8080/browse?host=/srv",
        [("localhost", 8080, "http", "url")],
    ),
    ("a database called localhost", "mysql://db:3306/localhost", [("localhost", "database name")]),
    ("a page called localhost", "https://example.com/localhost/x", [("localhost", "path of a URL")]),
    ("an address in a path", "https://example.com/at/localhost:80", [("localhost", "path of a URL")]),
    ("a realm in a query", "https://example.com/?realm=localhost", [("localhost", "query value")]),
    ("a host key in a web query opens nothing", "https://x.test/?host=localhost", [("localhost", "query value")]),
    ("a fragment called localhost", "https://example.com/x#localhost", [("localhost", "query value")]),
    ("a mailbox in a path", "https://example.com/u/@localhost", [("localhost", "mail address")]),
    ("a file URL opens no connection", "file://localhost/etc/hosts", [("localhost", "file path")]),
    ("a URL in upper case", "HTTP://LOCALHOST:80", [("LOCALHOST", 80, "http", "url")]),
    ("a dot may end a host", "http://localhost.:80/", [("localhost.", 80, "http", "url")]),
    ("a URL without a scheme", "//localhost:9000/x", [("localhost", 9000, None, "url")]),
    ("a URL in quotes", "'http://localhost:3000'", [("localhost", 3000, "http", "url")]),
    ("a URL in brackets", "<http://localhost:3000>", [("localhost", 3000, "http", "url")]),
    ("a JSON-escaped URL", r"http:\/\/localhost:3000\/x", [("localhost", 3000, "http", "url")]),
    ("a named instance behind the host", r"sqlserver://localhost\SQL", [("localhost", None, "sqlserver", "url")]),
]

SCHEMES: list[Row] = [
    *(
        (
            f"{mode} is how connections are spread",
            f"jdbc:mysql:{mode}://localhost/x",
            [("localhost", None, "mysql", "url")],
        )
        for mode in ("loadbalance", "load-balance", "replication", "sequential", "failover", "aurora", "thin", "oci")
    ),
    ("such a word alone is the scheme", "failover://localhost", [("localhost", None, "failover", "url")]),
    *(
        (f"what {carrier} goes over", f"{carrier}+ssh://localhost", [("localhost", None, "ssh", "url")])
        for carrier in ("git", "svn", "hg", "bzr")
    ),
    ("what goes over nothing", "git+://localhost", [("localhost", None, "git", "url")]),
    *(
        (f"{scheme} opens no connection", f"{scheme}://localhost/x", [("localhost", "file path")])
        for scheme in ("file", "unix", "npipe", "sqlite", "sqlite3", "data", "blob", "urn", "about")
    ),
    *(
        (f"the path of {scheme} names no database", f"{scheme}://x/localhost", [("localhost", "path of a URL")])
        for scheme in ("http", "https", "ws", "wss")
    ),
    ("jdbc wraps what is spoken", "jdbc:postgresql://localhost:5432/x", [("localhost", 5432, "postgresql", "url")]),
    ("a driver behind a plus", "postgresql+asyncpg://u:p@localhost/x", [("localhost", None, "postgresql", "url")]),
    (
        "a way of discovery behind a plus",
        "redis+sentinel://localhost:26379/m/0",
        [("localhost", 26379, "redis", "url")],
    ),
    ("what git goes over", "git+ssh://git@localhost/x.git", [("localhost", None, "ssh", "url")]),
    ("two wrappers", "r2dbc:pool:mysql://localhost:3306/x", [("localhost", 3306, "mysql", "url")]),
    (
        "how connections are spread is no scheme",
        "jdbc:mysql:loadbalance://localhost:3306,localhost:3307/x",
        [("localhost", 3306, "mysql", "url"), ("localhost", 3307, "mysql", "url")],
    ),
    (
        "properties end an authority",
        "jdbc:sqlserver://localhost:1433;databaseName=x;password=a@b",
        [("localhost", 1433, "sqlserver", "url")],
    ),
    ("oracle's thin form", "jdbc:oracle:thin:@localhost:1521:xe", [("localhost", 1521, "oracle", "oracle")]),
    (
        "oracle's thin form with a user",
        "jdbc:oracle:thin:me/pw@localhost:1521/x",
        [("localhost", 1521, "oracle", "oracle")],
    ),
    ("oracle's thin form with slashes", "jdbc:oracle:thin:@//localhost:1521/x", [("localhost", 1521, "oracle", "url")]),
    ("oracle's thin form without a port", "jdbc:oracle:thin:@localhost/x", [("localhost", None, "oracle", "oracle")]),
    (
        "oracle's descriptor",
        "(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=localhost)(PORT=1521))(CONNECT_DATA=(SID=xe)))",
        [("localhost", 1521, "oracle", "tns")],
    ),
    (
        "oracle's descriptor, the host first",
        "(ADDRESS=(HOST=localhost)(PORT=1521)(PROTOCOL=TCP))",
        [("localhost", 1521, "oracle", "tns")],
    ),
    (
        "a listener's name is a scheme",
        "PLAINTEXT_HOST://localhost:9092",
        [("localhost", 9092, "plaintext_host", "url")],
    ),
    ("a protocol's colon is none", "tcp:localhost:1883", [("localhost", 1883, None, "host-port")]),
]

SEVERAL: list[Row] = [
    (
        "two hosts of one URL share its scheme",
        "mongodb://a:b@localhost:27017,localhost:27018/db",
        [("localhost", 27017, "mongodb", "url"), ("localhost", 27018, "mongodb", "url")],
    ),
    (
        "the second host of a URL alone is at home",
        "mongodb://db1:27017,localhost:27018/db",
        [("localhost", 27018, "mongodb", "url")],
    ),
    (
        "two URLs, one separator",
        "nats://localhost:4222,nats://127.0.0.1",
        [("localhost", 4222, "nats", "url"), ("127.0.0.1", None, "nats", "url")],
    ),
    (
        "listeners of a broker",
        "PLAINTEXT://localhost:9092,SASL_SSL://127.0.0.1:9093",
        [("localhost", 9092, "plaintext", "url"), ("127.0.0.1", 9093, "sasl_ssl", "url")],
    ),
    (
        "credentials in the second URL of a list",
        "redis://localhost:1,redis://:p@localhost:2",
        [("localhost", 1, "redis", "url"), ("localhost", 2, "redis", "url")],
    ),
    (
        "URLs apart by semicolon, bar or blank",
        "http://localhost:1;http://localhost:2|http://localhost:3 http://localhost:4",
        [("localhost", port, "http", "url") for port in (1, 2, 3, 4)],
    ),
    (
        "a broker's failover list",
        "failover:(tcp://localhost:61616,tcp://127.0.0.1:61617)?randomize=false",
        [("localhost", 61616, "tcp", "url"), ("127.0.0.1", 61617, "tcp", "url")],
    ),
    (
        "a web URL has one host, the next is of the list",
        "http://localhost:9200,localhost:9201",
        [("localhost", 9200, "http", "url"), ("localhost", 9201, None, "host-port")],
    ),
    (
        "several lines",
        "http://localhost:1\nhttp://localhost:2\n",
        [("localhost", 1, "http", "url"), ("localhost", 2, "http", "url")],
    ),
    (
        "a list in JSON",
        '["http://localhost:5173","https://x.test"]',
        [("localhost", 5173, "http", "url")],
    ),
]

ENCODED: list[Row] = [
    (
        "a URL in a query",
        "https://x.test/?next=http%3A%2F%2Flocalhost%3A3000%2Fcb",
        [("localhost", 3000, "http", "url")],
    ),
    (
        "a URL in lower-case escapes",
        "https://x.test/?n=http%3a%2f%2flocalhost%3a3000",
        [("localhost", 3000, "http", "url")],
    ),
    ("a URL encoded twice", "?n=http%253A%252F%252F127.0.0.1%253A80%252F", [("127.0.0.1", 80, "http", "url")]),
    (
        "credentials of an encoded URL",
        "?n=amqp%3A%2F%2Fu%3Ap%2540s%40localhost%3A5672",
        [("localhost", 5672, "amqp", "url")],
    ),
    ("an encoded URL without a port", "?n=http%3A%2F%2Flocalhost&x=1", [("localhost", None, "http", "url")]),
    ("a plain URL in a query", "https://x.test/?n=http://localhost:3000/", [("localhost", 3000, "http", "url")]),
    ("localhost in an encoded path is none", "?n=http%3A%2F%2Fx.test%2Flocalhost", [("localhost", "path of a URL")]),
    ("localhost as encoded credentials is nothing", "?n=http%3A%2F%2Flocalhost%3A80%40x.test", []),
    ("another host in an encoded URL", "?n=http%3A%2F%2Fx.localhost%3A80", []),
]

HOST_PORT: list[Row] = [
    ("octets of two and three digits", "127.200.255.99:1", [("127.200.255.99", 1, None, "host-port")]),
    ("octets from 100 to 199", "127.100.199.1:1", [("127.100.199.1", 1, None, "host-port")]),
    ("zeros before a port", "localhost:000000080", [("localhost", 80, None, "host-port")]),
    ("a word behind a dash is no range", "localhost:80-x", [("localhost", 80, None, "host-port")]),
    ("host and port", "localhost:6379", [("localhost", 6379, None, "host-port")]),
    ("blanks around it", "  localhost:6379 ", [("localhost", 6379, None, "host-port")]),
    ("any address of the loopback network", "127.0.1.1:80", [("127.0.1.1", 80, None, "host-port")]),
    ("a path behind it", "localhost:2181/kafka", [("localhost", 2181, None, "host-port")]),
    ("credentials before it", "guest:guest@localhost:5672", [("localhost", 5672, None, "host-port")]),
    ("credentials that look like an address", "localhost:1234@db:5432", []),
    ("a weight behind it", "localhost:11211:3", [("localhost", 11211, None, "host-port")]),
    (
        "a list by commas",
        "localhost:9092,127.0.0.1:9093",
        [("localhost", 9092, None, "host-port"), ("127.0.0.1", 9093, None, "host-port")],
    ),
    (
        "a list by blanks, bars and semicolons",
        "localhost:1 localhost:2|localhost:3;localhost:4",
        [("localhost", port, None, "host-port") for port in (1, 2, 3, 4)],
    ),
    (
        "IPv6 among those that have one",
        "[::1]:9092,localhost",
        [("[::1]", 9092, None, "host-port"), ("localhost", None, None, "host")],
    ),
    (
        "a host without a port among some that have one",
        "localhost,other:9092",
        [("localhost", None, None, "host")],
    ),
    ("a foreign host beside it", "kafka:29092,localhost:9092", [("localhost", 9092, None, "host-port")]),
    ("a literal list", "['localhost:11211',]", [("localhost", 11211, None, "host-port")]),
    ("a client's options behind it", "localhost:6379,password=x,ssl=False", [("localhost", 6379, None, "host-port")]),
    ("leading zeros are read over", "localhost:05432", [("localhost", 5432, None, "host-port")]),
    ("port 0 is none", "localhost:0", [("localhost", None, None, "host")]),
    ("a port past 65535 is none", "http://localhost:65536/", [("localhost", None, "http", "url")]),
    ("the highest port is one", "localhost:65535", [("localhost", 65535, None, "host-port")]),
    ("digits without end are no port", "localhost:" + "9" * 5000, [("localhost", None, None, "host")]),
    ("a tag is no port", "localhost:latest", [("localhost", "pattern")]),
    ("a number that goes on as a word is no port", "localhost:80a", [("localhost", "pattern")]),
    ("a range of ports is none", "localhost:8000-8010", [("localhost", "range of ports")]),
    ("a tunnel's far end", "8080:localhost:80", [("localhost", "forwarded port")]),
    ("in brackets", "[::1]:5432", [("[::1]", 5432, None, "host-port")]),
    ("in brackets in a URL", "http://u:p@[::1]:3000/x", [("[::1]", 3000, "http", "url")]),
    ("spelt out", "[0:0:0:0:0:0:0:1]:80", [("[0:0:0:0:0:0:0:1]", 80, None, "host-port")]),
    ("mapped", "[::ffff:127.0.0.1]:80", [("[::ffff:127.0.0.1]", 80, None, "host-port")]),
    ("another IPv6 address", "http://[fe80::1]:80", []),
]

HOSTS: list[Row] = [
    ("the whole value", "localhost", [("localhost", None, None, "host")]),
    ("a host and an empty element", "localhost,,x:1", [("localhost", None, None, "host")]),
    ("a comma alone", "localhost,", [("localhost", "word in a text")]),
    ("all zeros", "0:0:0:0:0:0:0:0", [("0:0:0:0:0:0:0:0", None, None, "host")]),
    ("all zeros and a one", "0:0:0:0:0:0:0:1", [("0:0:0:0:0:0:0:1", None, None, "host")]),
    ("the whole value in quotes", '"127.0.0.1"', [("127.0.0.1", None, None, "host")]),
    ("upper case", "LOCALHOST", [("LOCALHOST", None, None, "host")]),
    ("a trailing dot", "localhost.", [("localhost.", None, None, "host")]),
    ("a trailing colon", "localhost:", [("localhost", None, None, "host")]),
    ("IPv6 without brackets", "::1", [("::1", None, None, "host")]),
    ("the wildcard", "0.0.0.0", [("0.0.0.0", None, None, "host")]),
    ("the wildcard of IPv6", "::", [("::", None, None, "host")]),
    ("a path behind the host", "localhost/api", [("localhost", None, None, "host")]),
    ("a client's options behind the host", "localhost,password=x,ssl=False", [("localhost", None, None, "host")]),
    (
        "a comment that an unquoted value still carries",
        "127.0.0.1 # or localhost",
        [("127.0.0.1", None, None, "host"), ("localhost", "comment")],
    ),
    ("a flag of a command", "redis-cli -h localhost -p 6379", [("localhost", 6379, None, "flag")]),
    ("a flag of a command, no port", "psql --host localhost", [("localhost", None, None, "flag")]),
    ("a host below localhost", "x.localhost", []),
    ("a pattern for hosts below localhost", "*.localhost", []),
    ("a host above localhost", "localhost.localdomain", []),
    ("a name that ends alike", "my-localhost", []),
    ("a name that begins alike", "localhost-2:80", []),
    ("a name that goes on with an underscore", "localhost_x", []),
    ("a public name that resolves to loopback", "http://127.0.0.1.nip.io:80", []),
    ("Docker's own DNS", "127.0.0.11", []),
    ("Docker's own DNS with a port", "127.0.0.11:53", []),
    ("a longer number", "1127.0.0.1", []),
    ("a version", "127.0.0.1.5", []),
    ("no octet", "127.0.0.256", []),
    ("a letter that only folds to s", "localho\u017ft", []),
    ("words of C++", "std::1x and a::b", []),
]

NOT_AN_ADDRESS: list[Row] = [
    ("an octet past 255", "127.256.1.1:1", []),
    ("an octet past 299", "127.300.0.1:1", []),
    ("an open bracket", "[::1", []),
    ("Docker's own DNS, mapped", "[::ffff:127.0.0.11]:53", []),
    ("IPv6 with a port and no brackets", "::1:80", []),
    ("letters behind a port", "http://localhost:80_x", [("localhost", "pattern")]),
    ("a user's name before a sign", "http://localhost:@x", []),
    *(
        (f"an expression that goes on with {mark}", f"localhost{mark}", [("localhost", "pattern")])
        for mark in ("?$", "?:x", r"\b", r"\d", r"\.x", "+", "{2}", "[:.]", "(:80)?", "^", "*", "$")
    ),
    ("an encoded sign without a URL", "amqp://x%40localhost", [("localhost", "word in a text")]),
    ("a mail address", "no-reply@localhost", [("localhost", "mail address")]),
    ("a mail address with a name", "Me <me@localhost>", [("localhost", "mail address")]),
    ("a repository over ssh", "git@localhost:me/x.git", [("localhost", "mail address")]),
    ("any port is a pattern", "localhost:*", [("localhost", "pattern")]),
    ("any port of a URL is a pattern", "http://localhost:*", [("localhost", "pattern")]),
    ("any path is a pattern", "http://localhost:3000/*", [("localhost", "pattern")]),
    ("a regular expression", r"^https?://localhost(:\d+)?$", [("localhost", "pattern")]),
    ("a regular expression's port", r"http://localhost:\d+", [("localhost", "pattern")]),
    ("a regular expression's digits", r"http://localhost:3\d{3}", [("localhost", "pattern")]),
    ("an anchored expression", "^http://localhost:3000", [("localhost", "pattern")]),
    ("an expression between slashes", r"/http:\/\/localhost:3000/", [("localhost", "pattern")]),
    ("an optional letter in the scheme", "https?://localhost:3000", [("localhost", "pattern")]),
    ("alternatives", r"http://(localhost|127\.0\.0\.1):3000", [("localhost", "pattern")]),
    ("anchors around a host", "^localhost$", [("localhost", "pattern")]),
    *((f"{mark!r} before a host", f"{mark}localhost:80", [("localhost", "pattern")]) for mark in "^*?+"),
    ("alternatives in braces", "http://localhost:{3000,3001}", [("localhost", "pattern")]),
    (
        "a list of hosts that are not called",
        "localhost,127.0.0.1,.local",
        [("localhost", "list of hosts"), ("127.0.0.1", "list of hosts")],
    ),
    (
        "an allow list in JSON",
        '["localhost", "127.0.0.1", "*.x.test"]',
        [("localhost", "list of hosts"), ("127.0.0.1", "list of hosts")],
    ),
    ("an allow list with one host", "['localhost']", [("localhost", "list of hosts")]),
    ("an allow list of URLs and hosts", "http://a.test,localhost", [("localhost", "list of hosts")]),
    ("a list with an IPv6 address", "localhost,::1", [("localhost", "list of hosts"), ("::1", "list of hosts")]),
    ("more than a network", "127.0.0.0/8x", [("127.0.0.0", None, None, "host")]),
    ("a path of digits behind a name", "localhost/16", [("localhost", None, None, "host")]),
    ("a network", "127.0.0.0/8", [("127.0.0.0", "range of addresses")]),
    ("all networks", "10.0.0.0/8,0.0.0.0/0", [("0.0.0.0", "range of addresses")]),
    ("a comment", "db # localhost", [("localhost", "comment")]),
    ("a URL in a comment", "db # not http://localhost:3000", [("localhost", "comment")]),
    ("a word beside an address in a sentence", "use localhost or db:5432", [("localhost", "word in a text")]),
    ("a list by blanks", "localhost 127.0.0.1", [("localhost", "word in a text"), ("127.0.0.1", "word in a text")]),
    ("a word in a sentence", "the name localhost means you", [("localhost", "word in a text")]),
    ("a file", "/var/lib/localhost/x", [("localhost", "file path")]),
    ("a file at home", "~localhost", [("localhost", "file path")]),
    ("a sentence that begins with a path", "localhost/a b", [("localhost", "word in a text")]),
    ("a table of a database", "postgres://x/a/localhost", [("localhost", "path of a URL")]),
    ("a file of Windows", r"C:\localhost\x", [("localhost", "file path")]),
    ("a socket", "unix:/run/localhost", [("localhost", "file path")]),
    ("a socket of a URL", "unix://localhost", [("localhost", "file path")]),
    ("another parameter", "realm=localhost", [("localhost", "value of a parameter")]),
    ("an unexpanded port", "http://localhost:$PORT", [("localhost", "pattern")]),
]

KEYWORDS: list[Row] = [
    ("the query of no URL", "a?host=localhost", [("localhost", None, None, "query")]),
    ("a later key of a query", "postgres://x/y?a=1&host=localhost", [("localhost", None, "postgres", "query")]),
    ("a bracket that closes only", "host=localhost)", [("localhost", None, None, "libpq")]),
    ("a number with a point is no port", "x -h localhost -p 80.5", [("localhost", None, None, "flag")]),
    ("a bracket alone is no descriptor", "(host=localhost port=1)", [("localhost", 1, None, "libpq")]),
    ("a semicolon before", "x;host=localhost", [("localhost", None, None, "ado")]),
    ("a semicolon behind", "host=localhost;x", [("localhost", None, None, "ado")]),
    ("a key of two words", "Data Source=localhost", [("localhost", None, None, "ado")]),
    ("a port of its own beside a port key", "host=localhost:1 port=2", [("localhost", 1, None, "libpq")]),
    ("a range beside a port key", "host=localhost:1-9 port=2", [("localhost", "range of ports")]),
    ("a port key that is no port", "host=localhost port=70000", [("localhost", None, None, "libpq")]),
    ("a word that ends like libpq's", "xdbname=x host=localhost", [("localhost", None, None, "libpq")]),
    ("a comma and more than a port", "Server=localhost,1433x", [("localhost", None, None, "libpq")]),
    ("a protocol says SQL Server", "Server=tcp:localhost;port=3", [("localhost", 3, "sqlserver", "ado")]),
    (
        "fewer ports than hosts",
        "host=localhost,127.0.0.1,localhost port=1,2",
        [("localhost", 1, None, "libpq"), ("127.0.0.1", 2, None, "libpq"), ("localhost", None, None, "libpq")],
    ),
    (
        "a list of ports with a gap",
        "host=localhost,127.0.0.1 port=1,",
        [("localhost", 1, None, "libpq"), ("127.0.0.1", None, None, "libpq")],
    ),
    ("a port on either side", "port=1 host=localhost port=2", [("localhost", 2, None, "libpq")]),
    (
        "the port between two hosts is the first one's",
        "host=localhost port=1 host=127.0.0.1",
        [("localhost", 1, None, "libpq"), ("127.0.0.1", None, None, "libpq")],
    ),
    (
        "the port behind two hosts is the second one's",
        "host=127.0.0.1 host=localhost port=1",
        [("127.0.0.1", None, None, "libpq"), ("localhost", 1, None, "libpq")],
    ),
    ("a host key in brackets", "(host=localhost, x)", [("localhost", None, None, "libpq")]),
    (
        "a driver of PHP behind a host is not that host's",
        "host=localhost;mysql:host=127.0.0.1",
        [("localhost", None, None, "ado"), ("127.0.0.1", None, "mysql", "php-dsn")],
    ),
    ("another word than a driver of PHP", "xmysql:host=localhost;port=1", [("localhost", 1, None, "ado")]),
    ("a wrapped driver is none of PHP", "jdbc:mysql:host=localhost", [("localhost", None, None, "libpq")]),
    (
        "the string of PHP ends at its quote",
        'mysql:dbname=x","host=localhost',
        [("localhost", None, "postgresql", "libpq")],
    ),
    (
        "what a shell tells a command is no such string",
        'sh -c "HOSTNAME=0.0.0.0 PORT=80 ./serve"',
        [("0.0.0.0", "value of a parameter")],
    ),
    ("nor is it with quotes", "HOST='localhost' PORT=80 ./serve", [("localhost", "word in a text")]),
    ("a server of the command is a destination", "DB_HOST=localhost ./serve", [("localhost", None, None, "libpq")]),
    ("ADO.NET has capitals, too", "SERVER=localhost;PORT=1433", [("localhost", 1433, None, "ado")]),
    ("libpq", "host=localhost port=5433", [("localhost", 5433, None, "libpq")]),
    ("libpq, port first", "port=5433 host=localhost user=me", [("localhost", 5433, None, "libpq")]),
    ("libpq says so by its own words", "host=localhost dbname=x", [("localhost", None, "postgresql", "libpq")]),
    ("libpq in quotes and blanks", "host = 'localhost' port = '5433'", [("localhost", 5433, None, "libpq")]),
    ("libpq with an address", "hostaddr=127.0.0.1 port=5433", [("127.0.0.1", 5433, None, "libpq")]),
    (
        "libpq with several hosts and ports",
        "host=localhost,127.0.0.1 port=5432,5433",
        [("localhost", 5432, None, "libpq"), ("127.0.0.1", 5433, None, "libpq")],
    ),
    (
        "libpq with several hosts that share a port",
        "host=localhost,127.0.0.1 port=5433",
        [("localhost", 5433, None, "libpq"), ("127.0.0.1", 5433, None, "libpq")],
    ),
    ("libpq as a URL", "postgresql:///x?host=localhost&port=5433", [("localhost", 5433, "postgresql", "query")]),
    (
        "two strings keep their own ports",
        "host=localhost port=1\nport=2 host=localhost",
        [("localhost", 1, None, "libpq"), ("localhost", 2, None, "libpq")],
    ),
    ("a property of a virtual machine", "-Ddb.host=localhost -Ddb.port=5433", [("localhost", 5433, None, "libpq")]),
    ("SQL Server's comma", "Server=localhost,1433;Database=x", [("localhost", 1433, "sqlserver", "ado")]),
    ("SQL Server's comma alone", "Server=localhost,1433", [("localhost", 1433, "sqlserver", "ado")]),
    ("SQL Server's comma and blank", "Server=localhost, 1433;Database=x", [("localhost", 1433, "sqlserver", "ado")]),
    ("SQL Server's protocol", "Server=tcp:localhost,1433", [("localhost", 1433, "sqlserver", "ado")]),
    ("SQL Server's instance", r"Server=localhost\SQLEXPRESS;Database=x", [("localhost", None, None, "ado")]),
    ("Oracle's data source", "Data Source=localhost:1521/xe;User Id=x", [("localhost", 1521, None, "ado")]),
    ("the keys' case and blanks", "hOST = localhost ; PORT = 5433", [("localhost", 5433, None, "ado")]),
    ("the key in the middle", "Username=x;Host=localhost;Port=5433", [("localhost", 5433, None, "ado")]),
    ("no port of its own", "Server=localhost;Database=x;", [("localhost", None, None, "ado")]),
    (
        "a property behind an empty authority",
        "jdbc:sqlserver://;serverName=localhost;port=1",
        [("localhost", 1, None, "ado")],
    ),
    ("a database called localhost in a string", "Host=db;Database=localhost", [("localhost", "value of a parameter")]),
    ("a report is no port", "host=localhost report=99", [("localhost", None, None, "libpq")]),
    ("a ghost is no host", "ghost=localhost", [("localhost", "value of a parameter")]),
    ("PHP", "mysql:host=127.0.0.1;port=3307;dbname=x", [("127.0.0.1", 3307, "mysql", "php-dsn")]),
    ("PHP, host behind", "mysql:dbname=x;host=127.0.0.1", [("127.0.0.1", None, "mysql", "php-dsn")]),
    ("PHP's name of PostgreSQL", "pgsql:host=localhost;port=5433", [("localhost", 5433, "postgresql", "php-dsn")]),
    ("PHP's SQL Server", "sqlsrv:Server=localhost,1433;Database=x", [("localhost", 1433, "sqlserver", "php-dsn")]),
    ("Go", "root:p@ss@tcp(127.0.0.1:3307)/x?parseTime=true", [("127.0.0.1", 3307, "mysql", "go-dsn")]),
    ("Go, no port", "root@tcp(localhost)/x", [("localhost", None, "mysql", "go-dsn")]),
    ("Go, IPv6", "root@tcp([::1]:3307)/x", [("[::1]", 3307, "mysql", "go-dsn")]),
    ("Go, a socket", "root@unix(/run/localhost)/x", [("localhost", "file path")]),
]

ADO_KEYS = (
    "Host",
    "HostAddr",
    "Server",
    "ServerName",
    "DataSource",
    "Data Source",
    "Network Address",
    "Addr",
    "Address",
)
PDO = {"mysql": "mysql", "pgsql": "postgresql", "sqlsrv": "sqlserver", "dblib": "sqlserver", "oci": "oracle"}
PDO |= {name: name for name in ("odbc", "firebird", "ibm", "informix", "cubrid")}
WORDS: list[Row] = [
    *((f"the key {key}", f"{key}=localhost;x=1", [("localhost", None, None, "ado")]) for key in ADO_KEYS),
    *(
        (f"PHP's {name}", f"{name}:host=localhost", [("localhost", None, scheme, "php-dsn")])
        for name, scheme in PDO.items()
    ),
    *(
        (f"libpq's {word}", f"host=localhost {word}=x", [("localhost", None, "postgresql", "libpq")])
        for word in ("dbname", "sslmode", "application_name", "target_session_attrs")
    ),
    *(
        (f"a literal's {key}", f'{{"{key}": "localhost"}}', [("localhost", None, None, "literal")])
        for key in ("host", "hostname", "server", "serverName", "addr", "address", "endpoint", "DB_HOST")
    ),
    *(
        (f"a command's {flag}", f"x {flag} localhost", [("localhost", None, None, "flag")])
        for flag in ("-h", "-H", "-host", "--host", "--hostname", "--server", "--addr", "--address")
    ),
    *(
        (f"a command's {flag} for the port", f"x -h localhost {flag} 6380", [("localhost", 6380, None, "flag")])
        for flag in ("-p", "-P", "-port", "--port")
    ),
]

LITERALS: list[Row] = [
    ("an escaped quote in a string", '{"x":"a\\"","host":"localhost","port":1}', [("localhost", 1, None, "literal")]),
    ("one in single quotes", "{'x':'it\\'s','host':'localhost','port':1}", [("localhost", 1, None, "literal")]),
    ("a brace in a string", '{"x":"{","host":"localhost","port":1}', [("localhost", 1, None, "literal")]),
    (
        "an object in a string",
        '{"host":"localhost","port":1,"x":"{\\"port\\":2}"}',
        [("localhost", 1, None, "literal")],
    ),
    ("a string that is left open", '{"host":"localhost","port":"1\\', [("localhost", None, None, "literal")]),
    ("an empty key", '{"":"x","host":"localhost"}', [("localhost", None, None, "literal")]),
    ("a key too long for one", '{"' + "a" * 64 + 'host":"localhost"}', [("localhost", "word in a text")]),
    ("a key of many hosts", '{"hosts":"localhost"}', [("localhost", "word in a text")]),
    ("a list in between", '{"host":[{"port":1}],"x":"localhost"}', [("localhost", "word in a text")]),
    ("a port that is none", '{"host":"localhost","port":0}', [("localhost", None, None, "literal")]),
    ("a port in words", '{"host":"localhost","port":"x"}', [("localhost", None, None, "literal")]),
    ("digits that are not ASCII", '{"host":"localhost","port":"٣"}', [("localhost", None, None, "literal")]),
    ("an object that is left open", '{"a":{"host":"localhost","port":1}', [("localhost", 1, None, "literal")]),
    ("the port of another object", '{"port":1},{"host":"localhost"}', [("localhost", None, None, "literal")]),
    ("the keys' case", '{"DB_HOST":"localhost","db_port":5}', [("localhost", 5, None, "literal")]),
    ("an object closed too often", '}{"host":"localhost","port":1}', [("localhost", 1, None, "literal")]),
    ("no object around", '"host":"localhost"', [("localhost", "word in a text")]),
    ("JSON", '{"host": "localhost", "port": 6379}', [("localhost", 6379, None, "literal")]),
    ("JSON, port first, as text", '{"port":"6379","host":"localhost"}', [("localhost", 6379, None, "literal")]),
    ("Python", "{'HOST': 'localhost', 'PORT': 5433}", [("localhost", 5433, None, "literal")]),
    (
        "keys that begin alike belong together",
        '{"redis_host":"localhost","db_host":"127.0.0.1","db_port":5433,"redis_port":6380}',
        [("localhost", 6380, None, "literal"), ("127.0.0.1", 5433, None, "literal")],
    ),
    (
        "an object has its own port",
        '{"a":{"host":"localhost","port":1},"b":{"host":"localhost","port":2}}',
        [("localhost", 1, None, "literal"), ("localhost", 2, None, "literal")],
    ),
    (
        "an object in between",
        '{"host":"localhost","options":{"port":1},"port":2}',
        [("localhost", 2, None, "literal")],
    ),
    ("a port of its own", '{"host":"localhost:1","port":2}', [("localhost", 1, None, "literal")]),
    ("an export is no port", '{"host":"localhost","export":2}', [("localhost", None, None, "literal")]),
    ("a URL in an object", '{"url":"redis://localhost:6379"}', [("localhost", 6379, "redis", "url")]),
    ("another key", '{"realm": "localhost"}', [("localhost", "word in a text")]),
    ("text that only looks like an object", '{"host": "localhost', [("localhost", None, None, "literal")]),
]


SECRETS = [
    "password=localhost:5432",
    "PASSWORD = 'localhost:5432'",
    "Pwd=localhost:5432;",
    "pwd=127.0.0.1",
    "db_pass=localhost:1",
    "passwd: localhost:80",
    '"password": "localhost:5432"',
    "--password localhost:80",
    "AccountKey=localhost:9",
    "client_secret=localhost:9",
]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("before", ["", "host=db ", "Server=db;", "mysql:host=db;", "http://db/?a=b&", '{"a": 1, '])
def test_a_secret_is_no_address_whatever_it_looks_like(before: str, secret: str) -> None:
    assert [one for one in find_addresses(before + secret) if one.host != "db"] == []


NO_SECRETS = [
    "redis://token:@localhost:6379",
    "amqp://secret:password@localhost:5672",
    "password=x host=localhost",
    "Pwd=x;Server=localhost",
    '{"token": "http://localhost:80/token"}',
    "compass=localhost:80",
]


@pytest.mark.parametrize("value", NO_SECRETS)
def test_an_address_beside_a_secret_is_one(value: str) -> None:
    assert [one.host for one in find_addresses(value) if not one.refusal] == ["localhost"]


@pytest.mark.parametrize(
    ("value", "found"),
    rows(URLS, SCHEMES, SEVERAL, ENCODED, HOST_PORT, HOSTS, NOT_AN_ADDRESS, KEYWORDS, WORDS, LITERALS),
)
def test_finds_the_addresses_of_a_value(value: str, found: list[Found]) -> None:
    places = find_addresses(value)
    assert [shown(place) for place in places] == found
    assert_honest(value, places)


def assert_honest(value: str, places: tuple[Address, ...]) -> None:
    """Every span is what it says, in order, and no two hosts overlap."""
    end = 0
    for place in places:
        assert end <= place.start < place.end
        assert value[place.start : place.end] == place.host
        end = place.end
        if place.port is None:
            assert (place.port_start, place.port_end) == (None, None)
        else:
            assert place.port_start is not None
            assert 1 <= place.port <= 65535
            assert value[place.port_start : place.port_end].lstrip("0") == str(place.port)


KINDS = [
    ("localhost is loopback", "localhost:1", "loopback"),
    ("all of 127.0.0.0/8 is loopback", "127.9.9.9:1", "loopback"),
    ("::1 is loopback", "[::1]:1", "loopback"),
    ("a mapped address is loopback", "[::ffff:127.0.0.1]:1", "loopback"),
    ("0.0.0.0 is the wildcard", "0.0.0.0:1", "wildcard"),
    (":: is the wildcard", "[::]:1", "wildcard"),
    ("all zeros are the wildcard", "0:0:0:0:0:0:0:0", "wildcard"),
    ("all zeros and a one are loopback", "0:0:0:0:0:0:0:1", "loopback"),
    ("the host seen from a container is a gateway", "http://host.docker.internal:1", "gateway"),
    ("a service is a name", "db:1", "name"),
]


@pytest.mark.parametrize(("value", "kind"), [pytest.param(*row[1:], id=row[0]) for row in KINDS])
def test_tells_what_kind_of_host_it_is(value: str, kind: str) -> None:
    assert [place.kind for place in find_addresses(value, {"db"})] == [kind]


NAMES: list[Row] = [
    ("behind a scheme", "postgres://u:p@db:5433/db", [("db", 5433, "postgres", "url")]),
    ("a service called like its scheme", "redis://redis:6380", [("redis", 6380, "redis", "url")]),
    ("before a port", "db:5433", [("db", 5433, None, "host-port")]),
    ("the whole value", "db", [("db", None, None, "host")]),
    ("in a host key", "host=db port=5433", [("db", 5433, None, "libpq")]),
    ("in a server key", "Server=db,1433", [("db", 1433, "sqlserver", "ado")]),
    ("in an object", '{"host": "db", "port": 5433}', [("db", 5433, None, "literal")]),
    ("the second host of a URL", "mongodb://x,db:1/x", [("db", 1, "mongodb", "url")]),
    ("the longer of two names", "db-2:5433", [("db-2", 5433, None, "host-port")]),
    ("a user and a password", "postgres://db:5433@x/y", []),
    ("a database", "postgres://x/db", []),
    ("a word in a sentence", "connect to db now", []),
    ("a list of words", "db,redis", []),
    ("a tag", "db:latest", []),
    ("another case", "DB:5433", [("DB", 5433, None, "host-port")]),
    ("a dot at its end", "http://db.:5433/", [("db.", 5433, "http", "url")]),
    ("an encoded URL", "next=http%3A%2F%2Fdb%3A5433", [("db", 5433, "http", "url")]),
    ("a URL encoded twice", "http%253A%252F%252Fdb%253A5433", [("db", 5433, "http", "url")]),
    ("behind an escape that is no name's", "%64b:5433", []),
    ("a part of a name", "db.local:5433", []),
    ("a mailbox", "me@db", []),
    ("a folder", "/db:5433", []),
    ("an image", "library/redis:7", []),
    ("an expression", "^db:5433(x)", []),
]


@pytest.mark.parametrize(("value", "found"), rows(NAMES))
def test_finds_names_only_where_a_host_is_certain(value: str, found: list[Found]) -> None:
    places = find_addresses(value, ["db", "redis", "db-2"])
    assert [shown(place) for place in places] == found
    assert_honest(value, places)


WHOLE = [
    ("a bare host", "localhost", True),
    ("a host in blanks and quotes", ' "localhost" ', True),
    ("host and port", "localhost:80", True),
    ("a trailing colon", "localhost:", False),
    ("a pattern", "localhost+", False),
    ("a URL", "http://localhost", False),
    ("a list", "localhost:80,localhost:81", False),
    ("a path", "localhost/x", False),
    ("a comment", "localhost # x", False),
]


@pytest.mark.parametrize(("value", "whole"), [pytest.param(*row[1:], id=row[0]) for row in WHOLE])
def test_says_whether_the_address_is_the_whole_value(value: str, whole: bool) -> None:
    assert find_addresses(value)[0].whole is whole


SPANS = [
    ("a host alone", "http://localhost/x", ["localhost"]),
    ("host and port", "http://localhost:80/x", ["localhost:80"]),
    ("host and port of an encoded URL", "?n=http%3A%2F%2Flocalhost%3A80", ["localhost%3A80"]),
    ("host and port of a URL encoded twice", "?n=http%253A%252F%252Flocalhost%253A80", ["localhost%253A80"]),
    ("SQL Server's comma", "Server=localhost,1433", ["localhost,1433"]),
    ("host and port apart", "host=localhost port=5433", ["localhost", "5433"]),
    ("port before host", "port=5433 host=localhost", ["5433", "localhost"]),
]


@pytest.mark.parametrize(("value", "texts"), [pytest.param(*row[1:], id=row[0]) for row in SPANS])
def test_gives_the_spans_of_host_and_port(value: str, texts: list[str]) -> None:
    assert [value[start:end] for start, end in find_addresses(value)[0].spans] == texts


PATHS = [
    ("of a URL", "http://localhost:80/a/b?c#d", "/a/b"),
    ("of a URL without a port", "http://localhost/", "/"),
    ("of a JSON-escaped URL", r"http:\/\/localhost\/a\/b", "/a/b"),
    ("of an encoded URL", "?n=http%3A%2F%2Flocalhost%2Fa%2Fb%3Fc", "/a/b"),
    ("of the first URL of a list", "http://localhost/a,http://x/b", "/a"),
    ("of a URL with several hosts", "mongodb://localhost,x/a", "/a"),
    ("of host and port", "localhost:2181/kafka", "/kafka"),
    ("none before the next URL", "nats://localhost,nats://x/a", ""),
]


@pytest.mark.parametrize(("value", "path"), [pytest.param(*row[1:], id=row[0]) for row in PATHS])
def test_gives_the_path(value: str, path: str) -> None:
    assert find_addresses(value)[0].path == path


PIECES = r"""
localhost 127.0.0.1 ::1 [::1] 0.0.0.0 db :// // http jdbc:x: %3A%2F%2F %2F %40 host= port= Server= mysql: tcp( tcp:
"host": "port": :5432 : , ; @ / ? ' " \ { } [ ] ( ) * ^ $ # = & 0 99999 ٣ é
"""
ALPHABET = st.sampled_from([*PIECES.split(), " ", "\n", "\ud800"])


@pytest.mark.slow
@settings(max_examples=600, deadline=None)
@given(st.one_of(st.text(), st.lists(ALPHABET, max_size=24).map("".join)))
@example("")
@example("host=,localhost port=,")
@example("\udcff://localhost:80")
def test_any_text_is_read_without_an_exception_and_with_honest_spans(value: str) -> None:
    assert_honest(value, find_addresses(value, {"db"}))


@settings(max_examples=300, deadline=None)
@given(st.lists(ALPHABET, max_size=16).map("".join))
def test_whatever_holds_an_address_passes_the_cheap_look(value: str) -> None:
    if find_addresses(value):
        assert may_hold_address(value.encode("utf-8", "surrogateescape" if value.isascii() else "replace"))


@pytest.mark.parametrize(
    ("data", "held"),
    [
        pytest.param(b"A=http://LocalHost", True, id="in any case"),
        pytest.param(b"A=x\xff127.0.0.1", True, id="among bytes that are no text"),
        pytest.param(b"A=[::1]:80", True, id="in IPv6"),
        pytest.param(b"A=host.docker.internal", True, id="the gateway"),
        pytest.param(b"A=postgres://db:5432\nB=10.0.0.1", False, id="not where nothing is loopback"),
    ],
)
def test_a_cheap_look_at_the_bytes(data: bytes, held: bool) -> None:
    assert may_hold_address(data) is held


HOSTILE = [
    "localhost,",
    "localhost:1,",
    "a://localhost:1,",
    "a://x:y/",
    "a://u:p@",
    "@",
    "://",
    "%3A%2F%2F",
    "%25",
    "host=localhost ",
    "host=a,localhost,",
    "port=1 ",
    "mysql:host=",
    '"host":"localhost",',
    '{"host":"localhost"',
    '"\\',
    "'",
    "{",
    "#",
    " # localhost",
    "a",
    " ",
    "=",
    ";a=",
    "-h localhost ",
    "tcp(localhost",
    "127.",
    "::",
    "0:",
    "localhost/",
    "localhost,a=",
    "/",
    "\\/",
]


@pytest.mark.parametrize("piece", HOSTILE, ids=repr)
def test_time_grows_with_the_length_not_its_square(piece: str) -> None:
    def seconds(size: int) -> float:
        filling = piece * (size // len(piece))
        values = (f"localhost {filling}", f"host={filling}{{localhost")
        began = time.process_time()
        for value in values:
            find_addresses(value, ("db",))
        return time.process_time() - began

    growth.assert_in_proportion(seconds, 4_000, 16)
