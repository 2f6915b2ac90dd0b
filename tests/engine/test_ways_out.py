"""Where no one value is right for all, or always: profiles, readers that disagree, programs outside, deaf servers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dotenv import dotenv_values

from .command import Envfix
from .compose import Stack
from .lessons import GET, PING, QUERY, Use, replaced, works
from .verdict import Network, contradictions, unsettled


def test_a_name_that_only_a_profile_brings_up_is_right_once_the_profile_is(
    stack_of: Callable[..., Stack], home: Path
) -> None:
    stack, search = stack_of("profile"), Use("app", GET, "SEARCH_URL", "OK")
    envfix = Envfix(stack.folder, home)
    assert stack.up()
    [decision] = envfix.decisions()
    assert (decision.decision, decision.replacement) == ("rewrite", "search:8000")
    assert "profile" in decision.explanation
    assert "search" in decision.explanation

    envfix.do("--write")
    assert stack.up()
    assert [attempt.outcome for attempt in stack.probe("app", "search:8000")] == ["unresolved"]
    assert not works(stack, search)

    profiled = stack.having("--profile", "search")
    assert profiled.up()
    assert contradictions(Network(profiled, [decision]), [decision]) == []
    assert works(profiled, search)


def test_readers_that_disagree_each_get_their_own_value_from_an_override(
    stack_of: Callable[..., Stack], home: Path
) -> None:
    stack = stack_of("disagreeing")
    envfix, env = Envfix(stack.folder, home), stack.env.read_bytes()
    assert stack.up()
    decisions = {decision.variable: decision for decision in envfix.decisions()}
    assert {(each.decision, each.reason) for each in decisions.values()} == {("ask", "conflict")}
    network = Network(stack, decisions.values())
    assert unsettled(network, decisions["CACHE_URL"])
    assert unsettled(network, decisions["S3_MEDIA_UPLOAD_ENDPOINT"], outside=True)
    assert not works(stack, Use("api", PING, "CACHE_URL", "PONG"))

    envfix.do("--override", "compose.own.yaml")
    assert stack.env.read_bytes() == env
    own = stack.having("-f", "compose.yaml", "-f", "compose.own.yaml")
    assert own.up()
    for service in ("api", "agent"):
        assert works(own, Use(service, PING, "CACHE_URL", "PONG"))
    upload = own.container("web").environment["S3_MEDIA_UPLOAD_ENDPOINT"]
    assert upload == "http://localhost:9090"
    assert own.probe_outside(upload.removeprefix("http://"))[0].outcome == "connected"
    inside = own.container("worker").environment["S3_MEDIA_UPLOAD_ENDPOINT"]
    assert own.probe("worker", inside.removeprefix("http://"))[0].outcome == "connected"


def test_an_env_file_turned_round_serves_a_program_on_the_host(stack_of: Callable[..., Stack], home: Path) -> None:
    stack = stack_of("from-outside")
    envfix, env = Envfix(stack.folder, home), stack.env.read_text()
    assert stack.up()
    uses = (Use("app", QUERY, "DATABASE_URL", "42"), Use("app", PING, "CACHE_URL", "PONG"))
    assert all(works(stack, use) for use in uses)
    assert not any(works_outside(stack, stack.env, use) for use in uses)

    decisions = envfix.decisions("--to", "host")
    assert {each.variable: (each.decision, each.replacement) for each in decisions} == {
        "DATABASE_URL": ("rewrite", "localhost:5433"),
        "CACHE_URL": ("rewrite", "localhost:6380"),
    }
    envfix.do("--to", "host", "--output", "host.env", ".env")
    turned = stack.folder / "host.env"
    changes = {"DATABASE_URL": ("db:5432", "localhost:5433"), "CACHE_URL": ("cache:6379", "localhost:6380")}
    assert turned.read_text() == replaced(env, changes)
    assert stack.env.read_text() == env
    assert all(works_outside(stack, turned, use) for use in uses)


def works_outside(stack: Stack, env: Path, use: Use) -> bool:
    """The same client, in the network of the engine's host, with the variables of an env file."""
    variables = [word for name, value in dotenv_values(env).items() for word in ("--env", f"{name}={value}")]
    program, *arguments = use.command
    command = ("run", "--rm", "--network", "host", *variables, "--entrypoint", program, "example/app:1", *arguments)
    done = stack.engine.run(*command)
    return done.returncode == 0 and done.stdout.strip() == use.says


def test_a_server_that_listens_in_its_own_container_alone_is_told_and_not_written(
    stack_of: Callable[..., Stack], home: Path
) -> None:
    stack = stack_of("deaf")
    envfix = Envfix(stack.folder, home)
    assert stack.up()
    [decision] = envfix.decisions()
    assert decision.decision != "rewrite"
    assert [attempt.outcome for attempt in stack.probe("app", "cache:6379")] == ["refused"]
    assert contradictions(Network(stack, [decision]), [decision]) == []
    project = envfix.report()["projects"][0]
    told = [decision.explanation, *(warning["message"] for warning in project["warnings"])]
    assert any("127.0.0.1" in sentence and "cache" in sentence for sentence in told)
