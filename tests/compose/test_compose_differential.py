"""Projects nobody wrote: generated, and read alike by Docker Compose and `load_project`.

Each holds several services, so that Compose is asked seldom. A run lasts some seconds, and as long as
ENVFIX_DIFFERENTIAL_SECONDS says where that is set.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from pathlib import Path

import pytest
from compared import Call, assert_alike, fresh
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from real_compose import needs_compose

SECONDS = float(os.environ.get("ENVFIX_DIFFERENTIAL_SECONDS") or 8)
PER_SECOND = 5
NAMES = ["A", "B", "C", "D", "E", "LONG_NAME", "x1", "_u"]

names = st.sampled_from(NAMES)
WORDS = (
    r"""a localhost:5432 postgres://u:p@localhost/d - = : # ' " \ \n é $$ { } {} % & * ! | > @ ` , [ ] ? 0 8080 ~ ."""
)
literals = st.sampled_from([*WORDS.split(), " ", "  ", " #"])
operators = st.sampled_from([":-", "-", ":+", "+"])


@st.composite
def holes(draw: st.DrawFn, depth: int = 0) -> str:
    """A place for a variable, with or without a default."""
    name = draw(names)
    form = draw(st.sampled_from(["$", "{", "operator", "operator"]))
    if form == "$":
        return f"${name}"
    if form == "{":
        return f"${{{name}}}"
    inner = draw(st.sampled_from(["", "d", "http://h:1/p", "a b"]) if depth > 1 else templates(depth + 1))
    return (
        f"${{{name}{draw(operators)}{inner.replace('{}', '').replace('}', '').replace('{', '')}}}"
        if depth
        else (f"${{{name}{draw(operators)}{inner}}}")
    )


@st.composite
def templates(draw: st.DrawFn, depth: int = 0) -> str:
    """A text with variables in it."""
    text = "".join(draw(st.lists(st.one_of(literals, holes(depth)), max_size=4)))
    # A lone dollar before a brace would be a malformed template.
    return re.sub(r"(?<!\$)((?:\$\$)*)\$\{(?![A-Za-z_])", r"\1$$${", text)


TYPED = [
    "1",
    "010",
    "0x1F",
    "1.50",
    "1e3",
    "true",
    "yes",
    "null",
    "~",
    "2020-01-01",
    "1_000",
    "12:30",
    "0o17",
    "-0",
    ".5",
]


def written(draw: st.DrawFn, text: str) -> str:
    """A text as a scalar of a flow mapping, in one of YAML's styles."""
    style = draw(st.sampled_from(["plain", "single", "double"]))
    if style == "plain" and re.fullmatch(r"[A-Za-z0-9/$.][A-Za-z0-9/$._=+-]*", text) and "${" not in text:
        return text
    if style == "single":
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text, ensure_ascii=draw(st.booleans()))


@st.composite
def env_files(draw: st.DrawFn) -> str:
    """The text of an env file, in all quotings."""
    lines = []
    for _ in range(draw(st.integers(0, 5))):
        name = draw(names)
        assign = draw(st.sampled_from(["=", "=", " = ", ": ", "= ", "=\t"]))
        prefix = draw(st.sampled_from(["", "", "", "export ", "  "]))
        value = draw(templates())
        kind = draw(st.sampled_from(["bare", "plain", "single", "double", "double", "comment", "blank"]))
        if kind == "bare":
            lines.append(f"{prefix}{name}")
        elif kind == "plain":
            lines.append(f"{prefix}{name}{assign}{value.lstrip(chr(34) + chr(39) + ' ')}")
        elif kind == "single":
            body = value.replace("\\", "").replace("'", r"\'")
            lines.append(f"{prefix}{name}{assign}'{body}'{draw(st.sampled_from(['', ' # c', '  ']))}")
        elif kind == "double":
            body = value.replace("\\", "\\\\").replace('"', '\\"') + draw(
                st.sampled_from(["", "\\n", "\\$A", "\n", "\\t"])
            )
            lines.append(f'{prefix}{name}{assign}"{body}"{draw(st.sampled_from(["", " # c"]))}')
        else:
            lines.append("# A=comment" if kind == "comment" else "")
    return "\n".join(lines) + draw(st.sampled_from(["\n", "\r\n"]))


numbers = st.sampled_from(["80", "443", "5432", "8080", "65535", "1", "${P:-81}", "${Q:-82}"])
addresses = st.sampled_from(["", "", "", "127.0.0.1:", "0.0.0.0:", "[::1]:", "::1:", "${IP:-10.0.0.1}:"])
protocols = st.sampled_from(["", "", "/tcp", "/udp", "/UDP", "/sctp", "/"])
RANGES = ["3000-3002", "3000-3002:4000-4002", "3000-3002:80", "127.0.0.1:9-11:19-21/udp", "7-7"]


@st.composite
def ports(draw: st.DrawFn) -> str:
    form = draw(st.sampled_from(["short", "short", "target", "long", "range"]))
    target, published = draw(numbers), draw(st.one_of(st.just(""), numbers))
    if form == "target":
        return draw(st.sampled_from([f'"{target}{draw(protocols)}"', "80", "0x51", "0o123", "8_2"]))
    if form == "range":
        return f'"{draw(st.sampled_from(RANGES))}"'
    if form == "short":
        return f'"{draw(addresses)}{published}:{target}{draw(protocols)}"'
    keys = {"target": target if target.isdigit() else f'"{target}"', "published": f'"{published}"'}
    keys["protocol"] = draw(st.sampled_from(["tcp", "udp"]))
    chosen = draw(st.lists(st.sampled_from(["published", "protocol"]), unique=True))
    return "{" + ", ".join(f"{key}: {keys[key]}" for key in ["target", *chosen]) + "}"


@st.composite
def environments(draw: st.DrawFn) -> str:
    chosen = draw(st.lists(names, unique=True, max_size=4))
    if draw(st.booleans()):
        items = []
        for name in chosen:
            value = draw(st.one_of(st.none(), templates()))
            items.append(written(draw, name if value is None else f"{name}={value}"))
        return "[" + ", ".join(items) + "]"
    pairs = []
    for name in chosen:
        value = draw(st.one_of(st.none(), templates(), st.sampled_from(TYPED)))
        pairs.append(f"{name}: " if value is None else f"{name}: {value if value in TYPED else written(draw, value)}")
    return "{" + ", ".join(pairs) + "}"


def some_of(draw: st.DrawFn, values: list[str], most: int = 3) -> str:
    return "[" + ", ".join(draw(st.lists(st.sampled_from(values), unique=True, max_size=most))) + "]"


@st.composite
def services(draw: st.DrawFn, earlier: list[str], *, base: bool) -> str:
    """One service as a flow mapping; `base` ones have an image, others (in an override file) only change something."""
    parts = {"image": written(draw, "i" + draw(templates()).replace("\n", ""))} if base else {}
    keys = ["environment", "environment", "ports", "expose", "env_file", "networks", "profiles", "command", "labels"]
    keys += ["depends_on", "hostname", "entrypoint", *(["extends", "merge"] if base else ["reset"])]
    for key in draw(st.lists(st.sampled_from(keys), unique=True, max_size=5)):
        value: str | None = None
        if key in ("environment", "labels"):
            value = draw(environments()) if key == "environment" else "{l: 1}"
        elif key == "ports":
            value = "[" + ", ".join(draw(st.lists(ports(), max_size=3))) + "]"
        elif key == "expose":
            value = some_of(draw, ["80", '"80"', '"90-92"', '"${P:-81}"', "0x50"])
        elif key == "env_file":
            value = some_of(draw, ["one.env", "two.env", "./one.env", "{path: no.env, required: false}"])
        elif key == "networks":
            value = draw(st.sampled_from(["[n]", "[n, m]", "{n: {aliases: [x]}, m: }", "[]", "[default]", "{m: {}}"]))
        elif key == "profiles":
            value = some_of(draw, ["p", "q", '"${P:-r}"'])
        elif key in ("command", "entrypoint"):
            value = draw(st.sampled_from(["[]", '""', "[a, b c]", "\"a 'b c' ${A:-d}\"", "a b", '["${B}", x]']))
        elif key == "hostname":
            value = written(draw, draw(templates()))
        elif key == "depends_on" and earlier:
            value = draw(st.sampled_from([f"[{earlier[0]}]", f"{{{earlier[-1]}: {{condition: service_healthy}}}}"]))
        elif key == "extends" and earlier:
            value = draw(
                st.sampled_from([earlier[0], f"{{service: {earlier[-1]}}}", "{service: base, file: sub/base.yaml}"])
            )
        elif key == "merge":
            parts["<<"] = draw(st.sampled_from(["*common", "[*common, *other]"]))
        elif key == "reset":
            value = None
            parts[draw(st.sampled_from(["ports", "environment", "networks"]))] = draw(
                st.sampled_from(["!reset []", "!override []", "!reset null"])
            )
        if value is not None:
            parts.setdefault(key, value)
    return "{" + ", ".join(f"{key}: {value}" for key, value in parts.items()) + "}"


@st.composite
def projects(draw: st.DrawFn) -> tuple[dict[str, str], Call]:
    """The files of a project, and how Compose is called on it."""
    chosen = [f"s{number}" for number in range(draw(st.integers(2, 6)))]
    lines = [f"  {name}: {draw(services(chosen[:number], base=True))}" for number, name in enumerate(chosen)]
    compose = [
        "x-common: &common {environment: {A: common, x1: '${B:-c}'}, hostname: common}",
        "x-other: &other {environment: {B: other}, ports: ['1:1'], networks: [n]}",
        "networks: {n: , m: {name: '${M:-given}'}}",
        "services:",
        *lines,
    ]
    files = {
        "compose.yaml": "\n".join(compose) + "\n",
        "one.env": draw(env_files()),
        "two.env": draw(env_files()),
        "sub/base.yaml": f"services:\n  base: {draw(services([], base=True))}\n",
        "sub/one.env": draw(env_files()),
        "sub/two.env": "S=2\n",
    }
    files["sub/base.yaml"] = re.sub(r"<<: [^,}]*(?:\*other\])?,? ?", "", files["sub/base.yaml"])
    if draw(st.booleans()):
        files[".env"] = draw(env_files())
    if draw(st.booleans()):
        changes = [f"  {name}: {draw(services([], base=False))}" for name in chosen[:3]]
        files["compose.override.yaml"] = "services:\n" + "\n".join(changes) + "\n"
    shell = {name: draw(templates()).replace("\0", "") for name in draw(st.lists(names, unique=True, max_size=2))}
    args: tuple[str, ...] = ("--profile", "*") if draw(st.booleans()) else ()
    return files, Call(args, ".", shell)


def _write(root: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="")


@pytest.mark.slow
@needs_compose
@settings(
    max_examples=max(1, int(SECONDS * PER_SECOND)),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    report_multiple_bugs=False,
)
@given(project=projects())
def test_generated_projects_are_read_alike(project: tuple[dict[str, str], Call]) -> None:
    files, call = project
    with tempfile.TemporaryDirectory() as folder:
        root = fresh(Path(folder))
        _write(root, files)
        event(re.sub(r'[/"][^ ]*', "", assert_alike(root, call))[:60])
