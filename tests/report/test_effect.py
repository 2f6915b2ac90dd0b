"""Which containers does the command after a write name, and what does it say of others?"""

from __future__ import annotations

from pathlib import Path

import pytest

from envfix.compose import load_project
from envfix.planning import Request, make
from envfix.report import Part, Report, render
from envfix.report.effect import taken_along, to_name

ENV = "QUEUE_URL=redis://localhost:6400\n"
QUEUE = "queue: {image: 'redis:7', ports: ['6400:6379']"
SHOP = "shop: {image: example.org/shop, environment: [QUEUE_URL]"


def project(folder: Path, *services: str) -> Path:
    lines = [f"  {service}}}\n" for service in services]
    (folder / "compose.yaml").write_text("name: app\nservices:\n" + "".join(lines))
    (folder / ".env").write_text(ENV)
    return folder


@pytest.mark.parametrize(
    ("services", "named"),
    [
        pytest.param([SHOP], "shop", id="the reader alone"),
        pytest.param(
            [
                SHOP,
                "proxy: {image: p, network_mode: 'service:shop'",
                "probe: {image: p, network_mode: 'service:proxy'",
            ],
            "probe proxy shop",
            id="who stands in its network namespace, one behind the other",
        ),
        pytest.param(
            [SHOP + ", container_name: shop-box", "proxy: {image: p, network_mode: 'container:shop-box'"],
            "proxy shop",
            id="by its container's name too",
        ),
        pytest.param([SHOP + ", network_mode: 'service:vpn'", "vpn: {image: v"], "shop", id="not whose it stands in"),
        pytest.param([SHOP, "trace: {image: t, pid: 'service:shop'"], "shop trace", id="its processes"),
        pytest.param([SHOP, "back: {image: b, volumes_from: ['shop:ro']"], "back shop", id="its volumes"),
        pytest.param(
            [SHOP, "desk: {image: d, depends_on: {shop: {condition: service_started, restart: true}}"],
            "desk shop",
            id="who wants to be restarted with it",
        ),
        pytest.param([SHOP, "desk: {image: d, depends_on: [shop]"], "shop", id="not who merely depends on it"),
    ],
)
def test_the_services_to_name(tmp_path: Path, services: list[str], named: str) -> None:
    loaded = load_project(str(project(tmp_path, QUEUE, *services)), environ={})
    assert to_name(loaded, ["shop"]) == tuple(named.split())


@pytest.mark.parametrize(
    ("services", "also"),
    [
        pytest.param([SHOP + ", depends_on: [db]", "db: {image: d, env_file: .env"], ["db"], id="the same env file"),
        pytest.param(
            [SHOP + ", depends_on: [db]", "db: {image: d, labels: {queue: '${QUEUE_URL}'}"], ["db"], id="a label"
        ),
        pytest.param([SHOP + ", depends_on: [db]", "db: {image: d"], [], id="nothing of it"),
        pytest.param([SHOP, "db: {image: d, env_file: .env"], [], id="nobody depends on it"),
    ],
)
def test_what_is_recreated_with_them(tmp_path: Path, services: list[str], also: list[str]) -> None:
    loaded = load_project(str(project(tmp_path, QUEUE, *services)), environ={})
    assert list(taken_along(loaded, ["shop"], {str(tmp_path / ".env")}, {"QUEUE_URL"})) == also


def said_after_write(folder: Path, **report: bool) -> str:
    made = make(Request(str(folder), environ={}))
    parts = (Part(made.plan, made.project),)
    return "".join(said.text for said in render("text", Report(parts, str(folder), written=True, **report)))  # type: ignore[arg-type]


def test_the_command_names_the_sidecar(tmp_path: Path) -> None:
    folder = project(tmp_path, QUEUE, SHOP, "proxy: {image: p, network_mode: 'service:shop'")
    assert "docker compose up -d proxy shop\n" in said_after_write(folder)
    assert "podman" not in said_after_write(folder)
    assert "podman-compose down, then podman-compose up -d, since" in said_after_write(folder, podman=True)


def test_a_database_that_is_recreated_is_named(tmp_path: Path) -> None:
    queue = QUEUE + ", env_file: .env"
    said = said_after_write(project(tmp_path, queue, SHOP + ", depends_on: [queue]"), podman=True)
    assert "That recreates queue too" in said
    assert "podman-compose up -d --force-recreate shop, since" in said
