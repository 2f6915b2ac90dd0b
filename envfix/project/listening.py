"""On which ports does a service listen, and by which addresses does a Kafka broker tell its clients to come back? Its
command, variables, `expose:`, healthcheck, labels and image say so."""

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import islice

from envfix.compose.model import Service
from envfix.knowledge.images import Image
from envfix.knowledge.own_address import OWN_PORT_NAMES
from envfix.named_tuples import NamedTuple
from envfix.numerals import port_number, port_range
from envfix.patterns import regex
from envfix.shell_words import found_in, line_of

_FLAG_PORT = regex(
    r"(?:^|\s)--?(?:[A-Za-z-]*[-.])?(?i:port|listen|bind|addr|address|p|b)(?:[ =]|\s+)\"?(?i:tcp://)?"
    r"(?:[\w.*\[\]-]*:+)?(\d{2,5})(?![\d.])"
)
_WILDCARD_PORT = regex(r"(?:^|[\s=/\"'])(?:0\.0\.0\.0|\[::\]|\*|)?:(\d{2,5})(?=$|[\s\"',])")
_LOOPBACK_PORT = regex(r"(?:localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0|\$HOSTNAME|\$\(hostname\)):(\d{2,5})\b")
# `--bind 127.0.0.1` and its kin (Redis, MySQL, MongoDB, gunicorn, PostgreSQL), with no other address behind it.
_LOOPBACK_BIND = regex(
    r"(?:^|[\s'\"])(?:--?bind(?:[-_](?:address|ip|addr))?|(?:-c\s*)?listen_addresses)(?:[ =]+)['\"]?"
    r"(?:(?:127\.[\d.]++|localhost|-?::1|\[::1\])(?::\d++)?+[ ,]*+)++['\"]?(?=\s*(?:--?[a-z]|[;&|]|$))",
    re.IGNORECASE,
)
_LABEL_PORT = regex(r"(?:loadbalancer\.server\.port|virtual\.port|virtual_port|caddy\.reverse_proxy)$", re.IGNORECASE)


def command_line(service: Service) -> str:
    """What the compose file starts the container with, as one line."""
    return line_of(service.entrypoint, service.command)


def ports_of_command(service: Service) -> dict[int, str]:
    """The ports that the command names, with how it is known, as all below."""
    line = command_line(service)
    if not line:
        return {}
    numbers = (*found_in(line, _FLAG_PORT), *found_in(line, _WILDCARD_PORT))
    return {port: "its command names the port" for number in numbers if (port := port_number(number))}


def listens_on_loopback_only(service: Service) -> bool:
    """Whether the command binds the server to its own container's loopback, where nobody else reaches it."""
    return _binds_loopback_only(command_line(service) + " ")


@lru_cache(maxsize=64)
def _binds_loopback_only(line: str) -> bool:
    lower = line.lower()
    if "bind" not in lower and "listen_addresses" not in lower:
        return False  # the usual case, without the expression, which takes long to compile
    return _LOOPBACK_BIND.search(line) is not None and "0.0.0.0" not in line


def ports_of_environment(variables: Mapping[str, str | None]) -> dict[int, str]:
    """The ports that variables of the server's own set."""
    found: dict[int, str] = {}
    for name, value in variables.items():
        text = value or ""
        number = port_number(text if name in OWN_PORT_NAMES else text.rpartition(":")[2].rstrip("/"))
        if number is not None:
            found[number] = f"its variable {name} sets the port"
    return found


def ports_of_expose(service: Service) -> dict[int, str]:
    """The ports of `expose:`, ranges included (Compose spec: `<portnum>` or `<startport-endport>`, with a protocol)."""
    found: dict[int, str] = {}
    for text in service.expose:
        found.update(dict.fromkeys(port_range(text.partition("/")[0]), "its expose: names it"))
    return found


def ports_of_healthcheck(service: Service) -> dict[int, str]:
    """The ports that its own healthcheck calls on loopback."""
    test = (service.healthcheck or {}).get("test") or ()
    line = " ".join(str(part) for part in test) if isinstance(test, list | tuple) else str(test)
    numbers = map(port_number, found_in(line, _LOOPBACK_PORT))
    return {number: "its own healthcheck calls the port" for number in numbers if number is not None}


def ports_of_labels(service: Service) -> dict[int, str]:
    """The ports that labels tell a proxy of."""
    labels = service.raw.get("labels") or {}
    pairs = labels.items() if isinstance(labels, dict) else (str(label).partition("=")[::2] for label in labels)
    found: dict[int, str] = {}
    for name, value in pairs:
        number = port_number(str(value).strip())
        if number is not None and _LABEL_PORT.search(str(name)):
            found[number] = "its proxy label names the port"
    return found


def ports_of_image(image: Image, service: Service) -> dict[int, str]:
    """The documented ports: of an image with several servers those of the one that the command starts."""
    line = command_line(service)
    started = [(line.index(program), ports) for program, ports in image.programs if program in line]
    ports = min(started)[1] if started else tuple(image.ports)
    return dict.fromkeys(ports, f"the image's documentation names it ({image.source})")


class Advertised(NamedTuple):
    """One advertised listener of a Kafka broker: the address that the broker tells its clients to use."""

    name: str
    host: str
    port: int


_ADVERTISED = regex(r"(?:(?<![A-Za-z0-9_])([A-Za-z0-9_]++)://|(?<![\w.-]))([\w.-]*+|\[[0-9a-fA-F:]++\]):(\d{2,5})")
_ADVERTISED_NAMES = (
    "KAFKA_ADVERTISED_LISTENERS",
    "KAFKA_CFG_ADVERTISED_LISTENERS",
    "KAFKA_BROKER_ADVERTISED_LISTENERS",
)
_MOST_LISTENERS = 50  # each is asked for its bearer, and a broker has three or four
_FLAG = regex(r"--(?:advertise-kafka-addr|override advertised\.listeners)[ =](\S+)")


def advertised_by(environment: Mapping[str, str | None], command: str) -> tuple[Advertised, ...]:
    """The listeners that variables or the command line advertise, () where nothing says so."""
    text = next((environment[key] or "" for key in _ADVERTISED_NAMES if key in environment), "")
    if not text and (flag := _FLAG.search(command)):
        text = flag[1]
    found = ((match, port_number(match[3])) for match in islice(_ADVERTISED.finditer(text), _MOST_LISTENERS))
    return tuple(Advertised(match[1] or "", match[2], port) for match, port in found if port is not None)
