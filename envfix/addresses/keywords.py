"""Which hosts does a `host=` name, and with which port?

libpq and ADO.NET strings, PHP DSNs, TNS descriptors.

Sources: PostgreSQL, "Connection Strings" (34.1.1); Microsoft.Data.SqlClient `ConnectionString`; Npgsql "Connection
String Parameters"; PHP manual, PDO drivers' DSNs; Oracle Net "tnsnames.ora".
"""

import re

from envfix.named_tuples import NamedTuple
from envfix.numerals import port_number
from envfix.patterns import regex

from .records import PortSpan

_HOST_KEY = regex(
    r"(?<![A-Za-z0-9])(?P<key>data source|network address|datasource|host(?:name|addr)?|server(?:name)?|addr(?:ess)?)"
    r"\s*+=\s*+(?P<quote>[\"']?)(?P<tcp>tcp:)?(?P<hosts>[^;&\s()'\"]*+)",
    re.IGNORECASE,
)
_PORT_KEY = regex(r"(?<![A-Za-z0-9])port\s*+=\s*+[\"']?([0-9]+(?:,[0-9]*+)*+)", re.IGNORECASE)
_COMMA_PORT = regex(r"[\w.\-\\]++,\s*[0-9]+(?![\w.,])")
_POSTGRES_KEY = regex(r"(?<![A-Za-z0-9])(?:dbname|sslmode|application_name|target_session_attrs)\s*+=", re.I)
_PDO = regex(r"(?<![\w:])(mysql|pgsql|sqlsrv|dblib|odbc|oci|firebird|ibm|informix|cubrid):(?=\s*+\w[\w ]{0,39}=)")
_PDO_SCHEMES = {"pgsql": "postgresql", "sqlsrv": "sqlserver", "dblib": "sqlserver", "oci": "oracle"}
_STRING_ENDS = regex(r"[\"'\n,]")


class Keyed(NamedTuple):
    """What is known of a host that a key names, by the offset at which it begins."""

    dialect: str
    scheme: str | None
    port: PortSpan | None


def keyed_hosts(value: str) -> dict[int, Keyed]:
    """The hosts of every `host=...` in `value`, each with its port of `port=...`."""
    if "=" not in value:
        return {}
    keys = list(_HOST_KEY.finditer(value))
    ports = list(_PORT_KEY.finditer(value)) if keys else []
    postgres = "postgresql" if keys and _POSTGRES_KEY.search(value) else None
    found: dict[int, Keyed] = {}
    for key, port, driver in zip(keys, _beside(keys, ports, len(value)), _pdo_drivers(value, keys), strict=True):
        dialect, scheme = ("php-dsn", driver) if driver else _dialect(value, key)
        if dialect == "libpq":
            if _is_assignment(value, key):
                continue
            scheme = postgres
        numbers = _numbers(port) if port else []
        start = key.start("hosts")
        for index, host in enumerate(key["hosts"].split(",")):
            own = numbers[min(index, len(numbers) - 1)] if len(numbers) == 1 or index < len(numbers) else None
            found[start] = Keyed(dialect, scheme, own)
            start += len(host) + 1
    return found


def _beside(keys: list[re.Match[str]], ports: list[re.Match[str]], length: int) -> list[re.Match[str] | None]:
    """For each host key the port key of the same string: the next one before another host key, else the one before."""
    beside: list[re.Match[str] | None] = []
    at = 0
    taken = -1
    for index, key in enumerate(keys):
        limit = keys[index + 1].start() if index + 1 < len(keys) else length
        before = None
        while at < len(ports) and ports[at].start() < key.end():
            before = ports[at] if at != taken else None
            at += 1
        if at < len(ports) and ports[at].start() < limit:
            taken = at
            beside.append(ports[at])
        else:
            beside.append(before)
    return beside


def _numbers(port: re.Match[str]) -> list[PortSpan]:
    numbers = []
    start = port.start(1)
    for digits in port[1].split(","):
        number, end = port_number(digits), start + len(digits)
        numbers.append(PortSpan(number, start, end, end) if number else PortSpan(None, None, None, end))
        start = end + 1
    return numbers


def _dialect(value: str, key: re.Match[str]) -> tuple[str, str | None]:
    before = value[max(0, key.start() - 16) : key.start()].rstrip()[-1:]
    after = value[key.end() : key.end() + 16].lstrip("\"' ")[:1]
    if before in ("?", "&"):
        return "query", None
    if before == "(" and after == ")":
        return "tns", "oracle"
    sql_server = key["tcp"] or _COMMA_PORT.match(value, key.start("hosts"))
    if before == ";" or after == ";" or sql_server or " " in key["key"]:
        return "ado", "sqlserver" if sql_server else None
    return "libpq", None


def _is_assignment(value: str, key: re.Match[str]) -> bool:
    """Whether a shell sets the variable HOST, HOSTNAME, ... for a command (`HOST=0.0.0.0 PORT=80 ./serve`), by which a
    program is told where to listen: libpq's own keywords are in small letters."""
    return key["key"].isupper() and not value[: key.start()].endswith("_")


def _pdo_drivers(value: str, keys: list[re.Match[str]]) -> list[str | None]:
    """For each host key the PDO driver (`mysql:`) that begins its string, as a scheme."""
    begun = list(_PDO.finditer(value))
    drivers: list[str | None] = []
    at = floor = 0
    for key in keys:
        begin = None
        while at < len(begun) and begun[at].start() <= key.start():
            begin = begun[at] if begun[at].start() >= floor else None
            at += 1
        apart = begin is None or _STRING_ENDS.search(value, begin.end(), key.start())
        drivers.append(None if begin is None or apart else _PDO_SCHEMES.get(begin[1], begin[1]))
        floor = key.end()
    return drivers
