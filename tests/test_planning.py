"""The way through as a library: what one run read is no answer for the next."""

from __future__ import annotations

from pathlib import Path

from envfix.planning import Request, make

COMPOSE = """\
services:
  api: {{image: example.org/api, environment: {{DATABASE_URL: "{space}postgres://u:p@localhost:5433/x"}}}}
  db: {{image: "postgres:17", ports: ["5433:5432"]}}
"""


def test_a_compose_file_that_changed_is_read_again_in_the_same_process(tmp_path: Path) -> None:
    file = tmp_path / "compose.yaml"
    request = Request(str(tmp_path), environ={}, compose=True)
    for space in ("", "     "):
        file.write_text(COMPOSE.format(space=space))
        (patch,) = make(request).plan.patches
        assert patch.after.decode() == COMPOSE.format(space=space).replace("localhost:5433", "db:5432")
