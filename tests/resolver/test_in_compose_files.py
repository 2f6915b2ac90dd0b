"""Addresses that stand in the compose file itself: told, and changed there only with `--compose`."""

from __future__ import annotations

from pathlib import Path

from resolver.situations import Situation, plan_of, services, table

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
