"""The text for people: what changes and why on standard output, what to do next on standard error."""

from __future__ import annotations

import re

import pytest
from report_samples import ASK, CWD, KEEP, PATCH, SECRET, output, plan, reference, report, talk

from envfix.errors import EnvfixError
from envfix.records import Choice, EnvFileState, Notice, Patch, Plan, Reader
from envfix.report import Part, Report, render
from envfix.report.after_write import with_files
from envfix.report.text import explain

REWRITE_LINE = (
    ".env:3 DATABASE_URL  localhost:5433 -> postgres:5432  published: postgres publishes 5433 for its port 5432\n"
)
ASK_LINES = """\
.env:5 MEDIA_ENDPOINT  localhost:9090  yours to decide
    conflict: web needs localhost:9090, where browsers upload; worker needs minio:9000.
    read by web (interpolation), worker (env_file)
    in code: api/media.py:7
    1. minio:9000  right for worker
    2. localhost:9090  right for web
    To decide, write on the line above it: # envfix: minio:9000 or # envfix: keep
"""


def text(*plans: Plan, **changes: object) -> tuple[object, ...]:
    return render("text", report(*plans, **changes))


def out(*plans: Plan, **changes: object) -> str:
    return output(text(*plans, **changes))


def err(*plans: Plan, **changes: object) -> str:
    return talk(text(*plans, **changes))


class TestOutput:
    def test_the_output_is_the_diff_and_a_paragraph_for_each_decision_is_talk(self) -> None:
        assert out().startswith("--- ")
        assert len(out().splitlines()) == 5
        assert REWRITE_LINE + ASK_LINES in err()

    def test_a_keep_is_only_counted(self) -> None:
        assert "NEXTAUTH_URL" not in out()
        assert "1 kept (-v shows them)" in err()

    def test_verbose_shows_the_keeps_and_their_reason(self) -> None:
        assert ".env:1 NEXTAUTH_URL  localhost:3000  kept, browser: a browser uses it\n" in err(verbose=True)
        assert "(-v" not in err(verbose=True)

    def test_quiet_leaves_the_diff_and_the_asks(self) -> None:
        assert out(quiet=True) == out()
        assert err(quiet=True) == ASK_LINES

    def test_quiet_still_tells_errors(self) -> None:
        assert (
            err(plan(references=()), quiet=True, errors=(EnvfixError("no compose file"),)) == "error: no compose file\n"
        )

    def test_with_secrets_shown_the_output_is_the_patch_alone(self) -> None:
        assert "DATABASE_URL  " not in out(show_secrets=True)
        assert REWRITE_LINE in err(show_secrets=True)

    def test_the_masked_preview_holds_no_secret(self) -> None:
        assert SECRET not in out(verbose=True) + err(verbose=True)

    def test_nothing_to_change_prints_nothing(self) -> None:
        assert out(plan(references=(KEEP,), patches=())) == ""

    def test_no_control_character_of_a_file_comes_through(self) -> None:
        evil = "a\x1b[2J\u202eb\u200bc\nd\re"
        found = ASK._replace(
            variable=evil,
            address=evil,
            explanation=evil,
            readers=(Reader(evil, "mount"),),
            choices=(Choice(evil, evil, 1, evil),),
        )
        references = (found, found._replace(decision="rewrite", replacement=evil), found._replace(decision="keep"))
        whole = plan(name=evil, references=references, patches=(), warnings=(Notice(evil, 1, evil),), profiles=(evil,))
        everything = Report((Part(whole, compose=("-f", evil)),), CWD, (EnvfixError(evil, path=evil),), written=True)
        said = render("text", everything._replace(verbose=True)) + explain(everything, ["*"])
        told = output(said) + talk(said)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e]", told)
        assert not re.search("^[de] ", told, re.MULTILINE)


class TestColour:
    def test_none_without_it(self) -> None:
        assert "\x1b" not in out(verbose=True) + err()

    def test_right_is_green_wrong_is_red_open_is_yellow(self) -> None:
        told = err(colour=True)
        assert "\x1b[31mlocalhost:5433\x1b[0m -> \x1b[32mpostgres:5432\x1b[0m" in told
        assert "\x1b[33myours to decide\x1b[0m" in told

    @pytest.mark.parametrize("columns", [0, 80])
    def test_the_words_are_the_same(self, columns: int) -> None:
        painted = out(colour=True, columns=columns) + err(colour=True, columns=columns)
        assert re.sub(r"\x1b\[\d*m", "", painted) == out(columns=columns) + err(columns=columns)


class TestAsk:
    PINS = (
        pytest.param((Choice("redis", "redis", 6379, ""),), "# envfix: redis:6379 or # envfix: keep", id="a bare host"),
        pytest.param(
            (Choice("a:1", "a", 1, ""), Choice("b:2", "b", 2, "")),
            "# envfix: a:1 or # envfix: b:2 or # envfix: keep",
            id="several targets",
        ),
        pytest.param((Choice("6380", "redis", 6380, ""),), "# envfix: redis:6380 or # envfix: keep", id="a port"),
        pytest.param((Choice("localhost:9090", "web", 3000, ""),), "# envfix: keep", id="what stands there already"),
        pytest.param((), "# envfix: keep", id="no choice known"),
    )

    @pytest.mark.parametrize(("choices", "comments"), PINS)
    def test_the_comments_that_settle_it(self, choices: tuple[Choice, ...], comments: str) -> None:
        told = err(plan(references=(ASK._replace(choices=choices),), patches=()), quiet=True)
        assert told.endswith(f"    To decide, write on the line above it: {comments}\n")

    def test_the_ways_out_are_told_once(self) -> None:
        told = err(plan(references=(ASK, ASK._replace(line=6))), options=("-f", "a b.yml"))
        assert told.count("envfix --interactive -f 'a b.yml'") == 1
        assert told.count(".envfix.toml") == 1
        assert told.count("envfix --override compose.envfix.yaml -f 'a b.yml'") == 1

    def test_an_override_helps_only_where_readers_disagree(self) -> None:
        assert "--override" not in err(plan(references=(ASK._replace(reason="ambiguous"),)))
        assert "--override" not in err(plan(references=(ASK._replace(readers=(Reader("web", "mount"),)),)))


class TestNext:
    def test_the_files_that_were_read_are_told_first(self) -> None:
        first = text(plan(profiles=("dev",)))[0]
        assert first.talk
        assert first.text == "Read compose.yaml, .env (project stack, profiles dev)\n"

    def test_a_dry_run_ends_with_the_command_that_writes(self) -> None:
        told = err(plan(references=(reference(),)), options=("-f", "a b.yml", ".env"))
        assert told.splitlines()[-3:] == [
            "1 address to rewrite.",
            "  To write this: envfix --write -f 'a b.yml' .env",
            "  Programs on your machine that read .env will no longer find localhost there; to keep it for them: "
            "envfix --override compose.envfix.yaml -f 'a b.yml' .env",
        ]

    def test_what_stands_in_a_compose_file_needs_more_than_write(self) -> None:
        found = reference(path=f"{CWD}/compose.yaml")
        told = err(plan(references=(found, reference())))
        assert "1 of them stands in a compose file, changed only with: envfix --write --compose" in told
        assert "--compose" not in err(plan(references=(found,), patches=(Patch(found.path, b"a", b"b", found.edits),)))

    def test_nothing_to_write_names_no_command(self) -> None:
        assert "--write" not in err(plan(references=(KEEP, ASK), patches=()))

    COUNTS = (
        pytest.param((), "Nothing to change: no localhost address was found.", id="nothing found"),
        pytest.param((KEEP,), "Nothing to change: 1 kept (-v shows them).", id="only keeps"),
        pytest.param((reference(), reference()), "2 addresses to rewrite.", id="rewrites"),
        pytest.param((ASK, KEEP), "1 yours to decide, 1 kept (-v shows them).", id="asks"),
    )

    @pytest.mark.parametrize(("references", "line"), COUNTS)
    def test_counts(self, references: tuple[object, ...], line: str) -> None:
        assert line in err(plan(references=references)).splitlines()

    def test_warnings_name_their_place_and_come_once(self) -> None:
        assert err(plan(), plan()).count("warning: compose.yaml:7: the env_file api.env is missing\n") == 1

    def test_errors_are_the_last_words(self) -> None:
        told = err(errors=(EnvfixError("not valid YAML", path=f"{CWD}/b.yml", line=2, column=5),))
        assert told.endswith("\nerror: b.yml:2:5: not valid YAML\n")

    def test_with_no_project_only_the_error_is_told(self) -> None:
        assert err(parts=(), errors=(EnvfixError("no compose file"),)).strip() == "error: no compose file"


class TestAfterAWrite:
    RESTARTS = (
        pytest.param([("web", "interpolation")], "docker compose up -d web", id="a changed environment is seen"),
        pytest.param([("b", "env_file"), ("a", "pass-through")], "docker compose up -d a b", id="sorted, each once"),
        pytest.param([("web", "mount")], "docker compose up -d --force-recreate web", id="a mount is not"),
        pytest.param([("web", "image")], "docker compose up -d --build web", id="nor is what the image holds"),
        pytest.param(
            [("a", "image"), ("b", "mount"), ("c", "env_file")],
            "docker compose up -d --build --force-recreate a b c",
            id="one command for all",
        ),
    )

    @pytest.mark.parametrize(("readers", "command"), RESTARTS)
    def test_the_command_that_makes_it_take_effect(self, readers: list[tuple[str, str]], command: str) -> None:
        found = reference(readers=tuple(Reader(*reader) for reader in readers))
        assert f"  To make it take effect: {command}\n" in err(plan(references=(found,)), written=True)

    def test_it_names_the_project_as_this_run_did(self) -> None:
        part = Part(plan(), compose=("-f", "a b.yml", "--profile", "dev"))
        told = err(parts=(part,), written=True)
        assert "docker compose -f 'a b.yml' --profile dev up -d web worker" in told

    def test_the_way_back_is_told(self) -> None:
        assert "To take it back: envfix --restore -f a.yml\n" in err(written=True, restore=("-f", "a.yml"))
        assert "--restore" not in err(written=True, restore=None)

    def test_programs_on_the_host_are_thought_of(self) -> None:
        assert "Programs on your machine that read .env no longer find localhost there" in err(written=True)

    def test_an_ask_is_not_restarted_for(self) -> None:
        assert "docker compose" not in err(plan(references=(ASK,), patches=()), written=True)

    def test_towards_the_host_no_container_changes(self) -> None:
        told = err(written=True, to="host")
        assert "docker compose" not in told
        assert "on your machine" not in told
        assert "envfix --restore" in told

    def test_an_override_file_leaves_the_env_file(self) -> None:
        said = text(written=True, override=f"{CWD}/own.yaml")
        assert "--- " not in output(said)
        assert "1 address set right in own.yaml" in talk(said)
        assert "docker compose -f compose.yaml -f own.yaml up -d web worker" in talk(said)
        assert "--restore" not in talk(said)
        assert "no longer find localhost" not in talk(said)
        assert "--override" not in talk(said)

    def test_a_repaired_copy_leaves_everything_else(self) -> None:
        said = text(written=True, output=f"{CWD}/.env.docker")
        assert "1 address set right in .env.docker" in talk(said)
        assert not any(word in talk(said) for word in ("docker compose", "--restore", "no longer find", "--override"))

    FILES = (
        pytest.param(("-f", "x.yml"), ("x.yml",), ("-f", "x.yml"), id="as they were given"),
        pytest.param((), ("compose.yml", "compose.override.yml", "inc/compose.yml"), None, id="as Compose found them"),
        pytest.param(("--profile", "a"), ("docker-compose.yaml",), None, id="after other options"),
        pytest.param((), ("stack.yml", "base.yml"), None, id="as COMPOSE_FILE named them"),
    )

    @pytest.mark.parametrize(("given", "files", "words"), FILES)
    def test_beside_an_override_file_the_compose_files_must_be_named(
        self, given: tuple[str, ...], files: tuple[str, ...], words: tuple[str, ...] | None
    ) -> None:
        part = Part(plan(compose_files=tuple(f"{CWD}/{file}" for file in files)), compose=given)
        named = [word for file in files if not file.startswith("inc/") for word in ("-f", file)]
        assert with_files(part, CWD) == (words or (*given, *named))


class TestExplain:
    def test_the_whole_reasoning(self) -> None:
        said = explain(report(), ["DATABASE_URL"])
        assert talk(said) == ""
        assert output(said) == (
            "DATABASE_URL  localhost:5433  .env:3:33\n"
            "  decision  becomes postgres:5432 (published)\n"
            "  because   postgres publishes 5433 for its port 5432\n"
            "  readers   web (interpolation), worker (env_file)\n"
            "  evidence  compose.yaml:12 publishes 5433:5432\n"
            "            web and postgres share the network default\n"
        )

    def test_an_ask_has_its_choices_and_the_comments(self) -> None:
        told = output(explain(report(), ["MEDIA_ENDPOINT"]))
        assert "  choices   1. minio:9000  right for worker\n            2. localhost:9090" in told
        assert "  in code   api/media.py:7\n" in told
        assert "  to decide write on the line above it: # envfix: minio:9000 or # envfix: keep\n" in told

    @pytest.mark.parametrize(
        ("names", "found"),
        [
            (["*"], ["NEXTAUTH_URL", "DATABASE_URL", "MEDIA_ENDPOINT"]),
            (["*_URL"], ["NEXTAUTH_URL", "DATABASE_URL"]),
            (["MEDIA_ENDPOINT", "NEXTAUTH_URL"], ["NEXTAUTH_URL", "MEDIA_ENDPOINT"]),
            (["database_url"], []),
        ],
    )
    def test_names_and_patterns(self, names: list[str], found: list[str]) -> None:
        told = output(explain(report(), names))
        assert [line.split()[0] for line in told.splitlines() if line[:1].isalpha()] == found

    def test_a_name_that_is_nowhere_is_told(self) -> None:
        said = explain(report(), ["NOWHERE", "*_URL"])
        assert talk(said) == "NOWHERE: nothing to explain, since no such variable has a localhost address.\n"

    def test_nobody_reads_it(self) -> None:
        assert "  readers   none\n" in output(explain(report(plan(references=(KEEP._replace(readers=()),))), ["*"]))


def test_several_projects_follow_one_another_and_are_summed_up_once() -> None:
    other = plan(
        directory=f"{CWD}/b",
        name="b",
        compose_files=(f"{CWD}/b/compose.yaml",),
        env_files=(EnvFileState(f"{CWD}/b/.env", True),),
        references=(reference(path=f"{CWD}/b/.env"),),
        patches=(Patch(f"{CWD}/b/.env", PATCH.before, PATCH.after),),
    )
    said = text(plan(), other)
    reads = [piece.text for piece in said if piece.text.startswith("Read ")]
    assert reads == ["Read compose.yaml, .env (project stack)\n", "Read b/compose.yaml, b/.env (project b)\n"]
    assert "2 addresses to rewrite, 1 yours to decide, 1 kept" in talk(said)
    assert talk(said).count("To write this") == 1
