"""What code only hands to browsers and programs outside is asked about, and where code says a variable is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.source.projects import lay_out, only

# http at a service that the scheme alone would not decide: the name says that a program asks it.
ENV = "CATALOG_INTERNAL_URL=http://localhost:8088\n"
NAME = "CATALOG_INTERNAL_URL"

OUTSIDE = (
    ("node", {"main.js": f"app.get('/', (q, r) => r.redirect(process.env.{NAME}))\n"}),
    ("node", {"main.js": f"const catalogPage = process.env.{NAME}\nres.redirect(catalogPage + '/new')\n"}),
    ("node", {"main.js": f"app.use(cors({{ origin: process.env.{NAME} }}))\n"}),
    ("python", {"main.py": f'app.add_middleware(CORSMiddleware, allow_origins=[os.environ["{NAME}"]])\n'}),
    ("python", {"conf.py": f'{NAME} = env("{NAME}")\n', "views.py": f"return redirect(settings.{NAME})\n"}),
    ("ruby", {"main.rb": f"redirect_to ENV.fetch('{NAME}')\n"}),
    ("php", {"main.php": f"<?php header('Location: ' . getenv('{NAME}'));\n"}),
    ("go", {"main.go": f'http.Redirect(w, r, os.Getenv("{NAME}"), 302)\n'}),
)

STAYS = (
    pytest.param("node", {"main.js": f"await fetch(process.env.{NAME})\n"}, id="a connection"),
    pytest.param(
        "node",
        {"main.js": f"const page = process.env.{NAME}\nres.redirect(page)\nawait axios.get(page)\n"},
        id="both, one step away",
    ),
    pytest.param("node", {"main.js": f"run(process.env.{NAME})\n"}, id="neither"),
    pytest.param("node", {"main.js": f"run(process.env.{NAME})\n// redirect to {NAME}\n"}, id="a comment"),
    pytest.param(
        "node",
        {"main.js": f"run(process.env.{NAME})\n", "test/a.test.js": f"redirect(process.env.{NAME})\n"},
        id="only a test",
    ),
)


@pytest.mark.parametrize(("runtime", "source"), OUTSIDE)
def test_use_by_browsers_alone_is_asked_about(tmp_path: Path, runtime: str, source: dict[str, str | bytes]) -> None:
    found = only(lay_out(tmp_path, runtime, ENV, source), NAME)
    assert (found.decision, found.reason) == ("ask", "ambiguous")
    assert [choice.replacement for choice in found.choices] == ["catalog:80"]
    assert {one.what for one in found.evidence} == {"outside"}


@pytest.mark.parametrize(("runtime", "source"), STAYS)
def test_anything_else_leaves_the_rewrite(tmp_path: Path, runtime: str, source: dict[str, str | bytes]) -> None:
    found = only(lay_out(tmp_path, runtime, ENV, source), NAME)
    assert (found.decision, found.replacement) == ("rewrite", "catalog:80")
    assert {one.what for one in found.evidence} == {"mention"}


def test_three_places_are_shown_those_of_the_program_first(tmp_path: Path) -> None:
    call = f"await fetch(process.env.{NAME})\n"
    source: dict[str, str | bytes] = {"test/a.test.js": call, "z.py": f"x = '{NAME}'\n", "main.js": "\n" + call * 3}
    found = only(lay_out(tmp_path, "node", ENV, source), NAME)
    orders = tmp_path.resolve() / "orders"
    assert [(one.path, one.line) for one in found.evidence] == [(str(orders / "main.js"), line) for line in (2, 3, 4)]


def test_a_keep_is_shown_with_its_places_only_when_it_is_explained(tmp_path: Path) -> None:
    env = "PUBLIC_CATALOG_URL=http://localhost:8088\n"
    lay_out(tmp_path, "node", env, {"main.js": "render(process.env.PUBLIC_CATALOG_URL)\n"})
    assert only(tmp_path, "PUBLIC_CATALOG_URL").evidence == ()
    told = only(tmp_path, "PUBLIC_CATALOG_URL", explain=("PUBLIC_*",))
    assert told.decision == "keep"
    assert [one.line for one in told.evidence] == [1]
