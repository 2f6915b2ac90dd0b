"""Claims about stacks/lessons before its repair, true and false, made by hand: what the judge itself is judged by."""

from __future__ import annotations

from .command import Decision


def rewrite(variable: str, address: str, reader: str, to: str, service: str, reason: str = "published") -> Decision:
    published, port = int(address.rpartition(":")[2]), int(to.rpartition(":")[2])
    return Decision(variable, address, "rewrite", reason, to, service, published, port, (reader,), (), "")


def keep(variable: str, address: str, reader: str, reason: str) -> Decision:
    return Decision(variable, address, "keep", reason, None, None, None, None, (reader,), (), "")


TRUE = [
    rewrite("SIDECAR_CACHE_URL", "localhost:6380", "sidecar", "cache:6379", "cache"),
    rewrite("QUEUE_URL", "127.0.0.1:6381", "app", "vpn:6379", "queue"),
    keep("UPSTREAM_URL", "localhost:8000", "sidecar", "self"),
    keep("AGENT_CACHE_URL", "localhost:6380", "agent", "host-network"),
    keep("HERMIT_CACHE_URL", "localhost:6380", "hermit", "unreachable"),
]
FALSE = {
    "is rewritten to cache:6380, which sidecar does not reach: refused": rewrite(
        "SIDECAR_CACHE_URL", "localhost:6380", "sidecar", "cache:6380", "cache"
    ),
    "is rewritten to session-cache:6379, which app does not reach: refused": rewrite(
        "SESSION_CACHE_URL", "localhost:6382", "app", "session-cache:6379", "session-cache"
    ),
    "is rewritten to queue:6379, which app does not reach: unresolved": rewrite(
        "QUEUE_URL", "127.0.0.1:6381", "app", "queue:6379", "queue"
    ),
    "is rewritten to db:5432, which app does not reach: unresolved": rewrite(
        "REPORT_DATABASE_URL", "localhost:5433", "app", "db:5432", "db"
    ),
    "is rewritten to cache:6379, which app does not reach: connected": rewrite(
        "QUEUE_URL", "127.0.0.1:6381", "app", "cache:6379", "queue"
    ),
    "is said to be published by cache, which the engine does not know of": rewrite(
        "QUEUE_URL", "127.0.0.1:6381", "app", "cache:6379", "cache"
    ),
    "is rewritten, but localhost:8000 connects from sidecar as it is": rewrite(
        "UPSTREAM_URL", "localhost:8000", "sidecar", "app:8000", "app"
    ),
    "stays as self, but nothing answers localhost:6380 in sidecar": keep(
        "SIDECAR_CACHE_URL", "localhost:6380", "sidecar", "self"
    ),
    "stays as host-network, but sidecar has a network of its own": keep(
        "UPSTREAM_URL", "localhost:8000", "sidecar", "host-network"
    ),
    "stays as unreachable, but app reaches vpn:6379": keep("QUEUE_URL", "127.0.0.1:6381", "app", "unreachable"),
    "stays as unreachable, but no container publishes the port": keep(
        "SMTP_URL", "localhost:1025", "worker", "unreachable"
    ),
    "stays as no-target, but sidecar reaches cache:6379": keep(
        "SIDECAR_CACHE_URL", "localhost:6380", "sidecar", "no-target"
    ),
    "stays as unread, but is in app's environment": keep("QUEUE_URL", "127.0.0.1:6381", "app", "unread"),
    "stays as browser, but nothing answers localhost:1025 on the host": keep(
        "SMTP_URL", "localhost:1025", "worker", "browser"
    ),
}
