"""What `ports` publishes: Compose's short form, expanded as compose-go and docker/go-connections (nat) expand it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from envfix.compose.model import Port
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
    text = str(target)
    if isinstance(target, bool) or not _NUMBER.fullmatch(text):
        return None
    published = entry.get("published")
    return Port(
        int(text),
        None if published in (None, "") else str(published),
        str(entry.get("protocol") or "tcp"),
        str(entry["host_ip"]) if entry.get("host_ip") else None,
    )
