"""Comments, words of the configuration and names on the command line that do nothing are told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Envfix

Project = Callable[..., Path]
COMPOSE = """\
services:
  shop: {image: example.org/shop, env_file: .env, depends_on: [store]}
  store: {image: "mariadb:11", ports: ["3307:3306"]}
"""
URL = "DATABASE_URL=mysql://localhost:3307/shop"

WRONG = [
    ("keep, misspelt", f"# envfix: kep\n{URL}\n", 1, "did you mean 'keep'?"),
    ("a service, misspelt", f"# envfix: stor:3306\n{URL}\n", 1, "did you mean 'store'?"),
    ("no service at all", f"A=1\n# envfix: xyz:1\n{URL}\n", 2, "its services are shop, store"),
    ("a service without its port", f"# envfix: store\n{URL}\n", 1, "store needs its port inside the container"),
    ("a misspelt one without a port", f"# envfix: stroe\n{URL}\n", 1, "did you mean 'store'?"),
    ("above a binding without an address", "# envfix: kep\nPLAIN=1\n", 1, "did you mean 'keep'?"),
    ("above other comments", f"# envfix: kep\n# the shop's\n{URL}\n", 1, "did you mean 'keep'?"),
]


@pytest.mark.parametrize(("text", "line", "way"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_comment_that_names_nothing_is_an_error(
    text: str, line: int, way: str, project: Project, envfix: Envfix
) -> None:
    folder = project(**{"compose.yaml": COMPOSE, ".env": text})
    done = envfix("--write", cwd=folder)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(f"envfix: .env:{line}: ")
    assert way in done.err
    assert (folder / ".env").read_text() == text


IDLE = [
    ("behind the value", f"{URL} # envfix: keep\n", 1, "stands behind the value"),
    ("behind quotes", "A='mysql://localhost:3307/x' #envfix: keep\n", 1, "stands behind the value"),
    ("a blank line below", f"# envfix: keep\n\n{URL}\n", 1, "no variable stands right below"),
    ("at the end of the file", f"{URL}\n# envfix: keep\n", 2, "no variable stands right below"),
    ("above no address", f"{URL}\n# envfix: keep\nPLAIN=1\n", 2, "PLAIN has no address"),
    ("without its colon", f"# envfix keep\n{URL}\n", 1, "lacks its colon, and does nothing: write `# envfix: keep`"),
    ("a service without its colon", f"# envfix store:3306\n{URL}\n", 1, "write `# envfix: store:3306`"),
    ("two, one above the other", f"# envfix: keep\n# envfix: store:3306\n{URL}\n", 1, "no variable stands right below"),
]
HEARD = [
    ("keep", f"# envfix: keep\n{URL}\n"),
    ("a service", f"# envfix: store:3306\n{URL}\n"),
    ("what it says already", "# envfix: store:3306\nDATABASE_URL=mysql://store:3306/shop\n"),
    ("above a binding that is out of use", f"# envfix: keep\n# OLD_URL=mysql://localhost:1/x\n{URL}\n"),
    ("text inside quotes", f"{URL}\nNOTE='\n# envfix: keep\n'\n"),
    ("a part of the value", f"{URL}#envfix:keep\n"),
    ("a sentence about envfix", f"# envfix made this line\n{URL}\n"),
]


@pytest.mark.parametrize(("text", "line", "what"), [row[1:] for row in IDLE], ids=[row[0] for row in IDLE])
def test_a_comment_that_does_nothing_is_a_warning(
    text: str, line: int, what: str, project: Project, envfix: Envfix
) -> None:
    warned = envfix("--format", "json", cwd=project(**{"compose.yaml": COMPOSE, ".env": text})).json
    (notice,) = warned["projects"][0]["warnings"]
    assert (notice["path"], notice["line"]) == (".env", line)
    assert what in notice["message"]


@pytest.mark.parametrize("text", [row[1] for row in HEARD], ids=[row[0] for row in HEARD])
def test_one_that_is_heard_is_no_warning(text: str, project: Project, envfix: Envfix) -> None:
    told = envfix("--format", "json", cwd=project(**{"compose.yaml": COMPOSE, ".env": text})).json
    assert told["projects"][0]["warnings"] == []


CONFIGURATION = """\
keep = ["PAYMENT_*", "DATABASE_*"]
browser = ["PORTAL"]
map = { "localhost:9999" = "store:3306", "127.0.0.1:3307" = "store:3306" }
readers = { "JOBS_*" = ["shop"] }
env_files = { "gone/.env" = ["shop"] }
"""
FITS_NOTHING = {
    (1, "keep: PAYMENT_*"),
    (2, "browser: PORTAL"),
    (3, "map: localhost:9999"),
    (4, "readers: JOBS_*"),
    (5, "env_files: gone/.env"),
}


def test_words_of_the_configuration_that_fit_nothing_are_warnings(project: Project, envfix: Envfix) -> None:
    folder = project(**{"compose.yaml": COMPOSE, ".env": f"{URL}\n", ".envfix.toml": CONFIGURATION})
    notices = envfix("--format", "json", cwd=folder).json["projects"][0]["warnings"]
    assert {(one["line"], one["message"].partition(" fits")[0]) for one in notices} == FITS_NOTHING
    assert envfix("--format", "json", ".env", cwd=folder).json["projects"][0]["warnings"] == []


def test_those_of_a_configuration_that_others_share_are_told_on_demand(project: Project, envfix: Envfix) -> None:
    folder = project(**{".git/HEAD": "ref: refs/heads/main\n", ".git/config": "", ".envfix.toml": 'keep = ["OLD_*"]\n'})
    project(**{".git/objects/x": "", ".git/refs/x": "", "one/compose.yaml": COMPOSE, "one/.env": f"{URL}\n"})
    assert "OLD_*" not in envfix(cwd=folder / "one").err
    assert "keep: OLD_* fits nothing of this project" in envfix("-v", cwd=folder / "one").err


@pytest.mark.parametrize(
    ("names", "status", "told"),
    [
        (["DATABSE_URL"], 2, "is DATABASE_URL meant?"),
        (["database_url"], 2, "is DATABASE_URL meant?"),
        (["ZZZ"], 2, "no file of this run has such a variable"),
        (["DATABASE_URL", "DATABSE_URL"], 2, "is DATABASE_URL meant?"),
        (["PLAIN"], 1, "PLAIN: nothing to explain"),
        (["X_*"], 1, "X_*: nothing to explain"),
    ],
)
def test_a_name_to_explain_that_there_is_not(
    names: list[str], status: int, told: str, project: Project, envfix: Envfix
) -> None:
    folder = project(**{"compose.yaml": COMPOSE, ".env": f"{URL}\nPLAIN=1\n"})
    done = envfix(*(word for name in names for word in ("--explain", name)), cwd=folder)
    assert (done.status, done.out) == (status, "")
    assert told in done.err


@pytest.mark.parametrize(("word", "near"), [("--hok", ""), ("--hoook", ""), ("--wrte", "--write")])
def test_a_misspelt_option_suggests_none_that_help_does_not_show(word: str, near: str, envfix: Envfix) -> None:
    done = envfix(word)
    assert done.status == 2
    assert near in done.err
    assert "--hook" not in done.err
