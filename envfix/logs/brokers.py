"""What has a Kafka broker told a client that it sent to loopback, and where does that stand?"""

from __future__ import annotations

import os
from collections.abc import Iterable

from envfix.logs.lines import Failure, is_loopback
from envfix.project.uses import Found, Reading


def of_listeners(failure: Failure, reading: Reading) -> str:
    """Which listener of the broker a client inside has to use, or that there is none yet, and which binding says so."""
    ports, port = reading.ports, failure.port
    for broker in ports.of_kinds(frozenset({"kafka"})):
        listeners = ports.advertised(broker)
        if not any(one.port == port and is_loopback(one.host) for one in listeners):
            continue
        if any(reading.topology.bearer(one.host) == broker for one in listeners):
            break
        said = " and ".join(_places(reading, broker))
        return (
            f"no listener of {broker} names {broker} yet{f', as {said} says' if said else ''}; give it two, such as "
            f"PLAINTEXT://{broker}:29092 for containers and PLAINTEXT_HOST://localhost:{port} for the machine"
        )
    return "it has to use the broker's port whose listener names the service"


def _places(reading: Reading, broker: str) -> dict[str, None]:
    """The bindings of env files that are a part of what the broker tells its clients."""
    found: dict[str, None] = {}
    for (path, number, _, _), uses in reading.by_leaf.items():
        if number >= 0 and _advertises(uses, broker):
            document = reading.documents[path]
            binding = document.bindings[number]
            found[f"{os.path.basename(document.path)}:{binding.line} ({binding.name})"] = None
    return found


def _advertises(uses: Iterable[Found], broker: str) -> bool:
    return any(broker in found.use.services and "ADVERTISED" in found.use.variable for found in uses)
