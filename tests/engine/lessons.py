"""What is right for stacks/lessons, found by hand: for each address of its `.env` the decision, and who works then."""

from __future__ import annotations

import re
from typing import NamedTuple

from .compose import Stack

PING = 'redis-cli -u "${}" ping'
QUERY = 'psql "${}" -Atc "select 42"'
GET = 'curl -fsS -m 5 "${}"'
SAYS = {PING: "PONG", QUERY: "42", GET: "OK"}


class Lesson(NamedTuple):
    """`old` becomes `new` in the variable's value, or stays if that is None; the `readers` then run `client`."""

    variable: str
    old: str
    reason: str
    new: str | None = None
    readers: tuple[str, ...] = ()
    client: str = ""


LESSONS = {
    "a port published differs from the container's": Lesson(
        "CACHE_URL", "localhost:6380", "published", "cache:6379", ("app", "worker"), PING
    ),
    "a network that only the worker shares with the database": Lesson(
        "DATABASE_URL", "localhost:5433", "published", "db:5432", ("worker",), QUERY
    ),
    "and the app has no way to it": Lesson("REPORT_DATABASE_URL", "localhost:5433", "unreachable"),
    "a service's name with the published port is half a repair": Lesson(
        "LEDGER_DATABASE_URL", "db:5433", "published-port-on-service", "db:5432", ("worker",), QUERY
    ),
    "a server in another service's namespace has that one's name": Lesson(
        "QUEUE_URL", "127.0.0.1:6381", "published", "vpn:6379", ("app",), PING
    ),
    "a namespace shared is a loopback shared": Lesson("UPSTREAM_URL", "localhost:8000", "self"),
    "and the same networks": Lesson(
        "SIDECAR_CACHE_URL", "localhost:6380", "published", "cache:6379", ("sidecar",), PING
    ),
    "on the host's network localhost is right": Lesson("AGENT_CACHE_URL", "localhost:6380", "host-network"),
    "without a network there is nobody to reach": Lesson("HERMIT_CACHE_URL", "localhost:6380", "unreachable"),
    "a server beside the browser's variable needs the name": Lesson(
        "INTERNAL_API_URL", "localhost:8080", "published", "api:8000", ("app",), GET
    ),
    "and the browser does not": Lesson("NEXT_PUBLIC_API_URL", "localhost:8080", "browser"),
    "nothing in the project serves the port": Lesson("SMTP_URL", "localhost:1025", "no-target"),
    "no container gets the variable": Lesson("IMPORT_CACHE_URL", "localhost:6380", "unread"),
    "a mail address is none": Lesson("MAIL_FROM", "localhost", "not-an-address"),
}
# A name that is up only with its profile; a server that listens inside only; readers that no one value serves.
SEARCH = Lesson("SEARCH_URL", "localhost:9201", "published", "search:8000", ("app",), GET)
DEAF = Lesson("SESSION_CACHE_URL", "localhost:6382", "no-target")
SHARED = Lesson("SHARED_CACHE_URL", "localhost:6380", "conflict", None, ("app", "agent"), PING)
MEDIA = Lesson("S3_MEDIA_UPLOAD_ENDPOINT", "localhost:9090", "conflict", None, ("app", "worker"))


def working(stack: Stack, lesson: Lesson) -> list[str]:
    """The readers in whose containers the client, with the address in the lesson's variable, is answered."""
    command = ("sh", "-c", lesson.client.replace("{}", lesson.variable))
    answers = {reader: stack.engine.run("exec", stack.name(reader), *command) for reader in lesson.readers}
    return [reader for reader, done in answers.items() if done.stdout.strip() == SAYS[lesson.client]]


def replaced(text: str, changes: dict[str, tuple[str, str]]) -> str:
    """The text of a `.env` with, for each variable, the old address replaced by the new one."""
    for variable, (old, new) in changes.items():
        text, count = re.subn(rf"(?m)^({variable}=.*?){re.escape(old)}", rf"\g<1>{new}", text)
        assert count == 1, variable
    return text
