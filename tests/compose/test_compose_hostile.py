"""Input made to be costly or to hang: each ends within seconds, with one clear line or a reading."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from compared import fresh

from envfix.compose import load_project
from envfix.errors import EnvfixError

pytestmark = pytest.mark.slow

SERVICE = "services: {a: {image: i}}\n"
RESETS = "x-r: &r {" + ", ".join(f"k{number}: !reset 1" for number in range(300)) + "}\n"

NINES = "".join(f"x-{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
VARIABLES = ", ".join(f"V{n}: x" for n in range(2000))
ADDRESSES = ", ".join(f"'10.0.0.{n}:1-65535:1-65535'" for n in range(200))
CHAIN = "services:\n" + "".join(f"  s{n}: {{extends: s{n + 1}}}\n" for n in range(1, 1000))
JOINED = "".join(f"  s{n}: {{image: i, network_mode: 'service:s{n + 1}'}}\n" for n in range(1, 200))
SHARED_VARIABLES = "x-e: &e\n" + "".join(f"  V{n}: '${{V{n}:-http://localhost}}'\n" for n in range(300))


def services(value: str, count: int) -> str:
    """Many services of the same value."""
    return "services:\n" + "".join(f"  s{n}: {value}\n" for n in range(count))


NAMES_OF_MANY = ", ".join(f"d{n}" for n in range(10_000))

REFUSED = {
    "aliases of aliases": (f"x-0: &a0 [x]\n{NINES}{SERVICE}", "aliases expand"),
    "services that are aliases of a large one": (
        f"x-e: &e {{image: i, environment: {{{VARIABLES}}}}}\n{services('*e', 2000)}",
        "aliases expand",
    ),
    "ten thousand levels of lists": (f"x-a: {'[' * 10_000}{']' * 10_000}\n{SERVICE}", "levels deep"),
    "ten thousand levels of mappings": (f"x-a: {'{a: ' * 10_000}{'}' * 10_000}\n{SERVICE}", "levels deep"),
    "more nodes than Compose takes": ("x-a:\n" + "- a\n" * 110_000 + SERVICE, "100,000"),
    "resets behind many aliases": (f"{RESETS}x-u: [{'*r, ' * 2000}]\n{SERVICE}", "100,000"),
    "resets far below, behind aliases": (
        f"{RESETS}x-u: {'{a: ' * 200}[{'*r, ' * 20}]{'}' * 200}\n{SERVICE}",
        "reset what stands below more than 100,000 keys",
    ),
    "a long text in many places of many services": (
        f"x-t: &t {'t' * 2000}\nx-c: &c [{'*t, ' * 100}]\n{services('{image: i, command: *c}', 100)}",
        "aliases expand",
    ),
    "a long text that many inherit": (
        f"services:\n  a: {{image: i, command: {'t' * 20_000}}}\n"
        + "".join(f"  s{n}: {{extends: a}}\n" for n in range(1100)),
        "more than 200,000 values",
    ),
    "every port of many addresses": (f"services: {{a: {{image: i, ports: [{ADDRESSES}]}}}}", "ports: use fewer"),
    "every port of many services": (
        f"x-s: &s {{image: i, ports: ['1-65535:1-65535']}}\n{services('*s', 500)}",
        "ports: use fewer",
    ),
    "a long circle of heirs": (f"{CHAIN}  s1000: {{extends: s1}}\n", "circle: s1 -> s2 -> .* -> \\.\\.\\."),
    "more documents than a file holds": ("---\n".join([SERVICE] * 1001), "1,000 YAML documents"),
    "a file of five megabytes": (SERVICE + "# x\n" * 1_300_000, "larger than 4 MiB"),
}


@pytest.mark.parametrize(("text", "words"), REFUSED.values(), ids=REFUSED)
def test_what_would_not_end_is_refused_soon(text: str, words: str, tmp_path: Path) -> None:
    root = fresh(tmp_path)
    (root / "compose.yaml").write_text(text)
    start = time.process_time()
    with pytest.raises(EnvfixError, match=words) as caught:
        load_project(root, environ={})
    assert time.process_time() - start < 10
    assert "\n" not in str(caught.value)


DOUBLED = "V0=0123456789abcdef\n" + "".join(f"V{n}=${{V{n - 1}}}${{V{n - 1}}}\n" for n in range(1, 14))
GROWN = {  # each of the files alone is below the bound
    "env files of many services": (
        "services:\n" + "".join(f"  s{n}: {{image: i, env_file: {n}.env}}\n" for n in range(3)),
        {f"{n}.env": "".join(f"A{m}=${{V13}}\n" for m in range(60)) for n in range(3)},
    ),
    "many included files": (
        "include: [0.yaml, 1.yaml, 2.yaml]\n" + SERVICE,
        {f"{n}.yaml": f"services: {{s{n}: {{image: i, command: [{', '.join(['$V13'] * 60)}]}}}}\n" for n in range(3)},
    ),
}


@pytest.mark.parametrize(("text", "files"), GROWN.values(), ids=GROWN)
def test_what_variables_bring_into_many_files_is_bounded_together(
    text: str, files: dict[str, str], tmp_path: Path
) -> None:
    root = fresh(tmp_path)
    for name, content in {"compose.yaml": text, ".env": DOUBLED, **files}.items():
        (root / name).write_text(content)
    with pytest.raises(EnvfixError, match="16 MB, the most that envfix reads of a project"):
        load_project(root, environ={})


READ = {
    "a long scalar over many lines": "services:\n  a:\n    image: i\n    hostname: x\n" + "      y\n" * 20_000,
    "a long block scalar": "services:\n  a:\n    image: i\n    command: >\n" + "      y z\n" * 20_000,
    "a long flow list on one line": "services: {a: {image: i, command: [" + "x, " * 20_000 + "]}}",
    "brackets within brackets on many lines": f"{SERVICE}x-a:\n" + f"- {'[' * 250}{']' * 250}\n" * 300,
    "many services": "services:\n" + "".join(f"  s{n}: {{image: i, ports: ['{n + 1}:80']}}\n" for n in range(1500)),
    "one anchor used by many services": "x-e: &e {A: 1}\nservices:\n"
    + "".join(f"  s{n}: {{image: i, environment: {{<<: *e, B: {n}}}}}\n" for n in range(1500)),
    "many documents": "---\n".join(f"services: {{s{n}: {{image: i}}}}\n" for n in range(500)),
    "a long chain of heirs": f"{CHAIN}  s1000: {{image: i}}\n",
    "a long chain of shared networks": f"services:\n{JOINED}  s200: {{image: i}}\n",
    "one anchor of many variables used by many services": SHARED_VARIABLES
    + services("{image: i, environment: *e}", 300),
    "one anchor of many variables merged into many services": SHARED_VARIABLES
    + services("{image: i, environment: {<<: *e, A: b}}", 300),
    "many dependencies that are not there": f"services: {{a: {{image: i, depends_on: [{NAMES_OF_MANY}]}}}}",
    "many keys that Compose does not know": "services:\n  a:\n    image: i\n"
    + "".join(f"    unknown{n}: x\n" for n in range(15_000)),
    "many quotes": "services: {a: {image: i, hostname: '" + "''" * 100_000 + "'}}",
    "many escapes": 'services: {a: {image: i, hostname: "' + "\\n" * 50_000 + '"}}',
}


@pytest.mark.parametrize("text", READ.values(), ids=READ)
def test_what_is_only_large_is_read_in_its_time(text: str, tmp_path: Path) -> None:
    root = fresh(tmp_path)
    (root / "compose.yaml").write_text(text)
    start = time.process_time()
    assert load_project(root, environ={}).services
    assert time.process_time() - start < 10


def test_a_circle_of_includes_of_several_files_is_refused(tmp_path: Path) -> None:
    root = fresh(tmp_path)
    (root / "compose.yaml").write_text("include: [1.yaml]\n" + SERVICE)
    for number in range(1, 40):
        (root / f"{number}.yaml").write_text(f"include: [{number % 39 + 1}.yaml]\n{SERVICE}")
    with pytest.raises(EnvfixError, match="circle"):
        load_project(root, environ={})


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.parametrize("name", ["compose.yaml", ".env", "e.env", "inc.yaml", "base.yaml"])
def test_a_pipe_is_never_read(name: str, tmp_path: Path) -> None:
    root = fresh(tmp_path)
    files = {
        "compose.yaml": "include: [inc.yaml]\nservices: {a: {extends: {file: base.yaml, service: b}, env_file: e.env}}",
        ".env": "A=1\n",
        "e.env": "A=1\n",
        "inc.yaml": "services: {c: {image: i}}",
        "base.yaml": "services: {b: {image: i}}",
    }
    for file, content in files.items():
        if file != name:
            (root / file).write_text(content)
    os.mkfifo(root / name)
    with pytest.raises(EnvfixError, match="a pipe or a device") as caught:
        load_project(root, environ={})
    assert caught.value.path == str(root / name)


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a privilege there")
@pytest.mark.parametrize("name", ["inc.yaml", "base.yaml"])
def test_a_link_that_leads_to_itself_is_refused(name: str, tmp_path: Path) -> None:
    root = fresh(tmp_path)
    (root / "compose.yaml").write_text(
        "include: [inc.yaml]\n" if name == "inc.yaml" else "services: {a: {extends: {file: base.yaml, service: b}}}\n"
    )
    os.symlink(name, root / name)
    with pytest.raises(EnvfixError) as caught:
        load_project(root, environ={})
    assert caught.value.path == str(root / name)


def test_a_link_to_a_compose_file_elsewhere_is_followed_as_compose_does(tmp_path: Path) -> None:
    root = fresh(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "real.yaml").write_text("services: {a: {image: i, env_file: e.env}}")
    (root / "e.env").write_text("A=here\n")
    os.symlink(elsewhere / "real.yaml", root / "compose.yaml")
    assert load_project(root, environ={}, strict=True).services["a"].environment == {"A": "here"}


DIGITS = "1" * 5000


@pytest.mark.parametrize(
    "service",
    [
        pytest.param(f"{{image: i, environment: {{A: {DIGITS}}}}}", id="an integer in environment"),
        pytest.param(f"{{image: i, expose: [{DIGITS}, '²', '{DIGITS}']}}", id="exposed"),
        pytest.param("{image: i, expose: ['٣']}", id="digits of another script"),
        pytest.param(f"{{image: i, ports: [{{target: '{DIGITS}'}}]}}", id="a target"),
        pytest.param("{image: i, ports: [{target: '²', published: '²'}]}", id="a target of one raised digit"),
        pytest.param(f"{{image: i, ports: [{{target: 80, published: '{DIGITS}'}}]}}", id="published"),
        pytest.param(f"{{image: i, scale: '{DIGITS}'}}", id="a scale"),
        pytest.param(f"{{image: i, scale: 2, deploy: {{replicas: '{DIGITS}'}}}}", id="replicas"),
        pytest.param("{image: i, container_name: c, scale: '²'}", id="a scale of one raised digit"),
        pytest.param(f"{{image: i, mem_limit: '{DIGITS}'}}", id="a size"),
        pytest.param(f"{{image: i, stop_grace_period: '{DIGITS}'}}", id="a duration"),
        pytest.param(f"{{image: i, ports: ['{DIGITS}:80']}}", id="a short port"),
        pytest.param("{image: i, ports: ['²:80']}", id="a short port of one raised digit"),
        pytest.param(f"{{image: i, ulimits: {{nofile: {DIGITS}}}}}", id="an integer that is no text"),
    ],
)
def test_digits_that_are_no_number_end_in_a_reading_or_a_sentence(service: str, tmp_path: Path) -> None:
    root = fresh(tmp_path)
    (root / "compose.yaml").write_text(f"services:\n  a: {service}\n", encoding="utf-8")
    try:
        made = load_project(root, environ={}).services["a"]
    except EnvfixError:
        return
    assert made.replicas in (1, 2)
    assert all(0 <= port.target < 2**64 for port in made.ports)


@pytest.mark.parametrize("escape", ["\\U00110000", "\\UFFFFFFFF", "\\ud800", "\\uDFFF"])
def test_an_escape_that_names_no_character_is_refused(escape: str, tmp_path: Path) -> None:
    root = fresh(tmp_path)
    (root / "compose.yaml").write_text(f'services: {{a: {{image: "i{escape}"}}}}\n')
    with pytest.raises(EnvfixError, match="no character of Unicode") as caught:
        load_project(root, environ={})
    assert caught.value.line == 1


def test_many_variables_of_many_includes_are_refused(tmp_path: Path) -> None:
    root = fresh(tmp_path)
    (root / ".env").write_text("".join(f"V{n}=x\n" for n in range(9000)))
    (root / "compose.yaml").write_text("include: [" + ", ".join(f"i{n}/c.yaml" for n in range(300)) + f"]\n{SERVICE}")
    for number in range(300):
        (root / f"i{number}").mkdir()
        (root / f"i{number}" / "c.yaml").write_text(f"services: {{s{number}: {{image: i}}}}\n")
        (root / f"i{number}" / ".env").write_text("OWN=x\n")
    with pytest.raises(EnvfixError, match="variables together"):
        load_project(root, environ={})
