"""Can it be known from the bytes alone that there is nothing to do?

Most runs find nothing, and then reading YAML is most of their time. `nothing_to_do` looks at a project's compose file
and `.env` as bytes, and says yes only where the whole way through could come to no other end: no address in either of
them, and a compose file so plain that nothing in it could be refused or warned about. Whatever it does not know for
certain goes the whole way; a test holds both ways against each other.
"""

import os
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from envfix.compose.discovery import BASE_NAMES, OVERRIDE_NAMES, normalized
from envfix.knowledge.hosts import TRACE
from envfix.patterns import regex
from envfix.records import EnvFileState, Plan

MAX_BYTES = 1 << 18

_SETTINGS = (".envfix.toml", "pyproject.toml")
_LOOPBACK = regex(TRACE, re.IGNORECASE)
_LOOPBACK_BYTES = regex(TRACE.encode(), re.IGNORECASE)
# Words of an env file by which it says more than values.
_DIRECTIVE = regex(rb"COMPOSE_|envfix", re.IGNORECASE)
_NUMBER = regex(rb"[0-9]+")
# Lines that no reader of env files understands otherwise: comments, plain values, quoted ones without escapes.
_PLAIN_ENV = regex(
    rb"(?:(?:[A-Za-z_][A-Za-z0-9_]*=(?:[^\s'\"$#\\][^'\"$\\\r\n]*+|\"[^\"$\\\r\n]*+\"|'[^'\\\r\n]*+')?+|#[^\r\n]*+)?+\r?\n)*+"
)

_LINE = regex(r"( *)((?:- )?)(?:([A-Za-z_][\w.-]*):(?: (.*))?|(.+))")
_SCALAR = regex(r"\"[^\"\\]*\"|'[^']*'|(?![-?:,\[\]{}#&*!|>'\"%@`])(?:[^\s:#]|:(?=[^\s])|(?<=\S)#| (?=[^\s#]))+")
_FILLED = r"(?:[^$]|\$\{[A-Za-z_]\w*(?::?-[^${}]*)?\})*"
_ENV_VALUE = regex(_FILLED)
_TEXT = regex(r"[^$]*")
_PORT = regex(r"(?:[0-9]{1,5}:)?[0-9]{1,5}(?:/tcp|/udp)?")
_NAME = regex(r"[A-Za-z0-9][\w.-]+")
_DURATION = regex(r"[0-9]+(?:ms|s|m|h)")
_ASSIGNMENT = regex(rf"[A-Za-z_]\w*(?:={_FILLED})?")
_VOLUME = regex(r"(?:(\.{0,2}/[\w./-]*|[a-z][\w-]*):)?/[\w./-]+(?::ro|:rw)?")
_CONDITION = regex(r"service_started|service_healthy|service_completed_successfully")
_COMMAND = regex(r"[\w./ =-]+")
_RESTART = regex(r"no|always|unless-stopped|on-failure")
_FOLDER = regex(r"\.{1,2}(?:/[\w./-]*)?")
_WORD = regex(r"[\w./:@-]+")

# What may stand under a key of a service: a scalar's form, a list item's form, or a map's keys with theirs.
_SCALARS = {
    "image": _WORD, "build": _FOLDER, "container_name": _NAME, "hostname": _NAME, "restart": _RESTART,
    "command": _COMMAND, "working_dir": regex(r"/[\w./-]*"), "user": regex(r"[a-z][\w-]*"),
}  # fmt: skip
_ITEMS = {"ports": _PORT, "environment": _ASSIGNMENT, "depends_on": _NAME, "networks": _NAME, "volumes": _VOLUME}
_MAPS: dict[str, dict[str, re.Pattern[str]]] = {
    "healthcheck": {"test": _TEXT, "interval": _DURATION, "timeout": _DURATION, "start_period": _DURATION,
                    "retries": regex(r"[0-9]+")},
    "build": {"context": _FOLDER, "dockerfile": regex(r"[\w./-]+"), "target": _NAME},
}  # fmt: skip


class _Line(NamedTuple):
    """A line that holds something: its depth, whether it is a list item, its key ("" for a bare scalar) and its scalar
    ("" where what belongs to it stands below)."""

    indent: int
    item: bool
    key: str
    value: str


class _Unsure(Exception):
    """Something that only the whole way through can judge."""


def nothing_to_do(directory: str, environ: Mapping[str, str]) -> Plan | None:
    """The empty plan of the project in `directory`, if its files leave nothing to do; None if that is not certain."""
    if any(name.startswith("COMPOSE_") for name in environ):
        return None
    bases = [name for name in BASE_NAMES if os.path.lexists(os.path.join(directory, name))]
    name = normalized(os.path.basename(directory))
    if len(bases) != 1 or not name or _configured(directory):
        return None
    if any(os.path.lexists(os.path.join(directory, override)) for override in OVERRIDE_NAMES):
        return None
    compose, env = os.path.join(directory, bases[0]), os.path.join(directory, ".env")
    env_bytes = _read(env)
    if (
        env_bytes is None
        or _LOOPBACK_BYTES.search(env_bytes)
        or _DIRECTIVE.search(env_bytes)
        or not _is_plain_env(env_bytes)
    ):
        return None
    compose_bytes = _read(compose)
    if compose_bytes is None:
        return None
    try:
        moved = _check(tuple(_lines(compose_bytes.decode("ascii"))))
    except (_Unsure, UnicodeDecodeError):
        return None
    # A service's name with a port that is published only may stand there: `db:5433` of `5433:5432`.
    if moved and moved & {int(number) for number in _NUMBER.findall(env_bytes)}:
        return None
    return Plan(directory, name, (compose,), (), (EnvFileState(env, False),), (), (), ())


def _read(path: str) -> bytes | None:
    """The bytes of a small regular file, None for anything else."""
    try:
        if not os.path.isfile(path) or os.path.getsize(path) > MAX_BYTES:
            return None
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def _is_plain_env(data: bytes) -> bool:
    """Whether every grammar reads these lines, and reads them alike."""
    whole = data if data.endswith(b"\n") else data + b"\n"
    return _PLAIN_ENV.fullmatch(whole) is not None


def _configured(directory: str) -> bool:
    """Whether a configuration may be in force: such a file here or above, up to the git work tree's root."""
    while True:
        if any(os.path.lexists(os.path.join(directory, name)) for name in _SETTINGS):
            return True
        above = os.path.dirname(directory)
        if above == directory or os.path.lexists(os.path.join(directory, ".git")):
            return False
        directory = above


def _lines(text: str) -> Iterator[_Line]:
    if "\t" in text or "\r" in text:
        raise _Unsure
    for line in text.split("\n"):
        stripped = line.strip(" ")
        if not stripped or stripped.startswith("#"):
            continue
        match = _LINE.fullmatch(line.rstrip(" "))
        if match is None:
            raise _Unsure
        spaces, dash, key, value, bare = match.groups()
        if dash and key is not None:
            raise _Unsure
        yield _Line(len(spaces), bool(dash), key or "", _scalar(value if key is not None else bare))


def _scalar(text: str | None) -> str:
    """A scalar without its quotes, "" for none."""
    if not text:
        return ""
    if _SCALAR.fullmatch(text) is None or text in ("~", "null", "Null", "NULL"):
        raise _Unsure
    return text[1:-1] if text[0] in "\"'" else text


def _check(lines: tuple[_Line, ...]) -> set[int]:
    """Raise _Unsure unless this is a compose file in which nothing can be refused or warned about; the ports that are
    published under another number than they have inside."""
    top = _children(lines)
    if not set(top) <= {"services", "volumes", "networks"} or "services" not in top:
        raise _Unsure
    services = _children(top["services"][1])
    named = {key: _children(top[key][1]) if key in top else {} for key in ("volumes", "networks")}
    for children in named.values():
        if any(value or below for value, below in children.values()):
            raise _Unsure
    if not services or any(value for value, _ in services.values()):
        raise _Unsure
    containers: list[str] = []
    needs: dict[str, set[str]] = {}
    for service, (_, below) in services.items():
        containers += _check_service(below, set(services), set(named["networks"]), set(named["volumes"]))
        needs[service] = {line.value or line.key for line in _depends_on(below)}
    while needs:
        # What needs none of the others comes up first; where there is no such service, they wait for one another.
        first = {service for service, others in needs.items() if not others & set(needs)}
        if not first:
            raise _Unsure
        needs = {service: others for service, others in needs.items() if service not in first}
    if len(set(containers)) != len(containers):
        raise _Unsure
    pairs = [line.value.partition("/")[0].split(":") for line in lines if line.item and _PORT.fullmatch(line.value)]
    return {int(pair[0]) for pair in pairs if len(pair) == 2 and int(pair[0]) != int(pair[1])}


def _children(lines: tuple[_Line, ...]) -> dict[str, tuple[str, tuple[_Line, ...]]]:
    """The keys of a map with their scalars and what stands below each."""
    found: dict[str, tuple[str, tuple[_Line, ...]]] = {}
    at = 0
    while at < len(lines):
        head = lines[at]
        if head.item or not head.key or head.indent != lines[0].indent or head.key in found:
            raise _Unsure
        end = at + 1
        while end < len(lines) and (
            lines[end].indent > head.indent or (lines[end].item and lines[end].indent == head.indent)
        ):
            end += 1
        if head.value and end > at + 1:
            raise _Unsure
        found[head.key] = (head.value, lines[at + 1 : end])
        at = end
    return found


def _check_service(lines: tuple[_Line, ...], services: set[str], networks: set[str], volumes: set[str]) -> list[str]:
    """Raise _Unsure for anything out of the ordinary in a service; the name of its container, if it has one."""
    children = _children(lines)
    if ("image" in children) == ("build" in children):
        raise _Unsure
    for key, (value, below) in children.items():
        # In a healthcheck localhost is right.
        if key != "healthcheck" and any(_LOOPBACK.search(text) for text in (value, *(line.value for line in below))):
            raise _Unsure
        if value:
            _fits(_SCALARS.get(key), value)
        elif below and below[0].item:
            items = _items(below)
            for item in items:
                _fits(_ITEMS.get(key), item)
            _known(key, items, services, networks, volumes)
        elif key == "environment" and below:
            for entry, under in _children(below).values():
                if not entry or under:
                    raise _Unsure
                _fits(_ENV_VALUE, entry)
        elif key == "depends_on" and below:
            _dependencies(_children(below), services)
        elif key in _MAPS and below:
            for inner, (entry, under) in _children(below).items():
                if under or not entry:
                    raise _Unsure
                _fits(_MAPS[key].get(inner), entry)
        else:
            raise _Unsure
    return [children["container_name"][0]] if "container_name" in children else []


def _depends_on(lines: tuple[_Line, ...]) -> Iterator[_Line]:
    """The lines that may name the services which a service depends on."""
    yield from _children(lines).get("depends_on", ("", ()))[1]


def _items(lines: tuple[_Line, ...]) -> list[str]:
    if any(not line.item or line.indent != lines[0].indent or not line.value for line in lines):
        raise _Unsure
    return [line.value for line in lines]


def _known(key: str, items: list[str], services: set[str], networks: set[str], volumes: set[str]) -> None:
    """Raise _Unsure where a list names what the file does not define, or one thing twice."""
    if len(set(items)) != len(items):
        raise _Unsure
    if key == "depends_on" and not set(items) <= services:
        raise _Unsure
    if key == "networks" and not set(items) <= networks:
        raise _Unsure
    if key == "volumes":
        for item in items:
            match = _VOLUME.fullmatch(item)
            source = match[1] if match else None
            if source and not source.startswith((".", "/")) and source not in volumes:
                raise _Unsure


def _dependencies(children: dict[str, tuple[str, tuple[_Line, ...]]], services: set[str]) -> None:
    for name, (value, below) in children.items():
        inner = _children(below) if below else {}
        if value or name not in services or set(inner) != {"condition"} or inner["condition"][1]:
            raise _Unsure
        _fits(_CONDITION, inner["condition"][0])


def _fits(form: re.Pattern[str] | None, text: str) -> None:
    if form is None or form.fullmatch(text) is None:
        raise _Unsure
