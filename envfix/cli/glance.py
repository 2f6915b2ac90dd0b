"""What can be known of a project from its bytes alone? That it has nothing to decide, before any YAML is parsed.

A project is passed only where its files have the plain shape that nearly all have, and hold neither a loopback address nor
a published port that differs from the container's. Whatever is unusual is left to the real reader, mistakes among it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from envfix.addresses import may_hold_address
from envfix.compose.files import BASE_NAMES, MAX_COMPOSE_BYTES, OVERRIDE_NAMES, normalized
from envfix.envfile import parse_env, resolve
from envfix.errors import EnvfixError
from envfix.files import read_bounded
from envfix.records import EnvFileState, Plan
from envfix.settings import load_settings

_MAX_ENV = 1 << 20  # bytes; a larger one is worth a real reading
_SECTIONS = frozenset({"services", "volumes", "networks", "secrets", "configs", "name", "version"})

_QUOTED = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')"""
_PLAIN = r"""(?:[\w./$~(+-](?:[^#:]|:(?!\s|$)|(?<!\s)\#)*)"""
_INLINE = rf"""(?:\[(?:[^\[\]{{}}"'\#]|{_QUOTED})*\]|\{{\s*\}})"""
_SCALAR = rf"(?:{_QUOTED}|{_PLAIN}|{_INLINE}|\*[\w-]+)"
_KEY = rf"(?P<key>[\w.$/{{}}-]+|<<|{_QUOTED})"
_LINE = re.compile(
    rf"(?P<indent>\ *)(?P<dash>-\s+)?(?:{_KEY}\s*:(?:\s+&(?P<anchor>[\w-]+))?(?:\s+(?P<value>{_SCALAR}))?|(?P<item>{_SCALAR}))\s*(?:\s\#.*)?",
    re.VERBOSE,
)
# Lines that name loopback without connecting to it: an exec form of a healthcheck, a port published on it.
_NO_MATTER = re.compile(r"^\s*test:\s*\[.*$|^\s*-\s*[\"']?127\.0\.0\.1:[\w${}:/.-]+[\"']?\s*$", re.MULTILINE)
_PORTS = re.compile(
    r"^\s*-\s*[\"']?(?:(?:\d{1,3}\.){3}\d{1,3}:)?(?P<host>\d+|\$\{[^}]*\}):(?P<inside>\d+|\$\{[^}]*\})(?:/\w+)?[\"']?\s*$",
    re.MULTILINE,
)
# Keys by which other files come in, or which change what merging means.
_ELSEWHERE = frozenset({"include", "extends", "path", "tag"})
_PORT = r"(?:[1-5]?\d{2,4}|\$\{\w+(?::?-[1-5]?\d{2,4})?\})"
# What an item of a list may look like that the real reader would check.
_ITEMS = {
    "ports": re.compile(rf"(?:(?:(?:\d{{1,3}}\.){{3}}\d{{1,3}}:)?{_PORT}:)?{_PORT}(?:/tcp|/udp)?"),
    "environment": re.compile(r"[A-Za-z_][\w.-]*(?:=.*)?"),
    "env_file": re.compile(r"[^${}]+"),
}
_REQUIRED = re.compile(r"\$\{[^}]*\?")
_SERVICES = re.compile(r"^services:[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n)*[ ]+\S", re.MULTILINE)
_NAME = re.compile(r"\$\{(\w+)")
_NUMBER = re.compile(r"\d+")


class _Seen(NamedTuple):
    """The text of the compose files, and what their lines say: sections, name and paths of env files."""

    text: str
    sections: frozenset[str]
    name: str | None
    env_files: tuple[str, ...]


def nothing_to_decide(directory: str, environ: Mapping[str, str]) -> Plan | None:
    """The plan of the project in `directory`, without warnings, where its bytes show that nothing in it is to be decided;
    else None."""
    if any(name.startswith("COMPOSE_") for name in environ):
        return None
    try:
        return _glance(directory, environ)
    except (EnvfixError, OSError, UnicodeDecodeError):
        return None


def _glance(directory: str, environ: Mapping[str, str]) -> Plan | None:
    files = _compose_files(directory)
    seen = [_seen(read_bounded(path, MAX_COMPOSE_BYTES, "compose file").decode()) for path in files]
    if not seen or None in seen or load_settings(directory).path is not None:
        return None
    read = [one for one in seen if one is not None]
    sections = frozenset(section for one in read for section in one.sections)
    if any(section not in _SECTIONS and not section.startswith("x-") for section in sections):
        return None
    own = os.path.join(directory, ".env")
    named = [os.path.normpath(os.path.join(directory, path)) for one in read for path in one.env_files]
    paths = tuple(dict.fromkeys((*([own] if os.path.lexists(own) else []), *named)))
    texts = [_env_text(path, environ) for path in paths]
    if not _harmless("\n".join(one.text for one in read), "\n".join(texts)):
        return None
    name = normalized(next((one.name for one in reversed(read) if one.name), None) or os.path.basename(directory))
    states = tuple(EnvFileState(path, False) for path in paths)
    return Plan(directory, name, files, (), states, (), (), ())


def _compose_files(directory: str) -> tuple[str, ...]:
    """The compose file and its override, () where there is a choice among several."""
    found = []
    for names in (BASE_NAMES, OVERRIDE_NAMES):
        present = [path for name in names if os.path.lexists(path := os.path.join(directory, name))]
        if len(present) > 1:
            return ()
        found += present
    return tuple(found)


def _env_text(path: str, environ: Mapping[str, str]) -> str:
    """The text of an env file that Docker Compose reads as it stands; EnvfixError or UnicodeDecodeError for another."""
    data = read_bounded(path, _MAX_ENV, "env file")
    document = parse_env(data, path)
    if any(binding.value is None or binding.name.startswith("COMPOSE_") for binding in document.bindings):
        raise EnvfixError("worth a real reading", path=path)
    resolve(document, environ.get)
    return data.decode()


def _harmless(compose: str, env: str) -> bool:
    """Whether there is no address in the texts, and no port by which a service's name could be wrong."""
    if may_hold_address(env.encode()) or may_hold_address(_NO_MATTER.sub("", compose).encode()):
        return False
    if _REQUIRED.search(compose) or _REQUIRED.search(env) or "published" in compose:
        return False
    rest = _PORTS.sub("", compose) + "\n" + env
    ports = [(match["host"], match["inside"]) for match in _PORTS.finditer(compose)]
    variables = {name for pair in ports for text in pair for name in _NAME.findall(text)}
    values = {name: re.compile(rf"^(?:export )?{name}[ \t]*=(.*)$", re.MULTILINE) for name in variables}
    differing: set[str] = set()
    for host, inside in ports:
        outside, within = ({*_NUMBER.findall(text), *_given(text, values, env)} for text in (host, inside))
        differing |= outside - within if len(within) == 1 else outside | within
    for value in values.values():
        rest = value.sub("", rest)
    return differing.isdisjoint(_NUMBER.findall(rest))


def _given(text: str, values: Mapping[str, re.Pattern[str]], env: str) -> Iterator[str]:
    """The numbers that the env files give the variables of the text."""
    for name in _NAME.findall(text):
        for value in values[name].findall(env):
            yield from _NUMBER.findall(value)


def _seen(text: str) -> _Seen | None:
    """What the lines of a compose file say, None for one of another shape than the plain one."""
    stack: list[tuple[int, set[str]]] = []
    sections: set[str] = set()
    anchors: set[str] = set()
    name: str | None = None
    env_files: list[str] = []
    owner = ""  # the key whose list is being read
    opened = True
    for line in text.splitlines():
        bare = line.lstrip(" ")
        if not bare or bare.startswith("#"):
            continue
        match = _LINE.fullmatch(line.rstrip())
        if match is None or not _nests(match, stack, opened) or not _aliases(match, anchors):
            return None
        key, value, item = match["key"], match["value"], match["item"]
        if key in _ELSEWHERE or "$" in (key or ""):
            return None
        items = [item] if item is not None else _inline(value) if key in _ITEMS and value is not None else []
        owner = key if key is not None else owner
        if owner in _ITEMS:
            if owner == "ports" and value is not None and not value.startswith("["):
                return None
            words = [_unquoted(word.strip()) for word in items]
            if not all(_ITEMS[owner].fullmatch(word) for word in words):
                return None
            env_files += words if owner == "env_file" else []
        if not match["indent"] and key:
            sections.add(key)
            name = _unquoted(value or "") or name if key == "name" else name
        opened = key is not None and value is None
    if not _SERVICES.search(text) or "$" in (name or ""):
        return None
    return _Seen(text, frozenset(sections), name, tuple(env_files))


def _inline(value: str) -> list[str]:
    return value.strip("[]").split(",") if value.startswith("[") else [value]


def _aliases(match: re.Match[str], anchors: set[str]) -> bool:
    """Whether what the line refers to stands above it; a merge takes nothing else."""
    if match["anchor"]:
        anchors.add(match["anchor"])
    value = match["value"] or match["item"] or ""
    if match["key"] == "<<" and not value.startswith("*"):
        return False
    return not value.startswith("*") or value[1:] in anchors


def _nests(match: re.Match[str], stack: list[tuple[int, set[str]]], opened: bool) -> bool:
    """Whether the line stands where one may: deeper only below an open key, and no key twice in one mapping."""
    indent = len(match["indent"])
    place = indent + len(match["dash"] or "")
    while stack and stack[-1][0] > indent:
        stack.pop()
    if match["dash"]:
        if not opened and not (stack and stack[-1][0] >= indent):
            return False
        if stack and stack[-1][0] == indent and "-" not in stack[-1][1] and not opened:
            return False
        if not stack or stack[-1][0] < indent:
            stack.append((indent, {"-"}))
        if match["key"]:
            stack.append((place, {match["key"]}))
        return True
    if not match["key"]:
        return False
    if not stack or stack[-1][0] < indent:
        if not opened:
            return False
        stack.append((indent, set()))
    keys = stack[-1][1]
    if match["key"] in keys or "-" in keys:
        return False
    keys.add(match["key"])
    return True


def _unquoted(text: str) -> str:
    return text[1:-1] if text[:1] in "\"'" and len(text) > 1 else text
