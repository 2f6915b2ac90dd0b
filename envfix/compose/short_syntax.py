"""The short forms of Compose: what an entry of `ports` or `volumes`, or a command line, says in one text.

Ports are expanded as compose-go and docker/go-connections (nat) expand them, volumes as compose-go's format package
does it, and command lines are split as go-shellwords does it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from envfix.compose.model import Port
from envfix.compose.nodes import whole_number
from envfix.patterns import regex

_NUMBER = regex(r"[0-9]+")
_PROTOCOLS = ("tcp", "udp", "sctp")


def parse_port(text: str) -> tuple[Port, ...]:
    """The ports of one short entry `[[IP:][PUBLISHED[-END]]:]TARGET[-END][/PROTOCOL]`, ranges expanded, in Compose's
    order (by the text of the target). Raises ValueError with what is wrong."""
    *outer, inner = text.split(":")
    published = outer.pop() if outer else ""
    host_ip = _address(":".join(outer))
    target, protocol = _protocol(inner)
    first, last = _range(target, "container port")
    ports = _expand(first, last, published, protocol, host_ip)
    return tuple(sorted(ports, key=lambda port: str(port.target)))


def _expand(first: int, last: int, published: str, protocol: str, host_ip: str | None) -> Iterator[Port]:
    if not published:
        yield from (Port(target, None, protocol, host_ip) for target in range(first, last + 1))
        return
    low, high = _range(published, "published port")
    if last - first == high - low:
        for offset in range(last - first + 1):
            yield Port(first + offset, str(low + offset), protocol, host_ip)
    elif first == last:
        # The engine takes whichever of the range is free.
        yield Port(first, f"{low}-{high}", protocol, host_ip)
    else:
        raise ValueError("the ranges of published and container ports differ in length")


def _address(text: str) -> str | None:
    if not text or text in ("127.0.0.1", "0.0.0.0"):
        return text or None  # nearly always it is one of these, and the module for the others is slow to load
    from ipaddress import ip_address

    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        ip_address(bare.partition("%")[0] if text.startswith("[") else bare)
    except ValueError:
        raise ValueError("the host address must be an IP address, before a published port") from None
    return bare


def _protocol(text: str) -> tuple[str, str]:
    target, _, rest = text.partition("/")
    protocol = rest.lower() or "tcp"
    if not target:
        raise ValueError("no container port is given")
    if protocol not in _PROTOCOLS:
        raise ValueError("the protocol must be tcp, udp or sctp")
    return target, protocol


def _range(text: str, what: str) -> tuple[int, int]:
    parts = text.split("-")
    low = _number(parts[0], what)
    high = _number(parts[1], what) if len(parts) > 1 else low
    if high < low:
        raise ValueError(f"the {what} range runs backwards")
    return low, high


def _number(text: str, what: str) -> int:
    digits = text.lstrip("0") or "0"
    if not _NUMBER.fullmatch(text) or len(digits) > 5 or int(digits) > 65535:
        raise ValueError(f"the {what} is no number from 0 to 65535")
    return int(digits)


def port_of(entry: dict[str, Any]) -> Port | None:
    """The Port of one long entry, or None where its target is no number (the checks have told)."""
    target = entry.get("target")
    number = None if isinstance(target, bool) else whole_number(target)
    if number is None or number < 0:
        return None
    published = entry.get("published")
    return Port(
        number,
        None if published in (None, "") else str(published),
        str(entry.get("protocol") or "tcp"),
        str(entry["host_ip"]) if entry.get("host_ip") else None,
    )


def parse_volume(text: str) -> dict[str, Any]:
    """The long form of `[SOURCE:]TARGET[:OPTIONS]`. Raises ValueError with what is wrong."""
    if not text:
        raise ValueError("an empty volume names nothing to mount")
    if len(text) <= 2:
        return {"type": "volume", "target": text}
    parts = _sections(text)
    if not all(parts):
        raise ValueError("a section between its colons is empty")
    if len(parts) > 3:
        raise ValueError("it has too many colons")
    source = parts[0] if len(parts) > 1 else ""
    volume: dict[str, Any] = {"type": "bind" if is_path(source) else "volume"}
    if source:
        volume["source"] = source
    volume["target"] = parts[min(1, len(parts) - 1)]
    if len(parts) > 2 and "ro" in parts[2].split(","):
        volume["read_only"] = True
    return volume


def _sections(text: str) -> list[str]:
    """The parts between colons, but for the colon of a Windows drive."""
    parts: list[str] = []
    for piece in text.split(":"):
        if parts and len(parts[-1]) == 1 and parts[-1].isalpha():
            parts[-1] += f":{piece}"
        else:
            parts.append(piece)
    return parts


def is_path(source: str) -> bool:
    """Whether a source is a path of the host, and no volume's name."""
    return source.startswith((".", "/", "~", "\\\\")) or (len(source) > 1 and source[0].isalpha() and source[1] == ":")


def clean_target(target: str) -> str:
    """A path in the container without `.`, `..` and slashes too many."""
    return posixpath.normpath(target).replace("//", "/") if target else ""


def split_command(line: str) -> tuple[str, ...]:
    """The words of a command. It ends at an unquoted `;`, `&`, `|`, `<` or `>`, as Compose has it. Raises ValueError
    where a quote, a backquote or a bracket does not close."""
    words: list[str] = []
    word = quote = ""
    started = False
    characters = iter(line)
    for char in characters:
        if char == "\\" and quote != "'":
            char = next(characters, "")
            if not char:
                raise ValueError("the command ends in a backslash")
            word += {"t": "\t", "n": "\n"}.get(char, char)
            started = True
        elif char in " \t\r\n" and not quote:
            if started:
                words.append(word)
            word, started = "", False
        elif char in ";&|<>" and not quote:
            # A digit before `>` is the number of a file.
            started = started and not (char == ">" and word[:1].isdigit())
            break
        else:
            quote, kept = _quoting(char, quote, word)
            word += kept
            started = True
    if quote:
        raise ValueError("a quote, a backquote or a bracket does not close")
    return (*words, word) if started else tuple(words)


def _quoting(char: str, quote: str, word: str) -> tuple[str, str]:
    """The quote that holds after `char`, and what of `char` stays in the word: quotes vanish, the backquotes and the
    brackets of a substitution stay, for nothing is substituted."""
    if char in "'\"" and quote in ("", char):
        return ("" if quote else char), ""
    if char == "`" and quote in ("", "`"):
        return ("" if quote else "`"), char
    if char == "(" and not quote and word.endswith("$"):
        return "(", char
    if char == ")" and quote == "(":
        return "", char
    if char in "()" and quote in ("", "("):
        raise ValueError("a bracket stands outside quotes")
    return quote, char
