"""Which loopback addresses are in this value, in which dialect, at which place?

A value is scanned once for host words; each is then shown to the dialects of a table, in order, and the first that
knows the place says what it is: an address, a place that is none (with a refusal), or nothing worth a word.
Everything is linear in the length of the value, and no value raises an exception.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from envfix.patterns import regex

from .dialects import DIALECTS
from .records import GATEWAYS, NAME, Address, loopback_ips, scan
from .value import Value

# RFC 6761 (localhost), RFC 5735 (127/8, 0/8), RFC 4291 (::1, :: and their long forms), the numbers that POSIX's
# inet_aton takes for 0.0.0.0 and 127.0.0.1, and the names that Docker Desktop and Podman give the machine
# (https://docs.docker.com/desktop/features/networking/, https://docs.podman.io/en/latest/markdown/podman-run.1.html).
TRACE = (
    r"localhost|127\.|::|0\.0\.0\.0|host\.docker\.internal|host\.containers\.internal|0:0:0"
    r"|(?:[/@]|2f|40)0(?![\w.])|2130706433|0x7f000001"
)


__all__ = ["GATEWAYS", "Address", "count_hosts", "find_addresses", "loopback_ips", "may_hold_address"]

_TRACE = regex(TRACE.encode(), re.IGNORECASE)


def find_addresses(value: str, *names: Collection[str]) -> tuple[Address, ...]:
    """The places of `value` that name a loopback host, the machine's own name in a container, or one of `names`, left
    to right.

    `value` is what a program would get (escapes undone, variables expanded); spans are offsets in it. `names` (of
    services, in lower case; sets where they are many) are found, in any letter case, only where a host is certain:
    behind `://`, before `:port`, in a host key, or as the whole value. Places that are no destination come with a
    `refusal`, for loopback words only; other hosts (`x.localhost`, 127.0.0.11, `localhost` as a password) are not
    reported. Never raises.
    """
    hits = scan(value, *names)
    if not hits:
        return ()
    text = Value(value)
    found: list[Address] = []
    for hit in hits:
        for dialect in DIALECTS:
            places = dialect(text, hit)
            if places is not None:
                found.extend(text.marked(place) for place in places if not place.refusal or _speaks(place))
                break
    return tuple(found)


def count_hosts(value: str, *names: Collection[str]) -> int:
    """How many words of `value` can be such hosts, which is found out sooner than what each of them is."""
    return len(scan(value, *names))


def _speaks(refused: Address) -> bool:
    """Whether a place that is no destination is worth telling: a service's name or `::` in a text says nothing."""
    return refused.kind != NAME and refused.host.strip("[]") != "::"


def may_hold_address(data: bytes) -> bool:
    """Whether the bytes of a file could hold a loopback address at all: a cheap look before anything is parsed."""
    return _TRACE.search(data) is not None
