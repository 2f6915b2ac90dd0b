"""The configuration: found where the README says, matched by name or pattern, and no misspelt word passes unheard."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from envfix.errors import EnvfixError
from envfix.settings import Pin, Settings, Targets, check_service, inline
from envfix.settings_file import load_settings
from envfix.shell_patterns import ByName, Names

WHOLE = """\
keep = ["PAYMENT_*"]
browser = ["PORTAL_HOST"]
map = { "localhost:5433" = "reports-db:5432", "SEARCH_URL" = "search:9200" }
readers = { "JOBS_*" = ["worker"], "HOST_TOOLS_URL" = [] }
env_files = { "backend/.env" = ["api", "worker"] }
"""


def put(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def refused(action: object, *arguments: object, **named: object) -> EnvfixError:
    with pytest.raises(EnvfixError) as caught:
        action(*arguments, **named)
    return caught.value


class TestReading:
    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
    def test_a_pipe_put_in_its_place_in_mid_run_is_not_waited_for(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        os.mkfifo(tmp_path / ".envfix.toml")
        monkeypatch.setattr(os.path, "isfile", lambda path: True)
        assert "a pipe or a device" in refused(load_settings, str(tmp_path)).message

    def test_every_key_of_the_documentation_is_read(self, tmp_path: Path) -> None:
        put(tmp_path, {".envfix.toml": WHOLE})
        settings = load_settings(str(tmp_path))
        assert settings.keep == ("PAYMENT_*",)
        assert settings.browser == ("PORTAL_HOST",)
        assert settings.map == {"localhost:5433": ("reports-db", 5432), "SEARCH_URL": ("search", 9200)}
        assert settings.readers == {"JOBS_*": ("worker",), "HOST_TOOLS_URL": ()}
        assert settings.env_files == {str(tmp_path / "backend" / ".env"): ("api", "worker")}
        assert settings.path == str(tmp_path / ".envfix.toml")

    FOUND = (
        pytest.param({"app/.envfix.toml": 'keep = ["A"]'}, ("A",), id="beside the compose file"),
        pytest.param({".envfix.toml": 'keep = ["A"]'}, ("A",), id="above it, up to the root of the work tree"),
        pytest.param({"../.envfix.toml": 'keep = ["A"]'}, (), id="not above the work tree: that is somebody else's"),
        pytest.param(
            {".envfix.toml": 'keep = ["A"]', "app/.envfix.toml": 'keep = ["B"]'}, ("B",), id="the nearest one alone"
        ),
        pytest.param({"app/pyproject.toml": '[tool.envfix]\nkeep = ["A"]'}, ("A",), id="a table of pyproject.toml"),
        pytest.param(
            {".envfix.toml": 'keep = ["A"]', "app/pyproject.toml": '[tool.envfix]\nkeep = ["B"]'},
            ("A",),
            id="our own file further up wins over a nearer pyproject.toml",
        ),
        pytest.param(
            {"app/pyproject.toml": '[project]\nname = "envfix-user"', "pyproject.toml": '[tool.envfix]\nkeep = ["A"]'},
            ("A",),
            id="a pyproject.toml without the table does not end the search",
        ),
        pytest.param(
            {"app/pyproject.toml": "[broken"}, (), id="a broken pyproject.toml that never names us is not ours"
        ),
        pytest.param({"app/.envfix.toml": "\ufeffkeep = ['A']"}, ("A",), id="a byte-order mark, as Notepad writes it"),
        pytest.param({}, (), id="no configuration at all"),
    )

    @pytest.mark.parametrize(("files", "keep"), FOUND)
    def test_the_place_of_the_configuration(self, tmp_path: Path, files: dict[str, str], keep: tuple[str, ...]) -> None:
        tree = tmp_path / "tree"
        (tree / "app").mkdir(parents=True)
        put(tree, files)
        assert load_settings(str(tree / "app"), str(tree)).keep == keep

    def test_without_git_only_the_projects_own_folder_counts(self, tmp_path: Path) -> None:
        put(tmp_path, {".envfix.toml": 'keep = ["A"]', "app/compose.yaml": ""})
        assert load_settings(str(tmp_path / "app")) == Settings()

    @pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")
    def test_a_project_that_is_reached_by_a_link_is_configured_where_it_lies(self, tmp_path: Path) -> None:
        put(tmp_path, {"tree/.envfix.toml": 'keep = ["A"]', "tree/app/compose.yaml": "", ".envfix.toml": "keep = []"})
        (tmp_path / "link").symlink_to("tree/app")
        assert load_settings(str(tmp_path / "link"), str(tmp_path / "tree")).keep == ("A",)

    def test_no_toml_reader_is_loaded_where_no_file_is_found(self, tmp_path: Path) -> None:
        load = f"from envfix.settings_file import load_settings; load_settings({str(tmp_path)!r})"
        code = f"import sys\n{load}\nprint('tomllib' in sys.modules)"
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert told.stdout == "False\n"


class TestRefusing:
    WRONG = (
        pytest.param('keeps = ["A"]', 1, "unknown key 'keeps'; did you mean 'keep'?", id="a misspelt key"),
        pytest.param("\nverbose = true", 2, "the keys are keep, browser, map, readers, env_files", id="a strange key"),
        pytest.param('keep = "A"', 1, "keep must be a list of names", id="a word where a list belongs"),
        pytest.param("keep = [1]", 1, "keep must be a list of names", id="a number in a list of names"),
        pytest.param(f"keep = {['A_*_URL'] * 101}", 1, "keep has over 100 patterns", id="patterns without end"),
        pytest.param('keep = [""]', 1, "keep must be a list of names", id="an empty name matches nothing"),
        pytest.param('map = ["a"]', 1, "map must be a table", id="a list where a table belongs"),
        pytest.param("map = { X = 5432 }", 1, "the target of 'X' must be text", id="a bare port"),
        pytest.param('map = { X = "db" }', 1, "'db' is no service with its port, such as \"db:5432\"", id="no port"),
        pytest.param('[map]\n\nX = "db:0"', 3, "'db:0' is no service with its port", id="port nought"),
        pytest.param('[map]\nX = "db:70000"', 2, "'db:70000' is no service with its port", id="a port past the last"),
        pytest.param(
            'map = { X = "http://db:1" }', 1, "'http://db:1' is no service with its port", id="a URL for a target"
        ),
        pytest.param('readers = { X = "api" }', 1, "readers: 'X' must be a list", id="a reader that is no list"),
        pytest.param(
            'env_files = { "a.b/.env" = "api" }', 1, "env_files: 'a.b/.env' must be a list", id="dots in a path"
        ),
        pytest.param('env_files = { "/etc/passwd" = [] }', 1, "outside the project", id="an absolute path elsewhere"),
        pytest.param('env_files = { "../.env" = [] }', 1, "outside the project", id="a path above the project"),
        pytest.param("keep = [", 1, "not valid TOML", id="TOML that ends too soon"),
        pytest.param('browser = ["A"]\nkeep = oops', 2, "not valid TOML", id="TOML that does not parse"),
    )

    @pytest.mark.parametrize(("text", "line", "message"), WRONG)
    def test_what_is_wrong_is_told_with_file_and_line(self, tmp_path: Path, text: str, line: int, message: str) -> None:
        put(tmp_path, {".envfix.toml": text})
        error = refused(load_settings, str(tmp_path))
        assert message in error.message
        assert (error.path, error.line) == (str(tmp_path / ".envfix.toml"), line)

    def test_the_line_in_a_pyproject_is_counted_from_our_table(self, tmp_path: Path) -> None:
        put(tmp_path, {"pyproject.toml": '[project]\nkeeps = "x"\n\n[tool.envfix]\nkeeps = []\n'})
        assert refused(load_settings, str(tmp_path)).line == 5

    def test_a_tool_table_that_is_no_table(self, tmp_path: Path) -> None:
        put(tmp_path, {"pyproject.toml": "[tool]\nenvfix = 1\n"})
        assert "must be a table" in refused(load_settings, str(tmp_path)).message

    def test_bytes_that_are_not_utf_8_are_named_with_their_line(self, tmp_path: Path) -> None:
        (tmp_path / ".envfix.toml").write_bytes(b"keep = []\n# caf\xe9\n")
        error = refused(load_settings, str(tmp_path))
        assert (error.line, "UTF-8" in error.message) == (2, True)

    @pytest.mark.skipif(not hasattr(os, "symlink") or os.name == "nt", reason="needs symbolic links")
    def test_a_link_that_leads_out_of_the_project_is_outside(self, tmp_path: Path) -> None:
        app = tmp_path / "app"
        put(app, {".envfix.toml": 'env_files = { "linked/.env" = ["api"] }'})
        put(tmp_path, {"elsewhere/.env": ""})
        (app / "linked").symlink_to(tmp_path / "elsewhere")
        assert "outside the project" in refused(load_settings, str(app)).message

    def test_within_a_work_tree_a_sibling_folder_is_inside(self, tmp_path: Path) -> None:
        put(tmp_path, {"infra/.envfix.toml": 'env_files = { "../backend/.env" = ["api"] }'})
        assert list(load_settings(str(tmp_path / "infra"), str(tmp_path)).env_files) == [
            str(tmp_path / "backend" / ".env")
        ]


class TestServices:
    UNKNOWN = (
        pytest.param(
            '[map]\nX = "serch:9200"', 2, "map: 'serch' is no service of this project; did you mean 'search'?"
        ),
        pytest.param(
            '[readers]\nX = ["zzz"]', 2, "readers: 'zzz' is no service of this project; its services are api,"
        ),
        pytest.param(
            '[env_files]\n".env" = ["apy"]', 2, "env_files: 'apy' is no service of this project; did you mean"
        ),
    )

    @pytest.mark.parametrize(("text", "line", "message"), UNKNOWN)
    def test_a_service_that_the_project_lacks_is_told(self, tmp_path: Path, text: str, line: int, message: str) -> None:
        put(tmp_path, {".envfix.toml": text})
        error = refused(load_settings(str(tmp_path)).check, ["api", "search"])
        assert message in error.message
        assert (error.path, error.line) == (str(tmp_path / ".envfix.toml"), line)

    def test_services_that_exist_pass(self, tmp_path: Path) -> None:
        put(tmp_path, {".envfix.toml": WHOLE})
        settings = load_settings(str(tmp_path))
        services = ["reports-db", "search", "worker", "api"]
        settings.check(services)
        for absent in services:
            assert repr(absent) in refused(settings.check, [each for each in services if each != absent]).message

    def test_a_project_without_services_is_told_so(self) -> None:
        assert "its services are none" in refused(check_service, "db", []).message


class TestMatching:
    SETTINGS = Settings(
        keep=Names(("PAYMENT_*", "ONE")),
        browser=Names(("PORTAL_HOST", "[XY]_URL")),
        map=Targets(
            {
                "localhost:5433": ("reports", 5432),
                "SEARCH_URL": ("search", 9200),
                "CACHE_*": ("cache", 6379),
                "host.docker.internal:81": ("web", 80),
                "127.0.0.1:5433": ("later", 5432),
            }
        ),
        readers=ByName({"JOBS_*": ("worker",), "JOBS_NONE": (), "TOOLS_URL": ()}),
    )

    @pytest.mark.parametrize(
        ("name", "kept"),
        [("PAYMENT_URL", True), ("ONE", True), ("ONES", False), ("payment_url", False), ("MY_PAYMENT_URL", False)],
    )
    def test_keep(self, name: str, kept: bool) -> None:
        assert self.SETTINGS.keeps(name) is kept

    @pytest.mark.parametrize(("name", "is_browser"), [("PORTAL_HOST", True), ("X_URL", True), ("Z_URL", False)])
    def test_browser(self, name: str, is_browser: bool) -> None:
        assert self.SETTINGS.is_browser(name) is is_browser

    READERS = (
        pytest.param("JOBS_URL", ("worker",), id="by pattern"),
        pytest.param("JOBS_NONE", (), id="the name itself wins over a pattern before it"),
        pytest.param("TOOLS_URL", (), id="nobody in the project"),
        pytest.param("OTHER", None, id="silence is not nobody"),
    )

    @pytest.mark.parametrize(("name", "readers"), READERS)
    def test_readers(self, name: str, readers: tuple[str, ...] | None) -> None:
        assert self.SETTINGS.readers_of(name) == readers

    MAPPED = (
        pytest.param("ANY", "localhost:5433", ("reports", 5432), id="by address"),
        pytest.param("ANY", "LOCALHOST:5433", ("reports", 5432), id="hosts have no case"),
        pytest.param("ANY", "127.0.0.1:5433", ("reports", 5432), id="every loopback spelling is the same host"),
        pytest.param("ANY", "[::1]:5433", ("reports", 5432), id="that of IPv6 too"),
        pytest.param("ANY", "localhost:54330", None, id="another port is another address"),
        pytest.param("ANY", "localhost", None, id="so is none"),
        pytest.param("ANY", "localhost.example:5433", None, id="a longer name is another host"),
        pytest.param("SEARCH_URL", "localhost:1", ("search", 9200), id="by variable"),
        pytest.param(
            "SEARCH_URL", "localhost:5433", ("search", 9200), id="a variable's own name wins over the address"
        ),
        pytest.param("CACHE_URL", "localhost:5433", ("reports", 5432), id="an address wins over a pattern"),
        pytest.param("CACHE_URL", "localhost:1", ("cache", 6379), id="by pattern"),
        pytest.param("ANY", "host.docker.internal:81", ("web", 80), id="any other host is taken as it is written"),
    )

    @pytest.mark.parametrize(("name", "address", "target"), MAPPED)
    def test_map(self, name: str, address: str, target: tuple[str, int] | None) -> None:
        assert self.SETTINGS.mapped(name, address) == target

    def test_nothing_is_configured_by_default(self) -> None:
        none = Settings()
        assert (none.keeps("A"), none.is_browser("A"), none.readers_of("A"), none.mapped("A", "localhost:1")) == (
            *(False, False),
            *(None, None),
        )


class TestInline:
    PINS = (
        pytest.param((), None, id="no comment"),
        pytest.param(("the database",), None, id="prose"),
        pytest.param(("see envfix: keep it simple",), None, id="prose that mentions us"),
        pytest.param(("envfix: keep",), Pin(), id="keep"),
        pytest.param(("envfix:keep",), Pin(), id="without the blank"),
        pytest.param(("Envfix : keep",), Pin(), id="as people type it"),
        pytest.param(("envfix: postgres:5432",), Pin("postgres", 5432), id="a service and its port"),
        pytest.param(("envfix: my_db.v-2:1",), Pin("my_db.v-2", 1), id="every character of a service's name"),
        pytest.param(("envfix: a:1", "the database"), Pin("a", 1), id="other comments may stand between"),
        pytest.param(("envfix: a:1", "envfix: keep"), Pin(), id="the nearest counts"),
        pytest.param(("envfix: keep", "OLD_URL=http://localhost:1"), None, id="it was for the one commented out"),
        pytest.param(("OLD_URL=x", "envfix: keep"), Pin(), id="below one commented out it is ours"),
    )

    @pytest.mark.parametrize(("comments", "pin"), PINS)
    def test_what_the_comment_says(self, comments: tuple[str, ...], pin: Pin | None) -> None:
        assert inline(comments) == pin

    def test_keep_is_told_from_a_target(self) -> None:
        assert Pin().keep
        assert not Pin("db", 1).keep

    @pytest.mark.parametrize(
        "word", ["", "kep", "postgres", "postgres:", "postgres:0", "postgres:65536", ":5432", "keep please", "a b:1"]
    )
    def test_a_malformed_one_is_told_at_its_own_line(self, word: str) -> None:
        error = refused(inline, (f"envfix: {word}", "more"), path="/x/.env", line=9)
        assert (error.path, error.line) == ("/x/.env", 7)
        assert "# envfix: keep" in error.message
