"""Small stacks, each with a lesson that only a network can teach: what must change, what must stay, who then works."""

from __future__ import annotations

import re
from typing import NamedTuple

from .compose import Stack

PING = 'redis-cli -u "${}" ping'
QUERY = 'psql "${}" -Atc "select 42"'
GET = 'curl -fsS -m 5 "${}"'


class Use(NamedTuple):
    """A real client in the container of `service`, with the address in its own `variable`, and what it then says."""

    service: str
    client: str
    variable: str
    says: str

    @property
    def command(self) -> tuple[str, str, str]:
        return "sh", "-c", self.client.replace("{}", self.variable)


class Lesson(NamedTuple):
    """`changes`: variable to old and new address; `stays`: variable to reason; `uses` fail before and work after."""

    stack: str
    changes: dict[str, tuple[str, str]]
    stays: dict[str, str]
    uses: tuple[Use, ...]


LESSONS = {
    "a service of another network is unreachable under any name": Lesson(
        "two-networks",
        changes={"CACHE_URL": ("localhost:6380", "cache:6379"), "DATABASE_URL": ("localhost:5432", "db:5432")},
        stays={"REPORT_DATABASE_URL": "unreachable", "IMPORT_CACHE_URL": "unread", "SMTP_URL": "no-target"},
        uses=(
            Use("worker", QUERY, "DATABASE_URL", "42"),
            Use("worker", PING, "CACHE_URL", "PONG"),
            Use("api", PING, "CACHE_URL", "PONG"),
        ),
    ),
    "whose network namespace it is decides what localhost is": Lesson(
        "namespaces",
        changes={"SIDECAR_CACHE_URL": ("localhost:6380", "cache:6379"), "QUEUE_URL": ("127.0.0.1:6381", "vpn:6379")},
        stays={"UPSTREAM_URL": "self", "AGENT_CACHE_URL": "host-network", "HERMIT_CACHE_URL": "unreachable"},
        uses=(Use("sidecar", PING, "SIDECAR_CACHE_URL", "PONG"), Use("app", PING, "QUEUE_URL", "PONG")),
    ),
    "a browser needs localhost where the server beside it needs the service's name": Lesson(
        "browser",
        changes={"INTERNAL_API_URL": ("localhost:8080", "api:8000"), "DATABASE_URL": ("db:5433", "db:5432")},
        stays={"NEXT_PUBLIC_API_URL": "browser", "MAIL_FROM": "not-an-address"},
        uses=(Use("web", GET, "INTERNAL_API_URL", "OK"), Use("web", QUERY, "DATABASE_URL", "42")),
    ),
}


def replaced(text: str, changes: dict[str, tuple[str, str]]) -> str:
    """The text of a `.env` with, for each variable, the old address replaced by the new one."""
    for variable, (old, new) in changes.items():
        text, count = re.subn(rf"(?m)^({variable}=.*?){re.escape(old)}", rf"\g<1>{new}", text)
        assert count == 1, variable
    return text


def works(stack: Stack, use: Use) -> bool:
    """The use, made in the container that runs now."""
    done = stack.engine.run("exec", stack.name(use.service), *use.command)
    return done.returncode == 0 and done.stdout.strip() == use.says
