"""Which loader a program has, and what that loader makes of an address."""

from __future__ import annotations

from io import StringIO

import pytest
from dotenv.parser import parse_stream

from envfix.envfile import parse_env
from envfix.loaders.choice import loaders_of, runtime_of
from envfix.loaders.table import LOADERS
from envfix.loaders.witness import Testimony, witness

CHOICES: dict[str, tuple[str, dict[str, str], str, set[str]]] = {
    "node with dotenv": ("node server.js", {"package.json": '{"dependencies": {"dotenv": "^16"}}'}, "node", {"dotenv"}),
    "node alone": ("node server.js", {"package.json": "{}"}, "node", {"dotenv", "dotenv-expand", "node"}),
    "node with its own flag": (
        "node --env-file=.env server.js",
        {"package.json": '{"dependencies": {"dotenv": "^16"}}'},
        "node",
        {"node"},
    ),
    "node's flag behind others": ("sh -c exec node --watch --env-file=.env node.js", {}, "node", {"node"}),
    "a flag that is not node's": ("run --env-file .env node a.js", {}, "node", {"dotenv", "dotenv-expand", "node"}),
    "dotenv-cli": ("dotenv -e .env -- node a.js", {}, "node", {"dotenv-expand"}),
    "dotenv-cli with several files": ("npx dotenv -e .env -e .env.local -- node a.js", {}, "node", {"dotenv-expand"}),
    "dotenv-cli without options": ("dotenv -- node a.js", {}, "node", {"dotenv-expand"}),
    "an option of no use": ("dotenv -e -- node a.js", {}, "node", {"dotenv", "dotenv-expand", "node"}),
    "next": ("npm run dev", {"package.json": '{"dependencies": {"next": "15.1.0"}}'}, "node", {"dotenv-expand"}),
    "vite 7": ("npm run dev", {"package.json": '{"devDependencies": {"vite": "^7.1"}}'}, "node", {"dotenv-expand"}),
    "vite 8": ("npm run dev", {"package.json": '{"devDependencies": {"vite": "^8.0"}}'}, "node", {"node"}),
    "adonis": (
        "node bin/server.js",
        {"package.json": '{"dependencies": {"@adonisjs/core": "6"}}'},
        "node",
        {"dotenv-expand"},
    ),
    "adonis with vite 8": (
        "node bin/server.js",
        {"package.json": '{"dependencies": {"@adonisjs/core": "6"}, "devDependencies": {"vite": "^8.0"}}'},
        "node",
        {"dotenv-expand"},
    ),
    "bun's command": ("bun run index.ts", {"package.json": "{}"}, "bun", {"bun"}),
    "deno's command": ("deno run --env-file -A main.ts", {}, "deno", {"deno"}),
    "laravel": (
        "php-fpm",
        {
            "composer.json": '{"require": {"laravel/framework": "^11"}}',
            "package.json": '{"dependencies": {"vite": "^5"}}',
        },
        "php",
        {"phpdotenv"},
    ),
    "symfony": ("", {"composer.json": '{"require": {"symfony/runtime": "7.0"}}'}, "php", {"symfony"}),
    "php alone": ("", {}, "php", {"phpdotenv", "symfony"}),
    "go": ("/app/server", {"go.mod": "require github.com/joho/godotenv v1.5.1"}, "go", {"godotenv"}),
    "rust": ("", {"Cargo.toml": '[dependencies]\ndotenvy = "0.15"'}, "rust", {"dotenvy"}),
    "rails": ("bin/rails s", {"Gemfile": "gem 'dotenv-rails'"}, "ruby", {"ruby"}),
    "django with environ": ("", {"requirements.txt": "django-environ==0.11"}, "python", {"django-environ"}),
    "python": ("uvicorn main:app", {"requirements.txt": "fastapi"}, "python", {"python-dotenv"}),
}


@pytest.mark.parametrize("choice", CHOICES)
def test_command_manifest_and_runtime_tell_the_loader(choice: str) -> None:
    command, manifests, runtime, names = CHOICES[choice]
    assert {loader.name for loader in loaders_of(command, manifests, runtime)} == names


def test_where_nothing_tells_every_loader_is_a_witness() -> None:
    assert len(loaders_of("", {}, None)) > 8


def test_an_older_node_is_told_by_its_tag() -> None:
    assert [one.name for one in loaders_of("node --env-file=.env a.js", {}, "node", "node:20-alpine")] == ["node 20"]


@pytest.mark.parametrize(
    ("texts", "runtime"),
    [
        (("php:8.3-fpm-alpine",), "php"),
        (("docker.io/library/node:22", "npm start"), "node"),
        (("ghcr.io/acme/gateway:1", "python manage.py runserver"), "python"),
        (("denoland/deno:2.1.4",), "deno"),
        (("oven/bun:1",), "bun"),
        (("golang:1.23",), "go"),
        (("mcr.microsoft.com/dotnet/aspnet:8.0",), "dotnet"),
        (("eclipse-temurin:21-jre",), "java"),
        (("nginx:alpine",), "static"),
        (("alpine:3.20", "/app/server"), None),
        (("acme/gopher",), None),
    ],
)
def test_image_and_command_tell_the_runtime(texts: tuple[str, ...], runtime: str | None) -> None:
    assert runtime_of(*texts) == runtime


def verdict(text: str, *loaders: str) -> Testimony:
    document = parse_env(text.encode(), ".env")
    binding = next(one for one in document.bindings if one.name == "A")
    start = text.index("localhost", binding.value_start)
    end = start + len("localhost:6379")
    return witness(document, binding, [(start, end)], [LOADERS[name] for name in loaders])


SEEN = {
    "plain": ("A=redis://localhost:6379\n", ("dotenv", "node", "deno", "symfony", "godotenv")),
    "a hash behind the address": ("A=redis://localhost:6379/#1\n", ("dotenv", "godotenv")),
    "a hash in quotes": ('A="redis://:a#b@localhost:6379"\n', ("dotenv", "phpdotenv", "deno")),
    "a hash in a password, where a blank must stand before it": (
        "A=redis://:a#b@localhost:6379\n",
        ("symfony", "godotenv", "dotenvy", "python-dotenv"),
    ),
    "nobody loads the file": ("A=redis://:a#b@localhost:6379\n", ()),
    "a variable in the password": ("A='redis://:a$b@localhost:6379'\n", ("bun", "deno")),
    "a loader that refuses the file": ("A: b\nA=redis://localhost:6379\n", ("symfony", "phpdotenv")),
}
UNSEEN = {
    "a hash in a password": ("A=redis://:a#b@localhost:6379\n", ("dotenv",), "put the value in quotes"),
    "one of two loaders": ("A=redis://:a#b@localhost:6379\n", ("godotenv", "ruby"), "put the value in quotes"),
    "a colon": ("A: redis://localhost:6379\n", ("node",), 'write A="..."'),
    "text behind quotes": ('A="redis://localhost:6379" x\n', ("python-dotenv",), "reads no variable here"),
    "a variable right behind": ("A='redis://localhost:6379$B'\n", ("bun",), "otherwise than Docker Compose"),
}


@pytest.mark.parametrize("case", SEEN)
def test_an_address_that_the_loader_sees_agrees(case: str) -> None:
    text, loaders = SEEN[case]
    assert verdict(text, *loaders).agrees


@pytest.mark.parametrize("case", UNSEEN)
def test_an_address_that_it_does_not_see_is_told_with_what_helps(case: str) -> None:
    text, loaders, said = UNSEEN[case]
    found = verdict(text, *loaders)
    assert not found.agrees
    assert said in found.why


@pytest.mark.parametrize(
    ("text", "loader", "said"),
    [
        ("\ufeffA=redis://localhost:6379\n", "deno", "byte-order mark"),
        ("B= \nA=redis://localhost:6379\n", "node", "the value of B (line 1)"),
    ],
)
def test_what_hides_the_whole_line_is_a_warning_and_the_change_is_right(text: str, loader: str, said: str) -> None:
    found = verdict(text, loader)
    assert found.agrees
    assert said in found.warnings[0]


def test_what_differs_beside_the_address_is_a_warning() -> None:
    found = verdict("A=redis://localhost:6379/#1\n", "dotenv")
    assert found.agrees
    assert "another value" in found.warnings[0]
    assert "refuses the whole file, for line 1" in verdict("A: b\nA=localhost:6379\n", "symfony").warnings[0]


AGREE: dict[str, tuple[bytes, bool, bool]] = {
    # what stands there: (text, the same value, the same span)
    "a plain value": (b"A=b\n", True, True),
    "with export, blanks and a comment": (b"export A = b # c\r\n", True, True),
    "in single quotes": (b"A='b # c'\n", True, True),
    "in double quotes, over lines": (b'A="b\nc" # d\n', True, True),
    "an escaped quote": (rb"A='it\'s'" + b"\n", True, True),
    "a line break as escape": (rb'A="b\nc"' + b"\n", True, True),
    "a backslash in no quotes": (rb"A=b\nc" + b"\n", True, True),
    "one in single quotes": (rb"A='b\nc'" + b"\n", True, True),
    "a template, which is not yet interpolated": (b"A=${B:-c}$D\n", True, True),
    "an empty value": (b"A=\n", True, True),
    "a name alone": (b"A\nB=c\n", True, True),
    "behind a byte-order mark": (b"\xef\xbb\xbfA=b\n", True, True),
    "below a byte-order mark": (b"\xef\xbb\xbfX=c\nA=b\n", True, True),
    "behind lines that python-dotenv drops": (b"X: y\nZ='a'b\nA=b\n", True, True),
    "two backslashes in single quotes": (rb"A='b\\c'" + b"\n", False, True),
    "an escaped dollar": (rb'A="b\$c"' + b"\n", False, True),
    "an octal escape": (rb'A="b\0101c"' + b"\n", False, True),
    "a comment alone": (b"A= # c\n", False, False),
    "a tab before the comment": (b"A=b\t# c\n", False, False),
    "an assignment with a colon": (b"A: b\n", False, False),
    "the second statement of a line": (b"B='c' A=b\n", False, False),
    "another name, since a no-break space ends export": ("export\u00a0A=b\n".encode(), False, False),
    "junk behind the quotes": (b"A='b'c\n", False, False),
    "a carriage return within the value": (b"A=b\rc\n", False, False),
    "the value of no name": (b"B=c\nA", False, False),
}


@pytest.mark.parametrize(("text", "value", "span"), AGREE.values(), ids=AGREE.keys())
def test_a_whole_value_is_seen_as_python_dotenv_sees_it(text: bytes, value: bool, span: bool) -> None:
    document = parse_env(text, ".env")
    one = next((one for one in document.bindings if one.name == "A"), document.bindings[-1])
    seen = next((there for there in parse_stream(StringIO(document.text, newline="")) if there.key == one.name), None)
    assert (seen is not None and seen.value == one.value) is value
    if one.value:
        loader = LOADERS["python-dotenv"]
        assert witness(document, one, [(one.value_start, one.value_end)], [loader]).agrees is span
