"""How does each service get its own value, while the env file stays as it is? By a compose override file (Compose spec,
merge: a later file's `environment` wins, variable by variable)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from envfix.errors import EnvfixError
from envfix.patterns import regex

# What a YAML double-quoted scalar cannot hold as it is: quote, backslash, line breaks, whatever is not printable (YAML
# 1.2, 5.1); and the invisible characters, so that nothing hides in the file.
_SPECIAL = regex(r'["\\\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]')
_PLAIN = regex(r"[A-Za-z_][A-Za-z0-9_.-]*")
_NOT_PLAIN = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


def override_text(
    values: Mapping[str, Mapping[str, str]], *, compose_files: Iterable[str] = (), name: str = "FILE"
) -> str:
    """The text of a compose override file that gives each service (key) the value of each variable (key, value).

    Docker Compose hands out exactly these values: `$` stands doubled, so that nothing is interpolated. `compose_files`
    and `name` are the files of the command in the header that uses it. EnvfixError for a value that no YAML file can
    hold (bytes that are not UTF-8, a NUL); the message names service and variable, never the value.
    """
    lines = [*_header(compose_files, name), "services:"]
    for service in sorted(values):
        if values[service]:
            lines += [f"  {_key(service)}:", "    environment:"]
            lines += [f"      {_key(key)}: {_scalar(service, key, value)}" for key, value in values[service].items()]
    return "\n".join(lines) + "\n" if lines[-1] != "services:" else "\n".join([*lines[:-1], "services: {}", ""])


def masked(values: Mapping[str, Mapping[str, str]], names: Iterable[str] = ()) -> dict[str, dict[str, str]]:
    """The same values as they may be shown: addresses and plain words, passwords and the rest as `***`. `names` are
    those of services, whose addresses may be shown."""
    from envfix.addresses import find_addresses
    from envfix.shown import mask_value

    known = (*values, *names)

    def shown(value: str) -> str:
        found = find_addresses(value, known)
        return mask_value(value, [(address.start, address.port_end or address.end) for address in found])

    return {service: {key: shown(value) for key, value in own.items()} for service, own in values.items()}


def _header(compose_files: Iterable[str], name: str) -> list[str]:
    from shlex import quote

    files = " ".join(f"-f {quote(file)}" for file in (*compose_files, name))
    return [
        "# Written by envfix: what these services need where the env file has what programs on the host need.",
        f"# Use it with: docker compose {_one_line(files)} up -d",
        "# It may hold passwords: keep it out of git and of images, as you do with .env.",
    ]


def _one_line(text: str) -> str:
    return _SPECIAL.sub(lambda match: match[0] if match[0] in '"\\' else "?", text).encode("utf-8", "replace").decode()


def _key(name: str) -> str:
    return name if _PLAIN.fullmatch(name) and name.lower() not in _NOT_PLAIN else _quoted(name)


def _scalar(service: str, name: str, value: str) -> str:
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise EnvfixError(
            f"the value of {name} for {service} is not UTF-8 text, so no compose file can hold it: set it in "
            "an env file of that service instead"
        )
    return _quoted(value.replace("$", "$$"))


def _quoted(text: str) -> str:
    """A YAML double-quoted scalar on one line; its escapes are the ones that every YAML version knows."""
    return f'"{_SPECIAL.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    named = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return named.get(character) or (f"\\x{ord(character):02x}" if ord(character) < 256 else f"\\u{ord(character):04x}")
