"""The servers of the Langfuse-like stacks are asked, each in its own container, whether the apps came."""

from __future__ import annotations

from .compose import Stack

APPS = ("langfuse-web", "langfuse-worker")
CLICKHOUSE = ("clickhouse-client", "--user", "clickhouse", "--password", "clickhouse", "--query")
REDIS = ("redis-cli", "-a", "myredissecret", "--no-auth-warning", "get")


def visited(stack: Stack, app: str, accounts: dict[str, str]) -> dict[str, bool]:
    """For each server, whether it holds what the app's container wrote there; `accounts`: database service to user."""
    visitor, table = stack.container(app).id[:12], app.removeprefix("langfuse-") + "_visits"
    row = f"select visitor from {table} where visitor = '{visitor}'"
    questions = {
        **{database: ("psql", "-U", user, "-Atc", row) for database, user in accounts.items()},
        "clickhouse": (*CLICKHOUSE, row),
        "redis": (*REDIS, f"visit:{visitor}"),
        "minio": ("cat", f"/data/langfuse/{visitor}"),
    }
    return {server: stack.execute(server, *question) == visitor for server, question in questions.items()}


def browse(stack: Stack) -> str:
    """What a browser on the host meets that logs in: the web app sends it to NEXTAUTH_URL."""
    done = stack.engine.outside("curl", "-sSL", "-m", "5", "http://localhost:3000/login")
    return (done.stdout + done.stderr).strip()


def assert_whole(stack: Stack, accounts: dict[str, str]) -> None:
    """The apps are up, every connection was made, as the servers tell it, and a browser gets in."""
    containers = stack.containers()
    for app in APPS:
        assert (containers[app].health, containers[app].restarts) == ("healthy", 0)
        assert all(visited(stack, app, accounts).values()), visited(stack, app, accounts)
    assert browse(stack) == "OK"
