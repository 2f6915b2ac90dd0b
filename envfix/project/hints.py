"""Is a text worth a look for addresses?"""

import re
from collections.abc import Callable

from envfix.addresses import TRACE
from envfix.patterns import regex
from envfix.project.topology import Topology

# What stands before and behind a host in a URL that is the parameter of another, where it is percent-encoded.
_ENCODED = regex(r"%(?:25)*+(3a|2f|40)")
_NAMES = regex(r"[\w.-]++")
_NAMES_WITH_A_PORT = regex(r"(?<![\w.-])[\w.-]++(?=:\d|$)")
_STOPS = {"3a": ":", "2f": "/", "40": "@"}


def hint_of(topology: Topology, to: str) -> Callable[[str], bool]:
    """Whether a text is worth a look: it holds a loopback host, or the name of a service (on the way to containers one
    with a port, or nothing else). Every value is asked, so that this must be fast, and upper case is gone before."""
    trace, names = re.compile(TRACE).search, topology.names_known
    words = (_NAMES if to == "host" else _NAMES_WITH_A_PORT).findall

    def worth_a_look(text: str) -> bool:
        lower = text.lower()
        if trace(lower) is not None:
            return True
        plain = _ENCODED.sub(lambda match: _STOPS[match[1]], lower) if "%" in lower else lower
        return any(word.rstrip(".") in names for word in words(plain))

    return worth_a_look
