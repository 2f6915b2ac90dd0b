"""The judge can object: false decisions about a real network, each contradicted for its reason. No envfix in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .command import Decision
from .compose import Stack
from .verdict import Network, contradictions


def claim(
    variable: str, address: str, reader: str, reason: str, to: str | None = None, service: str | None = None
) -> Decision:
    """A rewrite to `to` (host:port), or a keep."""
    published = int(address.rpartition(":")[2])
    port = int(to.rpartition(":")[2]) if to else None
    word = "rewrite" if to else "keep"
    return Decision(variable, address, word, reason, to, service, published, port, (reader,), (), "")


TRUE = [
    claim("SIDECAR_CACHE_URL", "localhost:6380", "sidecar", "published", "cache:6379", "cache"),
    claim("QUEUE_URL", "127.0.0.1:6381", "app", "published", "vpn:6379", "queue"),
    claim("UPSTREAM_URL", "localhost:8000", "sidecar", "self"),
    claim("AGENT_CACHE_URL", "localhost:6380", "agent", "host-network"),
    claim("HERMIT_CACHE_URL", "localhost:6380", "hermit", "unreachable"),
]
FALSE = {
    "is rewritten to cache:6380, which sidecar does not reach: refused": claim(
        "SIDECAR_CACHE_URL", "localhost:6380", "sidecar", "container", "cache:6380", "cache"
    ),
    "is rewritten to queue:6379, which app does not reach: unresolved": claim(
        "QUEUE_URL", "127.0.0.1:6381", "app", "published", "queue:6379", "queue"
    ),
    "is rewritten to cache:6379, which app does not reach: connected": claim(
        "QUEUE_URL", "127.0.0.1:6381", "app", "published", "cache:6379", "queue"
    ),
    "is said to be published by cache, which the engine does not know of": claim(
        "QUEUE_URL", "127.0.0.1:6381", "app", "published", "cache:6379", "cache"
    ),
    "is rewritten, but localhost:8000 connects from sidecar as it is": claim(
        "UPSTREAM_URL", "localhost:8000", "sidecar", "published", "app:8000", "app"
    ),
    "stays as self, but nothing answers localhost:6380 in sidecar": claim(
        "SIDECAR_CACHE_URL", "localhost:6380", "sidecar", "self"
    ),
    "stays as host-network, but sidecar has a network of its own": claim(
        "UPSTREAM_URL", "localhost:8000", "sidecar", "host-network"
    ),
    "stays as unreachable, but app reaches vpn:6379": claim("QUEUE_URL", "127.0.0.1:6381", "app", "unreachable"),
    "stays as no-target, but sidecar reaches cache:6379": claim(
        "SIDECAR_CACHE_URL", "localhost:6380", "sidecar", "no-target"
    ),
    "stays as unreachable, but no container publishes the port": claim(
        "QUEUE_URL", "127.0.0.1:7000", "app", "unreachable"
    ),
    "stays as unread, but is in app's environment": claim("QUEUE_URL", "127.0.0.1:6381", "app", "unread"),
    "stays as browser, but nothing answers localhost:9999 on the host": claim(
        "UPSTREAM_URL", "localhost:9999", "app", "browser"
    ),
}


@pytest.fixture(scope="module")
def network(lasting_stack_of: Callable[..., Stack]) -> Network:
    stack = lasting_stack_of("namespaces")
    assert stack.up()
    return Network(stack, [*TRUE, *FALSE.values()])


def test_true_claims_are_not_contradicted(network: Network) -> None:
    assert contradictions(network, TRUE) == []


@pytest.mark.parametrize("objection", FALSE)
def test_a_false_claim_is_contradicted(network: Network, objection: str) -> None:
    false = FALSE[objection]
    assert f"{false.variable} {objection}" in contradictions(network, [false])
