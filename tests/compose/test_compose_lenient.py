"""What Compose refuses and a diagnosis need not: warnings with their place. And what ends a reading in any case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from compared import fresh

from envfix.compose import Port, Project, load_project
from envfix.errors import EnvfixError


def load(tmp_path: Path, files: dict[str, str], **options: Any) -> Project:
    root = fresh(tmp_path)
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8", newline="")
    return load_project(root, environ={}, **options)


TOLD = {
    "a missing env_file": (
        "services:\n  a:\n    image: i\n    env_file: no.env\n    environment: {A: 1}\n",
        (4, "the env_file no.env does not exist"),
        lambda a: a.environment == {"A": "1"} and not a.env_files[0].found,
    ),
    "a required variable that is unset becomes empty": (
        "services:\n  a:\n    image: i\n    environment:\n      A: x${U:?say it}y\n",
        (5, "required variable U"),
        lambda a: a.environment == {"A": "xy"},
    ),
    "a published port that is left empty is the engine's choice": (
        "services:\n  a:\n    image: i\n    ports:\n      - ${P:?}:80\n",
        (5, "required variable P"),
        lambda a: a.ports == (Port(80, None, "tcp", None),),
    ),
    "a container port that is left empty": (
        "services:\n  a:\n    image: i\n    ports:\n      - 81:81\n      - 80:${P}\n",
        (6, "no container port is given: set P in the shell"),
        lambda a: a.ports == (Port(81, "81", "tcp", None),),
    ),
    "one that is left empty beside a variable with a default": (
        "services:\n  a:\n    image: i\n    ports:\n      - ${H:-8080}:${P}\n",
        (5, "no container port is given: set P in the shell"),
        lambda a: a.ports == (),
    ),
    "a text that a variable puts into a port": (
        "services:\n  a:\n    image: i\n    ports: ['${P:-http}:80', 81]\n",
        (4, "is no number"),
        lambda a: [port.target for port in a.ports] == [81],
    ),
    "a volume that is left without a source": (
        "services:\n  a:\n    image: i\n    volumes:\n      - ${V}:/data\n      - ./x:/x\n",
        (5, "empty: set V in the shell"),
        lambda a: [mount.target for mount in a.volumes] == ["/x"],
    ),
    "an image that is left empty": (
        "services:\n  a:\n    image: ${I}\n    ports: [80:80]\n",
        (3, "neither an image nor a build"),
        lambda a: a.image is None and len(a.ports) == 1,
    ),
    "an unknown key of a service": (
        "services:\n  a:\n    image: i\n    enviroment: {A: 1}\n    environment: {B: 1}\n",
        (4, "enviroment is not known"),
        lambda a: a.environment == {"B": "1"} and "enviroment" not in a.raw,
    ),
    "a wrong type where it does not matter": (
        "services:\n  a:\n    image: i\n    mem_limit: [lots]\n    restart: always\n",
        (4, "mem_limit must be"),
        lambda a: a.restart == "always",
    ),
    "a key that was left without its list": (
        "services:\n  a:\n    image: i\n    ports:\n    # - 80:80\n",
        (4, "ports must be a list, and is empty"),
        lambda a: a.ports == (),
    ),
    "an interval without its unit": (
        "services:\n  a:\n    image: i\n    healthcheck:\n      test: [CMD, x]\n      interval: '30'\n",
        (6, "with its unit"),
        lambda a: a.healthcheck == {"test": ["CMD", "x"]},
    ),
    "an undeclared network": (
        "services:\n  a:\n    image: i\n    networks: [nope]\n",
        (4, "network nope"),
        lambda a: a.networks == {"nope": ()},
    ),
    "a dependency on nothing": (
        "services:\n  a:\n    image: i\n    depends_on: [nope]\n",
        (4, "nope, which is not defined"),
        lambda a: a.depends_on == {"nope": "service_started"},
    ),
    "a command that is no command line": (
        "services:\n  a:\n    image: i\n    command: echo 'open\n",
        (4, "no command line"),
        lambda a: a.command == ("echo 'open",),
    ),
    "a service left empty beside another": (
        "services:\n  a:\n    image: i\n  b:\n",
        (4, "services.b must be a mapping"),
        lambda a: a.image == "i",
    ),
    "a version that is a number": (
        "version: 3.8\nservices:\n  a:\n    image: i\n",
        (1, "version must be a text"),
        lambda a: a.image == "i",
    ),
    "a remote include is not fetched": (
        "include:\n  - https://github.com/x/y.git\n  - oci://example.com/z\nservices:\n  a:\n    image: i\n",
        (2, "not fetched"),
        lambda a: a.image == "i",
    ),
}


@pytest.mark.parametrize(("text", "told", "holds"), TOLD.values(), ids=TOLD)
def test_a_diagnosis_goes_on_with_a_warning(text: str, told: tuple[int, str], holds: Any, tmp_path: Path) -> None:
    project = load(tmp_path, {"compose.yaml": text})
    assert holds(project.services["a"])
    line, words = told
    compose = str(tmp_path / "project" / "compose.yaml")
    assert [notice for notice in project.warnings if notice[:2] == (compose, line) and words in notice.message]


def test_a_container_name_of_two_active_services_is_told(tmp_path: Path) -> None:
    text = "services:\n  a: {image: i, container_name: same}\n  b: {image: i, container_name: same}\n"
    project = load(tmp_path, {"compose.yaml": text})
    assert [notice.line for notice in project.warnings] == [3]
    assert set(project.services) == {"a", "b"}


def test_a_folder_whose_name_compose_would_not_take_is_read(tmp_path: Path) -> None:
    root = tmp_path / "日本"
    root.mkdir()
    (root / "compose.yaml").write_text("services: {a: {image: i}}")
    assert load_project(root, environ={}).name == "project"
    with pytest.raises(EnvfixError, match="give one with -p"):
        load_project(root, environ={}, strict=True)


def test_each_warning_is_given_once(tmp_path: Path) -> None:
    text = "x-base: &base {image: i, mem: 1}\nservices: {a: *base, b: *base, c: {extends: a}}\n"
    project = load(tmp_path, {"compose.yaml": text})
    assert len(project.warnings) == len(set(project.warnings)) == 3


ENDS = {
    "malformed YAML": ({"compose.yaml": "services:\n  a: {image: i\n"}, 3, "not YAML"),
    "a binary that is none": ({"compose.yaml": "services:\n  a:\n    image: !!binary \u00e9\n"}, 3, "no base64"),
    "a port that is no port": ({"compose.yaml": "services:\n  a:\n    image: i\n    ports: [http]\n"}, 4, "ports"),
    "an environment that is none": (
        {"compose.yaml": "services:\n  a:\n    environment: x\n"},
        3,
        "environment must be",
    ),
    "an item of an environment that is a mapping": (
        {"compose.yaml": "services:\n  a:\n    environment:\n      - A: b\n"},
        4,
        "put the item in quotes",
    ),
    "services that are a list": ({"compose.yaml": "services:\n  - a\n"}, 1, "services must be a mapping"),
    "a file of the first version": ({"compose.yaml": "web:\n  image: i\n"}, 1, "web is not known"),
    "a malformed template": ({"compose.yaml": "services:\n  a:\n    image: ${X.Y}\n"}, 3, "invalid interpolation"),
    "a circle of extends": (
        {"compose.yaml": "services:\n  a: {extends: b}\n  b: {extends: a}\n"},
        3,
        "in a circle: a -> b -> a",
    ),
    "an unknown base": ({"compose.yaml": "services:\n  a:\n    extends: nope\n"}, 3, "a extends nope"),
    "a list over a mapping": (
        {
            "compose.yaml": "services: {a: {image: i, labels: {x: 1}, build: {context: .}}}",
            "compose.override.yaml": "services:\n  a:\n    build: [x]\n",
        },
        3,
        "build",
    ),
    "a .env that Compose cannot parse": ({"compose.yaml": "services: {}", ".env": "A=1\nwhat is this\n"}, 2, "space"),
    "an env_file that Compose cannot parse": (
        {"compose.yaml": "services: {a: {image: i, env_file: one.env}}", "one.env": "A=1\nB='open\n"},
        2,
        "unterminated",
    ),
    "a key that is no text": ({"compose.yaml": "services:\n  a:\n    environment:\n      1: x\n"}, 4, "must be a text"),
    "an empty file": ({"compose.yaml": "# nothing\n"}, None, "empty"),
}


@pytest.mark.parametrize(("files", "line", "words"), ENDS.values(), ids=ENDS)
def test_the_unreadable_is_one_line_with_its_place(
    files: dict[str, str], line: int | None, words: str, tmp_path: Path
) -> None:
    with pytest.raises(EnvfixError) as caught:
        load(tmp_path, files)
    assert caught.value.line == line
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(tmp_path / "project") in str(caught.value.path)


def test_no_compose_file_names_what_was_looked_for_and_what_lies_near(tmp_path: Path) -> None:
    with pytest.raises(EnvfixError) as caught:
        load(tmp_path, {"deploy/docker-compose.prod.yml": "services: {}", "readme.yml": ""})
    message = caught.value.message
    assert "compose.yaml, compose.yml, docker-compose.yml, docker-compose.yaml" in message
    assert "-f, such as deploy/docker-compose.prod.yml" in message.replace("\\", "/")


def test_no_value_of_a_variable_stands_in_a_message(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services:\n  a:\n    image: i\n    ports: ['${P}:80']\n    scale: ${P}\n    env_file: ${P}\n",
        ".env": "P=hunter2secret\n",
    }
    project = load(tmp_path, files)
    told = [notice.message for notice in project.warnings if "hunter2secret" in notice.message.replace("env_file", "")]
    assert [message for message in told if "does not exist" not in message] == []


SECRET = "hunter2"
TOLD = {
    "a remote include": ("include: ['https://${PW}@h/c.yaml']\nservices: {a: {image: i}}\n", "https://${PW}@h"),
    "an include that is missing": ("include: ['./${PW}.yaml']\nservices: {a: {image: i}}\n", "./${PW}.yaml"),
    "its env file": (
        "include: [{path: compose.yaml, env_file: '${PW}.env'}]\nservices: {a: {image: i}}\n",
        "${PW}.env",
    ),
    "a base's file": ("services: {a: {extends: {file: '${PW}.yaml', service: b}}}\n", "${PW}.yaml"),
    "a remote base": ("services: {a: {image: i, extends: {file: 'https://${PW}/', service: b}}}\n", "https://${PW}/"),
    "a base": ("services: {a: {extends: '${PW}'}}\n", "${PW}"),
    "an env_file": ("services: {a: {image: i, env_file: ['./${PW}.env']}}\n", "./${PW}.env"),
    "a format": ("services: {a: {image: i, env_file: [{path: f, format: '${PW}'}]}}\n", "${PW}"),
    "a volume": ("services: {a: {image: i, volumes: [{type: volume, source: '${PW}', target: /x}]}}\n", "${PW}"),
    "a network": ("services: {a: {image: i, networks: ['${PW}']}}\n", "${PW}"),
    "a dependency": ("services: {a: {image: i, depends_on: ['${PW}']}}\n", "${PW}"),
    "a link": ("services: {a: {image: i, links: ['${PW}']}}\n", ""),
    "a shared network": ("services: {a: {image: i, network_mode: 'service:${PW}'}}\n", ""),
    "a config": ("services: {a: {image: i, configs: ['${PW}']}}\n", "${PW}"),
    "a profile": ("services: {a: {image: i, profiles: ['${PW}'], depends_on: [b]}, b: {image: i}}\n", ""),
    "a port": ("services: {a: {image: i, ports: ['${PW}:80']}}\n", "a.ports"),
    "an address": ("services: {a: {image: i, extra_hosts: ['${PW}']}}\n", ""),
}


@pytest.mark.parametrize(("compose", "words"), TOLD.values(), ids=TOLD)
def test_a_message_tells_a_text_as_it_is_written_and_not_its_value(compose: str, words: str, tmp_path: Path) -> None:
    root = fresh(tmp_path)
    (root / "compose.yaml").write_text(compose)
    (root / "f").write_text("")
    for strict in (False, True):
        try:
            told = " ".join(
                f"{one.path} {one.message}"
                for one in load_project(root, environ={"PW": SECRET}, strict=strict).warnings
            )
        except EnvfixError as error:
            told = str(error)
        assert SECRET not in told
        assert words in told
