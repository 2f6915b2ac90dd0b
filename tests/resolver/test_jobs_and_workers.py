"""What a job finds at an address while others wait for it to end, and what a worker's application is known by."""

from __future__ import annotations

from pathlib import Path

from resolver.situations import Situation, check, services, table

PREPARE = "prepare: {image: 'example/keys:2', command: ./prepare.sh, env_file: .env}"
VAULT = "vault: {{image: 'example/keys:2', ports: ['8300:8300'], depends_on: {{{0}}}}}"
ENDED = "prepare: {condition: service_completed_successfully}"


@table(
    Situation(
        "a server that starts when the job has ended is not there for it: its own container is",
        services(PREPARE, VAULT.format(ENDED)),
        "KEYS_API_BASE=https://localhost:8300\n",
        "KEYS_API_BASE keep self",
    ),
    Situation(
        "one that starts behind another which waits for the job is not there either",
        services(
            PREPARE,
            VAULT.format("store: {condition: service_started}"),
            f"store: {{image: x, depends_on: {{{ENDED}}}}}",
        ),
        "KEYS_API_BASE=https://localhost:8300\n",
        "KEYS_API_BASE keep self",
    ),
    Situation(
        "one that waits for the job to start only is there while it runs",
        services(
            PREPARE,
            VAULT.format("prepare: {condition: service_started}"),
            f"desk: {{image: example/desk, depends_on: {{{ENDED}}}}}",
        ),
        "VAULT_API_BASE=https://localhost:8300\n",
        "VAULT_API_BASE rewrite published vault:8300",
    ),
    Situation(
        "of two servers the one that is up while the job runs is meant",
        services(
            PREPARE,
            VAULT.format(ENDED).replace("8300:8300", "127.0.0.2:8300:8300"),
            "old: {image: example/vault, ports: ['8300:9000']}",
        ),
        "OLD_VAULT_URL=https://localhost:8300\n",
        "OLD_VAULT_URL rewrite published old:9000",
    ),
    Situation(
        "a database that the job prepares the files of is no reason against what the application needs",
        services(
            "certificates: {image: alpine, command: ./make.sh, env_file: .env}",
            "db: {image: 'postgres:16', depends_on: {certificates: {condition: service_completed_successfully}}}",
            "shop: {build: ., env_file: .env, depends_on: [db]}",
        ),
        "POSTGRES_HOST=localhost\n",
        "POSTGRES_HOST rewrite name db",
    ),
)
def test_what_a_job_finds(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


SITE = "{0}: {{build: ., env_file: .env, ports: ['8000:8000']}}"
QUEUE = "queue: {build: ., command: ./work, env_file: .env}"


@table(
    Situation(
        "the host and port of the links in a worker's mails",
        services(SITE.format("site"), QUEUE),
        "SHOP_HOST=localhost:8000\n",
        "SHOP_HOST keep browser",
    ),
    Situation(
        "a worker that publishes the same container port for itself does not make it a question",
        services(SITE.format("site"), QUEUE.replace("}", ", expose: ['8000']}")),
        "SHOP_HOST=localhost:8000\n",
        "SHOP_HOST keep browser",
    ),
    Situation(
        "a worker of another program may call it",
        services(SITE.format("site"), QUEUE.replace("build: .", "build: queue")),
        "SHOP_HOST=localhost:8000\n",
        "SHOP_HOST ask ambiguous",
    ),
    Situation(
        "a name that says API may mean a call",
        services(SITE.format("site"), QUEUE),
        "API_HOST=localhost:8000\n",
        "API_HOST ask ambiguous",
    ),
    Situation(
        "the prefix of a framework's settings names no service that bears its name",
        services(SITE.format("django"), QUEUE),
        "DJANGO_SHOP_URL=http://localhost:8000\nDJANGO_API_URL=http://localhost:8000\n",
        "DJANGO_SHOP_URL keep browser\nDJANGO_API_URL ask ambiguous",
    ),
    Situation(
        "but for a program that is not the framework's it does",
        services(SITE.format("django"), "pages: {build: pages, env_file: .env}"),
        "DJANGO_API_URL=http://localhost:8000\n",
        "DJANGO_API_URL rewrite published django:8000",
    ),
)
def test_what_an_application_is_known_by(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)
