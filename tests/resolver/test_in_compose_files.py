"""Addresses that stand in the compose file itself: told, and changed there only with `--compose`."""

from __future__ import annotations

from pathlib import Path

from envfix.records import Plan
from resolver.situations import Situation, lines, plan_of, services, table

DB = "db: {image: 'postgres:16', ports: ['5433:5432']}"


@table(
    Situation(
        "a literal for a container",
        services("web: {build: ., environment: {DATABASE_URL: 'postgres://u:p@localhost:5433/app'}}", DB),
        "",
        "DATABASE_URL rewrite published db:5432",
    ),
    Situation(
        "a default that is in force",
        services("web: {build: ., environment: {DATABASE_URL: '${DATABASE_URL:-postgres://localhost:5433/app}'}}", DB),
        "",
        "DATABASE_URL rewrite published db:5432",
    ),
    Situation(
        "a password with an apostrophe, doubled within single quotes",
        services("web: {build: ., environment: {DATABASE_URL: 'postgres://u:it''s@localhost:5433/app'}}", DB),
        "",
        "DATABASE_URL rewrite published db:5432",
    ),
    Situation(
        "a password with a quote, escaped within double quotes",
        services('web: {build: ., environment: ["DATABASE_URL=postgres://u:a\\"b@localhost:5433/app"]}', DB),
        "",
        "DATABASE_URL rewrite published db:5432",
    ),
    Situation(
        "a value with other escapes is left to a hand",
        services('web: {build: ., environment: ["DATABASE_URL=postgres://u:a\\x41@localhost:5433/app"]}', DB),
        "",
        "DATABASE_URL ask conflict",
    ),
    Situation(
        "a list item",
        services("web: {build: ., environment: ['REDIS_URL=redis://localhost:6379']}", "cache: {image: redis}"),
        "",
        "REDIS_URL rewrite container cache:6379",
    ),
    Situation(
        "a healthcheck speaks to its own container",
        services("web: {build: ., healthcheck: {test: 'curl http://localhost:8000'}}", DB),
        "",
        "",
    ),
    Situation(
        "where only the port speaks for a target the author is believed",
        services(
            "web: {build: ., environment: {API_URL: 'http://localhost:4001'}}", "api: {build: a, ports: ['4001:80']}"
        ),
        "",
        "API_URL keep default",
    ),
    Situation(
        "an author who tells one service the name, and another loopback, means both where browsers connect too",
        services(
            "api: {build: api, environment: {PUSHER_HOST: sockets, LEDGER_URL: 'postgres://db/app'}}",
            "page: {build: page, environment: {PUSHER_HOST: localhost, LEDGER_URL: 'postgres://localhost:5433/app'}}",
            "sockets: {image: 'quay.io/soketi/soketi:1.6', ports: ['6001:6001']}",
            DB,
        ),
        "",
        "PUSHER_HOST keep default\nLEDGER_URL rewrite published db:5432",
    ),
    Situation(
        "the name of a node among its peers is its own, whatever server it uses",
        services("logs: {image: supabase/logflare, environment: {LOGFLARE_NODE_HOST: 127.0.0.1}}", DB),
        "",
        "LOGFLARE_NODE_HOST keep bind",
    ),
    Situation(
        "host and port apart cannot be changed in place",
        services("web: {build: ., environment: {DB_HOST: localhost, DB_PORT: '5433'}}", DB),
        "",
        "DB_HOST ask conflict",
    ),
)
def test_told(tmp_path: Path, situation: Situation) -> None:
    plan = plan_of(tmp_path, situation)
    told = [
        " ".join(filter(None, (one.variable, one.decision, one.reason, one.replacement))) for one in plan.references
    ]
    assert told == situation.decisions.splitlines()
    assert not plan.patches


def test_changed_when_asked_for_and_nothing_else(tmp_path: Path) -> None:
    compose = services("web: {build: ., environment: {DATABASE_URL: 'postgres://u:p@localhost:5433/app'}}", DB)
    (patch,) = plan_of(tmp_path, Situation("", compose, "", ""), compose=True).patches
    assert patch.after.decode() == compose.replace("localhost:5433", "db:5432")


@table(
    Situation(
        "a service's name with its port on the machine, in a literal and in a default",
        services(
            "site: {image: example/site, environment: ['FORMS=http://forms:6120/v1', "
            "'STORE=${STORE:-postgres://u:p@store:6543/x}']}",
            "forms: {image: example/forms, ports: ['6120:80']}",
            "store: {image: postgres, ports: ['6543:5432']}",
        ),
        "X=1\n",
        "FORMS rewrite published-port-on-service forms:80\nSTORE rewrite published-port-on-service store:5432",
    ),
    Situation(
        "a service's name with a port that it listens on stays unsaid",
        services(
            "site: {image: example/site, environment: ['FORMS=http://forms:80/v1']}",
            "forms: {image: example/forms, ports: ['6120:80']}",
        ),
        "X=1\n",
        "",
    ),
    Situation(
        "the machine itself, with the port of a service of the project, is changed only when asked for",
        services(
            "site: {image: example/site, environment: ['MODEL=http://host.docker.internal:11500']}",
            "model: {image: ollama/ollama, ports: ['11500:11434']}",
        ),
        "X=1\n",
        "MODEL keep host-gateway",
    ),
)
def test_hosts_that_are_no_loopback_ones(tmp_path: Path, situation: Situation) -> None:
    plan = plan_of(tmp_path, situation)
    assert _told(plan) == lines(situation.decisions)


def test_the_machine_itself_is_repaired_when_asked_for(tmp_path: Path) -> None:
    compose = services(
        "site: {image: example/site, environment: ['MODEL=http://host.docker.internal:11500']}",
        "model: {image: ollama/ollama, ports: ['11500:11434']}",
    )
    plan = plan_of(tmp_path, Situation("", compose, "X=1\n", ""), host_gateway=True, compose=True)
    assert _told(plan) == ["MODEL rewrite host-gateway model:11434"]
    assert b"http://model:11434" in plan.patches[0].after


def _told(plan: Plan) -> list[str]:
    return [
        " ".join(filter(None, (one.variable, one.decision, one.reason, one.replacement)))
        for one in plan.references
        if "compose" in Path(one.path).name
    ]


def test_a_literal_is_handed_over_by_its_own_line(tmp_path: Path) -> None:
    literal = "'postgres://localhost:5433/app'"
    environment = f"{{ONE_URL: {literal}, TWO_URL: '${{TWO_URL:-postgres://localhost:5433/app}}'}}"
    plan = plan_of(tmp_path, Situation("", services(f"web: {{build: ., environment: {environment}}}", DB), "", ""))
    ways = {one.variable: [reader.way for reader in one.readers] for one in plan.references}
    assert ways == {"ONE_URL": ["environment"], "TWO_URL": ["environment"]}


def test_the_reasoning_names_the_line_of_ports(tmp_path: Path) -> None:
    compose = (
        "services:\n  web: {build: ., env_file: .env}\n  db:\n    image: postgres:16\n"
        "    ports:\n      - '5433:5432'\n      - target: 5000\n        published: '5001'\n"
    )
    env = "DATABASE_URL=postgres://localhost:5433/app\n"
    plan = plan_of(tmp_path, Situation("", compose, env, ""))
    (found,) = plan.references
    assert "candidate: db publishes 5433:5432 (ports:, compose.yaml:6)" in found.reasoning


def test_a_target_on_another_network_is_told_with_the_line_that_shares_one(tmp_path: Path) -> None:
    compose = (
        "services:\n  web: {build: ., env_file: .env, networks: [front, back]}\n"
        "  mail: {image: axllent/mailpit, ports: ['1025:1025'], networks: [mails]}\n"
        "  search: {image: 'redis:7', ports: ['6379:6379'], networks: {lookup: {aliases: [s]}}}\n"
        "networks: {front: {external: true}, back: {}, mails: {}, lookup: {}}\n"
    )
    env = "SMTP_URL=smtp://localhost:1025\nREDIS_URL=redis://localhost:6379\n"
    plan = plan_of(tmp_path, Situation("", compose, env, ""))
    told = {one.variable: (one.reason, one.explanation) for one in plan.references}
    assert told["SMTP_URL"] == (
        "unreachable",
        "mail serves it, but shares no network with web; for that, write under mail: `networks: [mails, back]`",
    )
    assert told["REDIS_URL"][1].endswith("for that, add `back: {}` under networks: of search")
