"""What a Dockerfile reveals, and where a file of the host lies in the image that it builds."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envfix.dockerfile.placement import placed
from envfix.dockerfile.stages import Dockerfile, read_dockerfile
from envfix.globs import ignore_patterns, is_ignored, matches


def read(text: str, *, target: str | None = None, args: dict[str, str | None] | None = None) -> Dockerfile:
    found = read_dockerfile("/nowhere", None, target, text, args or {})
    assert found is not None
    return found


EXPOSED = {
    "ports": ("FROM a\nEXPOSE 80 443/tcp", (80, 443)),
    "several instructions, each port once": ("FROM a\nEXPOSE 80\nexpose 81 80", (80, 81)),
    "a range": ("FROM a\nEXPOSE 8000-8002", (8000, 8001, 8002)),
    "not UDP": ("FROM a\nEXPOSE 53/udp 53/UDP 54", (54,)),
    "a variable of ENV": ("FROM a\nENV PORT=8080\nEXPOSE $PORT", (8080,)),
    "the default of ARG": ("FROM a\nARG PORT=8080\nEXPOSE ${PORT}/tcp", (8080,)),
    "the default of an unset variable": ("FROM a\nEXPOSE ${PORT:-8080}", (8080,)),
    "several in a variable": ('FROM a\nENV PORTS="80 81"\nEXPOSE $PORTS', (80, 81)),
    "nothing that is no port": ("FROM a\nEXPOSE $NONE http 0 70000 80-", ()),
    "not a range as wide as all ports, which tells nothing": ("FROM a\nEXPOSE 1-65535 80", (80,)),
    "those of the stage that it builds on": ("FROM a AS base\nEXPOSE 80\nFROM base\nEXPOSE 81", (80, 81)),
    "not those of a stage beside": ("FROM a AS build\nEXPOSE 80\nFROM b\nCOPY --from=build /x /x", ()),
    "over continued lines, comments and empty lines": (
        "FROM a\nEXPOSE 80 \\\n# no 81\n\n  82\nEXPOSE 83",
        (80, 82, 83),
    ),
    "nothing in a comment": ("FROM a\n# EXPOSE 80\n  # EXPOSE 81", ()),
    "nothing in a here-document": ("FROM a\nRUN <<EOF\nEXPOSE 80\nEOF\nEXPOSE 81", (81,)),
    "nothing in one that is indented": ("FROM a\nRUN cat <<-'X' >f\n\tEXPOSE 80\n\tX\nEXPOSE 81", (81,)),
    "a shift is no here-document": ("FROM a\nRUN echo $((1<<2))\nEXPOSE 81", (81,)),
    "the escape of the directive": ("# escape=`\nFROM a\nEXPOSE 80 `\n 81", (80, 81)),
    "no directive below other lines": ("FROM a\n# escape=`\nEXPOSE 80 \\\n 81", (80, 81)),
    "with Windows line ends": ("FROM a\r\nEXPOSE 80 \\\r\n 81\r\n", (80, 81)),
    "behind a byte-order mark": ("\ufeff# escape=`\nFROM a\nEXPOSE 80 `\n 81", (80, 81)),
}


@pytest.mark.parametrize(("text", "ports"), EXPOSED.values(), ids=EXPOSED.keys())
def test_exposed_ports(text: str, ports: tuple[int, ...]) -> None:
    assert read(text).exposes == ports


BASES = {
    "the image": ("FROM node:20", "node:20"),
    "not its platform": ("FROM --platform=$BUILDPLATFORM node:20 AS build", "node:20"),
    "the last stage's": ("FROM a\nFROM b", "b"),
    "the one below the stages": ("FROM a AS base\nFROM base AS next\nFROM NEXT", "a"),
    "a number is no stage to FROM": ("FROM a\nFROM 0", "0"),
    "the default of a global ARG": ("ARG TAG=20\nFROM node:${TAG}", "node:20"),
    "an ARG of a stage is none of FROM's": ("FROM a\nARG TAG=20\nFROM node:$TAG", "node:"),
    "a name that the image has too": ("FROM a AS b\nFROM c AS b\nFROM b", "c"),
}


@pytest.mark.parametrize(("text", "base"), BASES.values(), ids=BASES.keys())
def test_the_base_image(text: str, base: str) -> None:
    assert read(text).base == base


def test_a_build_argument_wins_over_the_default() -> None:
    text = "ARG TAG=20\nFROM node:$TAG\nARG PORT=80\nARG TAG\nENV V=$TAG\nEXPOSE $PORT"
    found = read(text, args={"TAG": "22", "PORT": "81"})
    assert (found.base, found.exposes, found.env) == ("node:22", (81,), {"V": "22"})


def test_a_build_argument_without_a_value_leaves_the_default() -> None:
    assert read("FROM a\nARG PORT=80\nEXPOSE $PORT", args={"PORT": None}).exposes == (80,)


def test_a_build_argument_that_is_not_declared_is_unknown() -> None:
    assert read("FROM a\nEXPOSE ${PORT:-80}", args={"PORT": "81"}).exposes == (80,)


def test_a_global_argument_is_unknown_to_a_stage_that_does_not_declare_it() -> None:
    assert read("ARG PORT=80\nFROM a\nEXPOSE ${PORT:-81}").exposes == (81,)
    assert read("ARG PORT=80\nFROM a\nARG PORT\nEXPOSE ${PORT:-81}").exposes == (80,)


TARGETS = {
    "by name": ("dev", "b"),
    "by name in capitals": ("DEV", "b"),
    "by number": ("0", "a"),
    "the last": (None, "c"),
}


@pytest.mark.parametrize(("target", "base"), TARGETS.values(), ids=TARGETS.keys())
def test_the_target_stage(target: str | None, base: str) -> None:
    assert read("FROM a AS deps\nFROM b AS dev\nFROM c AS prod", target=target).base == base


def test_a_target_that_is_not_there_is_no_image() -> None:
    assert read_dockerfile("/nowhere", None, "dev", "FROM a AS prod", {}) is None


WORKDIRS = {
    "absolute": ("FROM a\nWORKDIR /app", "/app"),
    "relative to the one before": ("FROM a\nWORKDIR /app\nWORKDIR src/../api", "/app/api"),
    "with a variable": ("FROM a\nENV HOME=/srv\nWORKDIR $HOME/api", "/srv/api"),
    "in quotes": ('FROM a\nWORKDIR "/my app"', "/my app"),
    "that of the stage below": ("FROM a AS base\nWORKDIR /app\nFROM base", "/app"),
    "not that of a stage beside": ("FROM a AS base\nWORKDIR /app\nFROM b", "/"),
    "the image's own, where it is known": ("FROM docker.io/library/php:8-apache", "/var/www/html"),
    "relative to the image's own": ("FROM golang:1.22\nWORKDIR src", "/go/src"),
}


@pytest.mark.parametrize(("text", "workdir"), WORKDIRS.values(), ids=WORKDIRS.keys())
def test_the_working_directory(text: str, workdir: str) -> None:
    assert read(text).workdir == workdir


VARIABLES = {
    "one": ("ENV A=b", {"A": "b"}),
    "several, quoted": ("ENV A=\"b c\" D='e $A' F=g\\ h", {"A": "b c", "D": "e $A", "F": "g h"}),
    "the old form": ("ENV A b  c", {"A": "b  c"}),
    "an earlier one": ("ENV A=b\nENV C=$A-${A}", {"A": "b", "C": "b-b"}),
    "not one of the same instruction": ("ENV A=b C=$A", {"A": "b", "C": ""}),
    "ENV wins over ARG": ("ARG A=1\nENV A=2\nENV B=$A", {"A": "2", "B": "2"}),
    "an alternative": ("ENV A=b\nENV C=${A:+x} D=${N:+x} E=${N:-y$A}", {"A": "b", "C": "x", "D": "", "E": "yb"}),
    "an escaped dollar": ("ENV A=\\$B", {"A": "$B"}),
}


@pytest.mark.parametrize(("text", "env"), VARIABLES.values(), ids=VARIABLES.keys())
def test_environment_variables(text: str, env: dict[str, str]) -> None:
    assert read("FROM a\n" + text).env == env


SHELL = ("/bin/sh", "-c")
COMMANDS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    # the text, then CMD and ENTRYPOINT
    "the exec form": ('CMD ["a", "--port", "80"]', ("a", "--port", "80"), ()),
    "the shell form": ("CMD a --port $PORT", (*SHELL, "a --port $PORT"), ()),
    "a list that is no JSON is a shell's": ("CMD ['a']", (*SHELL, "['a']"), ()),
    "the last counts": ("CMD a\nCMD b", (*SHELL, "b"), ()),
    "an entrypoint beside": ('ENTRYPOINT ["e"]\nCMD ["a"]', ("a",), ("e",)),
    "another shell": ('SHELL ["/bin/bash", "-c"]\nCMD a', ("/bin/bash", "-c", "a"), ()),
    "over continued lines": ('CMD ["a", \\\n "b"]', ("a", "b"), ()),
    "that of the stage below": ("CMD a\nFROM base", (*SHELL, "a"), ()),
    "an entrypoint does away with it": ("CMD a\nFROM base\nENTRYPOINT e", (), (*SHELL, "e")),
    "but not with the stage's own": ("FROM base\nCMD a\nENTRYPOINT e", (*SHELL, "a"), (*SHELL, "e")),
}


@pytest.mark.parametrize(("text", "command", "entrypoint"), COMMANDS.values(), ids=COMMANDS.keys())
def test_command_and_entrypoint(text: str, command: tuple[str, ...], entrypoint: tuple[str, ...]) -> None:
    found = read("FROM a AS base\n" + text)
    assert (found.command, found.entrypoint) == (command, entrypoint)


PLACED: dict[str, tuple[str, tuple[str, ...]]] = {
    "copied by name to a folder": ("COPY .env /app/", ("/app/.env",)),
    "copied under another name": ("COPY .env /app/settings", ("/app/settings",)),
    "copied to where the build stands": ("WORKDIR /app\nCOPY .env .", ("/app/.env",)),
    "copied to a relative folder": ("WORKDIR /app\nCOPY .env conf/", ("/app/conf/.env",)),
    "copied to a folder that is there, without a slash": ("WORKDIR /app\nCOPY .env /app", ("/app/.env",)),
    "copied to a folder of every image": ("COPY .env /etc", ("/etc/.env",)),
    "the whole context": ("WORKDIR /app\nCOPY . .", ("/app/.env",)),
    "the whole context by ADD": ("ADD ./ /srv", ("/srv/.env",)),
    "among several sources": ("COPY package.json .env* /app/", ("/app/.env",)),
    "a star takes hidden files too": ("COPY * /app/", ("/app/.env",)),
    "by the exec form": ('COPY ["package.json", ".env", "/my app/"]', ("/my app/.env",)),
    "with flags": ("COPY --chown=a:b --chmod=600 --link .env /app/", ("/app/.env",)),
    "by a variable": ("ARG FILE=.env\nCOPY $FILE /app/", ("/app/.env",)),
    "at two places": ("COPY .env /a/\nCOPY . /b/", ("/a/.env", "/b/.env")),
    "in the stage below": ("COPY .env /app/\nFROM base", ("/app/.env",)),
    "brought from another stage": ("COPY .env /app/\nFROM b\nCOPY --from=base /app /srv", ("/srv/.env",)),
    "brought by its number": ("COPY .env /app/\nFROM b\nCOPY --from=0 /app/.env /srv/", ("/srv/.env",)),
    "through two stages": (
        "COPY . /a\nFROM b AS mid\nCOPY --from=base /a /b\nFROM c\nCOPY --from=mid /b /c",
        ("/c/.env",),
    ),
    "with its parents": ("COPY --parents ./.env /app/", ("/app/.env",)),
    "moved": ("COPY . /app\nRUN mv /app/.env /app/.env.old", ("/app/.env.old",)),
    "copied again": ("WORKDIR /app\nCOPY . .\nRUN cp .env a/ && cp .env b", ("/app/.env", "/app/a/.env", "/app/b")),
    "moved with its folder": ("COPY . /a\nRUN mkdir -p /b && mv /a /b/", ("/b/a/.env",)),
    "copied with what is in its folder": ("COPY . /a\nRUN cp -r /a/. /b/", ("/a/.env", "/b/.env")),
    "left where others are removed": ("COPY . /app\nRUN rm -rf /app/src /tmp/* && rm .env.dev", ("/app/.env",)),
    "left by a star of the shell": ("WORKDIR /app\nCOPY . .\nRUN rm -rf *", ("/app/.env",)),
    "left by a command under a condition": ("COPY . /app\nRUN if [ -n \"$X\" ]; then rm /app/.env; fi", ("/app/.env",)),
    "left by a command behind ||": ("WORKDIR /app\nCOPY . .\nRUN test -f .env || cp .env.example .env", ("/app/.env",)),
    "left by a variable": ("ENV HOME=/app\nCOPY . /app\nRUN rm ${HOME}/.env", ("/app/.env",)),
    "left by a RUN with a condition": ("WORKDIR /app\nCOPY . .\nRUN if a; then b; fi; rm .env", ("/app/.env",)),
    "left when written to": ("WORKDIR /app\nCOPY . .\nRUN printf 'A=b' > .env", ("/app/.env",)),
    "left when appended to": ("COPY . /app\nRUN echo X=1 >> /app/.env", ("/app/.env",)),
    "left when errors go elsewhere": ("COPY . /app\nRUN a 2>/dev/null >&2", ("/app/.env",)),
    "left by cp -n": ("WORKDIR /app\nCOPY . .\nRUN cp -n .env.example .env", ("/app/.env",)),
    "not copied": ("COPY package.json /app/", ()),
    "not copied with another folder": ("COPY src /app/", ()),
    "not by a pattern that does not fit": ("COPY *.js .env?* /app/", ()),
    "not with another stage's files": ("FROM b\nCOPY --from=base /app /app", ()),
    "not from an image": ("COPY --from=nginx:latest . /app/", ()),
    "dropped by a later stage": ("COPY . /app\nFROM b\nCOPY --from=base /app/dist /app", ()),
    "dropped by a stage that takes other files": ("COPY . /app\nFROM b\nCOPY --from=base /app/package.json /app/", ()),
    "excluded": ("COPY --exclude=.env . /app", ()),
    "mounted for a RUN only": ("RUN --mount=type=bind,source=.env,target=/app/.env build", ()),
    "replaced by another file": ("WORKDIR /app\nCOPY . .\nCOPY .env.production .env", ()),
    "replaced by one of the same name": ("COPY . /app/\nCOPY deploy/.env /app/", ()),
    "replaced by a here-document": ("COPY . /app\nCOPY <<EOF /app/.env\nA=b\nEOF", ()),
    "replaced in a RUN": ("WORKDIR /app\nCOPY . .\nRUN cp .env.example .env", ()),
    "removed": ("WORKDIR /app\nCOPY . .\nRUN rm -f .env", ()),
    "removed by a pattern": ("WORKDIR /app\nCOPY . .\nRUN yarn build && rm .env* && yarn cache clean", ()),
    "removed in a folder that cd goes to": ("COPY . /app\nRUN cd /app && rm .env", ()),
    "removed with its folder": ("COPY . /app\nRUN rm -rf /app", ()),
    "removed by the exec form": ('COPY . /app\nRUN ["rm", "/app/.env"]', ()),
    "removed in a here-document": ("WORKDIR /app\nCOPY . .\nRUN <<EOF\nset -e\nrm .env\nEOF", ()),
    "removed over continued lines": ("WORKDIR /app\nCOPY . .\nRUN yarn build \\\n # why\n && rm .env", ()),
}  # fmt: skip


@pytest.mark.parametrize(("text", "places"), PLACED.values(), ids=PLACED.keys())
def test_where_the_env_file_lies_in_the_image(text: str, places: tuple[str, ...]) -> None:
    found = read("FROM a AS base\n" + text)
    assert placed(found, "/nowhere", "/nowhere/.env") == places


BELOW: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "a folder's files lie in the target": ("COPY backend /app", "backend/.env", ("/app/.env",)),
    "a slash makes no difference": ("COPY backend/ /app/", "backend/.env", ("/app/.env",)),
    "nor does a pattern": ("COPY back* /app/", "backend/.env", ("/app/.env",)),
    "deeper ones keep their folders": ("COPY backend /app", "backend/conf/dev/.env", ("/app/conf/dev/.env",)),
    "the whole context keeps them": ("COPY . /app", "backend/.env", ("/app/backend/.env",)),
    "a file alone loses them": ("COPY backend/.env /app/", "backend/.env", ("/app/.env",)),
    "unless told to keep them": ("COPY --parents backend/.env /app/", "backend/.env", ("/app/backend/.env",)),
    "or some of them": ("COPY --parents a/./b /app/", "a/b/.env", ("/app/b/.env",)),
    "a star does not cross folders": ("COPY *.env /app/", "backend/x.env", ()),
    "a template becomes the env file in the image": ("COPY .env.example /app/.env", ".env.example", ("/app/.env",)),
    "also in a RUN": ("COPY . /app\nRUN cd /app && cp .env.dev .env", ".env.dev", ("/app/.env", "/app/.env.dev")),
    "a file beside the context is not in the image": ("COPY . /app", "../.env", ()),
    "a folder whose name begins alike is another": ("COPY backend /app", "backend2/.env", ()),
}  # fmt: skip


@pytest.mark.parametrize(("text", "path", "places"), BELOW.values(), ids=BELOW.keys())
def test_where_a_file_of_a_folder_lies(text: str, path: str, places: tuple[str, ...]) -> None:
    assert placed(read("FROM a\n" + text), "/nowhere/x", os.path.join("/nowhere/x", path)) == places


IGNORED: dict[str, tuple[str, str, bool]] = {
    "the name": (".env", ".env", True),
    "the name at the root only": (".env", "api/.env", False),
    "at any depth": ("**/.env", "a/b/.env", True),
    "at any depth, the root too": ("**/.env", ".env", True),
    "a star stays in its folder": ("*/.env", "a/.env", True),
    "and does not cross another": ("*/.env", "a/b/.env", False),
    "a star takes hidden files": ("*", ".env", True),
    "a pattern for the name": (".env*", ".env.local", True),
    "a question mark is one character": (".en?", ".env", True),
    "a class of characters": (".en[u-w]", ".env", True),
    "a class that excludes": (".en[^v]", ".env", False),
    "everything below a folder": ("api", "api/conf/.env", True),
    "a folder with a slash": ("api/", "api/.env", True),
    "a path from the root": ("/.env", ".env", True),
    "with a dot before": ("./api/../.env", ".env", True),
    "two stars at the end": ("api/**", "api/a/.env", True),
    "two stars in the middle": ("a/**/.env", "a/.env", True),
    "an exception": ("*\n!.env", ".env", False),
    "the last that fits wins": ("!.env\n.env", ".env", True),
    "an exception within an ignored folder": ("api\n!api/.env", "api/.env", False),
    "an exception for another file": (".env*\n!.env.example", ".env", True),
    "an exception for this file": (".env*\n!.env.example", ".env.example", False),
    "an exception with a blank behind the mark": (".env\n! .env", ".env", False),
    "a comment": ("# .env\n#.env", ".env", False),
    "an indented # is a name": (" #.env", "#.env", True),
    "blanks round a pattern": ("  .env \t\r\n", ".env", True),
    "a byte-order mark": ("\ufeff.env", ".env", True),
    "an escaped star is a star": ("\\*", ".env", False),
    "a dot is a dot": ("xenv", ".env", False),
    "another file": (".env.local\n.envrc", ".env", False),
    "small letters are others": (".ENV", ".env", False),
}


@pytest.mark.parametrize(("text", "path", "ignored"), IGNORED.values(), ids=IGNORED.keys())
def test_the_ignore_file(text: str, path: str, ignored: bool) -> None:
    assert is_ignored(path, ignore_patterns(text)) is ignored


def as_regular_expression(pattern: str) -> str:
    """How moby's patternmatcher translates a pattern."""
    translated = {"**": "(.*/)?", "**/": "(.*/)?", "*": "[^/]*", "?": "[^/]"}
    tokens = re.findall(r"\*\*/?|.", pattern)
    last = ".*" if tokens and tokens[-1].startswith("**") else ""
    return "".join(translated.get(token, re.escape(token)) for token in (tokens[:-1] if last else tokens)) + last


@given(st.text("ab/*?", max_size=8), st.text("ab/", max_size=10))
def test_patterns_fit_as_the_regular_expression_would(pattern: str, path: str) -> None:
    assert matches(pattern, path) is (re.fullmatch(as_regular_expression(pattern), path) is not None)


def build(folder: Path, **files: str) -> Dockerfile | None:
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content)
    return read_dockerfile(str(folder), None, None, None, {})


def test_the_ignore_file_of_the_context_keeps_a_file_out(tmp_path: Path) -> None:
    found = build(tmp_path, Dockerfile="FROM a\nCOPY . /app", __dockerignore=".env\n")
    assert found is not None
    assert placed(found, str(tmp_path), str(tmp_path / ".env")) == ()
    assert placed(found, str(tmp_path), str(tmp_path / ".env.dev")) == ("/app/.env.dev",)


def test_the_dockerfiles_own_ignore_file_comes_first(tmp_path: Path) -> None:
    found = build(tmp_path, Dockerfile="FROM a\nCOPY . /app", __dockerignore=".env\n", Dockerfile__dockerignore="x\n")
    assert found is not None
    assert placed(found, str(tmp_path), str(tmp_path / ".env")) == ("/app/.env",)


def test_an_inline_dockerfile_takes_the_ignore_file_of_the_context(tmp_path: Path) -> None:
    (tmp_path / ".dockerignore").write_text(".env\n")
    (tmp_path / "Dockerfile.dockerignore").write_text("x\n")
    found = read_dockerfile(str(tmp_path), None, None, "FROM a\nCOPY . /app", {})
    assert found is not None
    assert placed(found, str(tmp_path), str(tmp_path / ".env")) == ()


def test_the_dockerfile_is_found_relative_to_the_context(tmp_path: Path) -> None:
    (tmp_path / "docker").mkdir()
    (tmp_path / "api").mkdir()
    (tmp_path / "docker" / "api.Dockerfile").write_text("FROM a")
    (tmp_path / "docker" / "api.Dockerfile.dockerignore").write_text(".env")
    found = read_dockerfile(str(tmp_path / "api"), "../docker/api.Dockerfile", None, None, {})
    assert found is not None
    assert (found.path, found.ignored) == (str(tmp_path / "docker" / "api.Dockerfile"), (".env",))


def test_a_dockerfile_in_small_letters_is_found(tmp_path: Path) -> None:
    found = build(tmp_path, dockerfile="FROM a")
    assert found is not None
    assert found.base == "a"


def test_what_is_not_there_or_not_here_is_no_dockerfile(tmp_path: Path) -> None:
    assert read_dockerfile(str(tmp_path), None, None, None, {}) is None
    assert read_dockerfile(str(tmp_path), "other", None, None, {}) is None
    (tmp_path / "Dockerfile").mkdir()
    assert read_dockerfile(str(tmp_path), None, None, None, {}) is None
    for remote in ("https://github.com/a/b.git", "git@github.com:a/b", "github.com/a/b", "ssh://h/r"):
        assert read_dockerfile(remote, None, None, None, {}) is None
    assert read_dockerfile(str(tmp_path), None, None, "# nothing\n", {}) is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_in_the_place_of_a_dockerfile_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "Dockerfile")
    assert read_dockerfile(str(tmp_path), None, None, None, {}) is None


HOSTILE = {
    "values that double": "FROM a\nENV A=xxxxxxxxxxxxxxxx\n" + "ENV A=$A$A\n" * 500,
    "a value many times": "FROM a\nENV A=" + "x" * 60_000 + "\nENV B=" + "$A" * 100_000,
    "a working directory that grows": "FROM a\n" + "WORKDIR aaaaaaaa\n" * 20_000,
    "all ports many times": "FROM a\n" + "EXPOSE 1-65535\n" * 5_000,
    "many ranges": "FROM a\n" + "EXPOSE 1000-1999\n" * 5_000,
    "stages without end": "".join(f"FROM s{number - 1} AS s{number}\n" for number in range(20_000)),
    "copies from stage to stage": "FROM a AS s0\nCOPY . /\n"
    + "".join(f"FROM a AS s{n + 1}\nCOPY --from=s{n} / /a/\nCOPY --from=s{n} / /b/\n" for n in range(100)),
    "copies in a RUN": "FROM a\nCOPY . /a\nRUN " + " && ".join(f"cp -r /a /a/b{number}" for number in range(1_000)),
    "a long pattern": "FROM a\nCOPY " + "*a" * 10_000 + " /app/",
    "a pattern of many brackets": "FROM a\nCOPY " + "[" * 500_000 + " /app/",
    "a RUN of many quotes": "FROM a\nRUN rm " + "'" * 50_001,
    "variables nested deep": "FROM a\nENV A=" + "${B:-" * 10_000 + "}" * 10_000,
    "a list nested deep": "FROM a\nCMD " + "[" * 100_000,
    "here-documents that never end": "FROM a\n" + "RUN <<EOF\n" * 50_000,
    "continued lines without end": "FROM a\nRUN x" + " \\\n" * 200_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_dockerfile_costs_seconds_at_most(text: str) -> None:
    start = time.process_time()
    found = read_dockerfile("/nowhere", None, None, text, {})
    if found is not None:
        placed(found, "/nowhere", "/nowhere/" + "a" * 200 + "/.env")
    assert time.process_time() - start < 10


@pytest.mark.slow
def test_a_hostile_ignore_file_costs_seconds_at_most() -> None:
    path = "/".join(["a" * 50] * 20) + "/.env"
    for pattern in ("*a" * 1_000, "**/a" * 1_000, "**/*a*" * 500, "[" * 4_000, "**" * 2_000, "[" * 1_000_000):
        start = time.process_time()
        is_ignored(path, ignore_patterns(f"{pattern}b\n" * 50))
        assert time.process_time() - start < 10
