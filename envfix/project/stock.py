"""Which stock image does a service run, as its command and variables set it up, and does it start that image's server?

What a command names as the program to start counts before the image: a script on a database's image is a client of it.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from envfix.compose.model import Service
from envfix.knowledge.images import Image, image_of
from envfix.named_tuples import NamedTuple
from envfix.numerals import port_number
from envfix.patterns import regex
from envfix.project.listening import command_line
from envfix.shell_words import found_in

if TYPE_CHECKING:
    from envfix.dockerfile.stages import Dockerfile

# The kinds of images whose server serves the pages that are copied into them.
_WEB_SERVERS = frozenset({"proxy", "caddy"})


class Moved(NamedTuple):
    """A port that the service's own settings give to one of the protocols of its image, and how that is known."""

    port: int
    protocol: str
    detail: str


class Script(NamedTuple):
    """A script or a client that is started on the image of a server. `whole`: all of it stands in the command, whose
    words are `names`; `repairs` are the variables that it looks for loopback in, to put another host in its place."""

    whole: bool
    names: frozenset[str]
    repairs: frozenset[str]

    def reads(self, variable: str) -> bool:
        """Whether nothing speaks against its connecting to the address that the variable holds."""
        if self.whole and variable not in self.names and variable not in _READ_BY_CLIENTS:
            return False
        return variable not in self.repairs


def stock_image(service: Service, dockerfile: "Dockerfile | None") -> Image | None:
    """The well-known image of a service, by its `image` or by the base of the Dockerfile that builds it; None for an
    application that is built upon one: a site in a web server's image, a program of its own in a database's."""
    if service.build is None:
        found = image_of(service.image)
    elif dockerfile is None:
        return None
    else:
        found = image_of(dockerfile.base)
        if found is None or (found.kind == "proxy" and dockerfile.copies) or _starts_another(found, dockerfile):
            return None
    return found and _as_set_up(found, service)


def web_server_of(dockerfile: "Dockerfile | None") -> Image | None:
    """The web server's image that a Dockerfile copies a site into, where it starts that server."""
    base = image_of(dockerfile.base) if dockerfile is not None else None
    return base if base is not None and base.kind in _WEB_SERVERS else None


def starts_web_server(dockerfile: "Dockerfile") -> bool:
    """Whether the container starts the web server that its image is built upon: by that image's own command, which a
    Dockerfile inherits (https://docs.docker.com/reference/dockerfile/#cmd), or by one that names it."""
    line = dockerfile.line.removeprefix(_SHELL)
    base = dockerfile.base.rpartition("/")[2].partition(":")[0].partition("-")[0]
    return not line or (bool(base) and base in line)


def client_script(service: Service, image: Image) -> Script | None:
    """What the service starts, where that is a script or a client on the image of a server, which serves nothing; None
    where the server itself may be started."""
    line = command_line(service)
    if not line or service.ports or service.expose or service.healthcheck:
        return None
    if not _RUNS_ONCE.match(line) or image.starts_in(line):
        return None
    return Script(" -c " in line, frozenset(found_in(line, _NAME)), frozenset(found_in(line, _LOOKS_FOR_LOOPBACK)))


def moved_ports(image: Image, service: Service) -> list[Moved]:
    """The ports that flags of the command and the image's own variables set, of those that its documentation names."""
    if not image.moves:
        return []
    found = [
        Moved(port, image.moves[flag], "its command names the port")
        for flag, value in _flags(command_line(service))
        if flag in image.moves and (port := _port_of(value)) is not None
    ]
    for name, protocol in image.moves.items():
        for listener in (service.environment.get(name) or "").split(","):
            if (port := _port_of(listener.rstrip("/"))) is not None:
                found.append(Moved(port, protocol, f"its variable {name} sets the port"))
    return found


def _as_set_up(image: Image, service: Service) -> Image:
    moved = {one.protocol: one.port for one in reversed(moved_ports(image, service))}
    if not moved:
        return image
    ports = {moved.get(protocol, port): protocol for port, protocol in image.ports.items()}
    ports.update({port: protocol for protocol, port in moved.items()})
    return image._replace(ports=ports)


def _starts_another(image: Image, dockerfile: "Dockerfile") -> bool:
    line = dockerfile.line.removeprefix(_SHELL)
    return bool(_RUNS_ONCE.match(line)) and not image.starts_in(line)


def _flags(line: str) -> Iterator[tuple[str, str]]:
    """The flags of a command line, each with what stands behind its `=` or in the next word."""
    for word, following in pairwise((*line.split(), "")):
        flag, sign, value = word.partition("=")
        if flag.startswith("-"):
            yield flag, value if sign else following


def _port_of(text: str) -> int | None:
    """The port of `9001`, `:9001` or `0.0.0.0:9001`, in quotes or not."""
    return port_number(text.strip("\"'").rpartition(":")[2])


_SHELL = "/bin/sh -c "  # in front of a command that the Dockerfile writes as a text
_NAME = regex(r"[A-Za-z_]\w*+")
# `[ "$DB_HOST" = "localhost" ]`
_LOOKS_FOR_LOOPBACK = regex(r"\$\{?([A-Za-z_]\w*+)\}?[\"']?\s*+==?\s*+[\"']?(?:localhost|127\.0\.0\.1)")
# Variables of a host that the clients on these images read by themselves:
# https://www.postgresql.org/docs/current/libpq-envars.html,
# https://dev.mysql.com/doc/refman/8.4/en/environment-variables.html
_READ_BY_CLIENTS = frozenset({"PGHOST", "PGHOSTADDR", "MYSQL_HOST"})
# A shell, an interpreter or a client at the beginning of a command line, with whatever follows.
_RUNS_ONCE = regex(
    r"(?:/\S*/)?(?:(?:ba|da|a)?sh|python3?|node|ruby|perl|php|psql|createdb|pg_isready|pg_dump|pg_restore|mysql"
    r"|mysqladmin|mysqldump|mariadb|mariadb-admin|mongo|mongosh|mongoimport|mongodump|mongorestore|redis-cli"
    r"|valkey-cli|mc|aws|awslocal|curl|wget|kafka-\w+(?:\.sh)?|rpk|rabbitmqadmin|rabbitmqctl|cqlsh|nodetool"
    r"|clickhouse-client|influx|arangosh|arangoimport|etcdctl|sqlcmd|ldapadd|ldapmodify|\S+\.sh)(?:\s|$)",
    re.IGNORECASE,
)
