"""A file of many lines, repaired for the program that loads it, and read by the real loader before and after."""

from __future__ import annotations

from pathlib import Path

import pytest
from real_loaders import READERS, Refused, real

from envfix.planning import Request, make

# Addresses that are to change, in every shape that all loaders take; {} is the address.
SHAPES = (
    "PLAIN=amqp://me@{}/jobs",
    "BARE={}",
    'DOUBLE="amqp://me:a#b@{}/jobs"',
    "SINGLE='amqp://me:a#b@{}/jobs'",
    "COMMENTED=amqp://me@{}/jobs # the queue",
    "QUOTED_AND_COMMENTED='amqp://me@{}' # the queue",
    "QUERY=amqp://me@{}/jobs?heartbeat=5&x=a=b",
    "LIST=amqp://me@{},amqp://you@{}",
    "ESCAPED='amqp://me@{}/a%20b'",
    "DOLLAR_IN_BRACES=amqp://${{UNSET_HERE}}me@{}/jobs",
)
# What stays, and lines that are traps: what stands around an address must not matter.
AROUND = (
    "# amqp://me@localhost:5673 in a comment",
    "NAME=jobs",
    "EMPTY=",
    "MAIL=me@localhost",
    "OTHER_PORT=http://localhost:9999",
    "SPACED='a b c'",
    "UNICODE=grüße",
    "JSON='{\"a\": [1, 2]}'",
    "NUMBER=42",
    "URL_OF_ANOTHER=https://example.com/x",
)
TEXT = "\n".join(line for pair in zip(SHAPES, AROUND, strict=True) for line in pair) + "\n"

SERVICES = {
    "dotenv": ("image: 'node:22', command: node main.js", {"package.json": '{"dependencies": {"dotenv": "17"}}'}),
    "node": ("image: 'node:22', command: node --env-file=.env main.js", {"package.json": "{}"}),
    "node 20": ("image: 'node:20', command: node --env-file=.env main.js", {"package.json": "{}"}),
    "bun": ("image: 'oven/bun:1', command: bun run main.ts", {"package.json": "{}", "bun.lock": "{}"}),
    "deno": ("image: 'denoland/deno:2.5.0', command: deno run --env-file main.ts", {"deno.json": "{}"}),
    "phpdotenv": ("image: 'php:8.4-fpm'", {"composer.json": '{"require": {"laravel/framework": "12"}}'}),
    "symfony": ("image: 'php:8.4-fpm'", {"composer.json": '{"require": {"symfony/dotenv": "7"}}'}),
    "ruby": ("image: 'ruby:3.4', command: bundle exec puma", {"Gemfile": "gem 'dotenv'\n"}),
    "godotenv": ("image: 'golang:1.25', command: go run .", {"go.mod": "require github.com/joho/godotenv v1.5.1\n"}),
    "python-dotenv": ("image: 'python:3.13', command: python main.py", {"requirements.txt": "python-dotenv\n"}),
}


@pytest.mark.slow
@pytest.mark.parametrize("loader", READERS)
def test_the_address_is_changed_and_nothing_else(loader: str, tmp_path: Path) -> None:
    program, manifests = SERVICES[loader]
    (tmp_path / ".git").mkdir()
    (tmp_path / "compose.yaml").write_text(
        f"services:\n  queue: {{image: 'rabbitmq:4', ports: ['5673:5672']}}\n"
        f"  app: {{{program}, working_dir: /srv, volumes: ['./app:/srv']}}\n"
    )
    (tmp_path / "app").mkdir()
    for name, text in manifests.items():
        (tmp_path / "app" / name).write_text(text)
    env = tmp_path / "app/.env"
    env.write_text(TEXT.replace("${{", "${").replace("}}", "}").replace("{}", "localhost:5673"), encoding="utf-8")
    try:
        before = real(loader, env)
    except Refused as refused:
        pytest.fail(f"{loader} does not take the file: {refused}")

    plan = make(Request(str(tmp_path), environ={})).plan
    (patch,) = plan.patches
    env.write_bytes(patch.after)

    seen = {name: value.replace("localhost:5673", "queue:5672") for name, value in before.items()}
    assert real(loader, env) == seen
    assert sum(value.count("queue:5672") for value in seen.values()) == len(SHAPES) + 1
    assert {one.decision for one in plan.references if one.address == "localhost:5673"} == {"rewrite"}
