"""What must hold of any input, a function for each room of envfix. Whatever they raise is a finding."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress

from envfix.addresses import Address, find_addresses, may_hold_address
from envfix.compose import Project, load_project
from envfix.diff import unified_diff
from envfix.dockerfile.placement import placed
from envfix.dockerfile.stages import read_dockerfile
from envfix.envfile import EnvDocument, encode, line, parse_env, parse_raw, resolve
from envfix.errors import EnvfixError
from envfix.git.config import settings as config_settings
from envfix.git.ignore import unignored
from envfix.git.index import tracked
from envfix.interpolation import InterpolationError, defaults, interpolate, trace, variables
from envfix.logs import failures
from envfix.logs.stream import open_log
from envfix.records import Edit, Patch
from envfix.rewriter import apply_edits, verify
from envfix.settings import inline
from envfix.settings_file import load_settings
from envfix.shown import mask_value

from .folders import project, split
from .plans import plan

# A secret stands for each \x01 of an input. Each half is one, and reads as no word, no scheme and no number.
HALVES = ("Zq7x4v9K1w", "Xw2k8j5P3t")
CANARY = "!".join(HALVES)
SHELL = {"A": "", "B": "localhost", "DB_HOST": "${B}", "HOME": "/home/me"}


def env_document(data: bytes) -> None:
    """An env file, in both of its formats: lossless, every span honest, every change verified."""
    data = data.replace(b"\x01", CANARY.encode())
    for parse in (parse_env, parse_raw):
        try:
            document = parse(data, ".env")
        except EnvfixError as error:
            assert_no_secret(str(error))
            continue
        assert encode(document.text) == data
        assert_bindings(document)
        assert_resolves(document)
        assert_changes(document)


def assert_bindings(document: EnvDocument) -> None:
    end = 0
    for binding in document.bindings:
        assert end <= binding.start <= binding.value_start <= binding.value_end <= len(document.text), binding
        end = binding.value_end
        assert document.text.startswith(binding.name, binding.start), binding
        assert line(document.text, binding.start) == binding.line, binding
        raw = document.text[binding.value_start : binding.value_end]
        if binding.value is None:
            continue
        assert "\\" in raw or binding.value == raw, binding
        places = [binding.at(index) for index in range(len(binding.value) + 1)]
        assert places == sorted(places), binding
        assert [binding.index_of(place) for place in places[:-1]] == list(range(len(binding.value))), binding


def assert_resolves(document: EnvDocument) -> None:
    for shell in ({}, SHELL):
        try:
            values = resolve(document, shell.get)
        except InterpolationError as error:
            assert_no_secret(str(error))
        else:
            assert len(values) == len(document.bindings)


def assert_changes(document: EnvDocument) -> None:
    """Each address, and all of them at once, become another; the new file says so, or the change is refused."""
    every = []
    for number, binding in enumerate(document.bindings):
        for found in find_addresses(binding.value or ""):
            edit = Edit(binding.at(found.start), binding.at(found.end), "db")
            value = binding.value or ""
            wanted = value[: found.start] + "db" + value[found.end :]
            if _verified(document, [edit]):
                again = (parse_raw if document.raw else parse_env)(apply_edits(document, [edit]), ".env")
                values = [one.value for one in document.bindings]
                values[number] = wanted
                assert [one.value for one in again.bindings] == values
                assert [one.name for one in again.bindings] == [one.name for one in document.bindings]
            every.append(edit)
    _verified(document, every)


def _verified(document: EnvDocument, edits: list[Edit]) -> bool:
    try:
        verify(document, apply_edits(document, edits), edits)
    except EnvfixError as error:
        assert_no_secret(str(error))
        return False
    return True


def addresses(data: bytes) -> None:
    """A value: honest spans, whatever stands around."""
    value = data.decode("utf-8", "surrogateescape")
    for names in ((), ("db", "redis", "my_db", "a")):
        end = 0
        for found in find_addresses(value, names):
            assert end <= found.start < found.end
            end = found.end
            assert_honest(value, found)
            assert found.kind == "name" or may_hold_address(data)
            assert mask_value(value, found.spans).isprintable()


def assert_honest(value: str, found: Address) -> None:
    assert value[found.start : found.end] == found.host
    for start, stop in found.spans:
        assert 0 <= start < stop <= len(value)
    if found.port is None:
        assert (found.port_start, found.port_end) == (None, None)
    else:
        assert 1 <= found.port <= 65535
        assert int(value[found.port_start : found.port_end]) == found.port
        assert value[found.port_start : found.port_end].isascii()


def interpolation(data: bytes) -> None:
    """A template: each way to ask says the same."""
    template = data.decode("utf-8", "surrogateescape")
    names = set(variables(template))
    for name, operator in defaults(template):
        assert name in names
        assert f"{name}{operator}" in template
    for values in ({}, SHELL, dict.fromkeys(names, "$"), dict.fromkeys(names, "")):
        assert_interpolates(template, names, values.get)


def assert_interpolates(template: str, names: set[str], lookup: Callable[[str], str | None]) -> None:
    asked = []

    def known(name: str) -> str | None:
        asked.append(name)
        return lookup(name)

    names_it = True
    try:
        result = interpolate(template, known)
    except InterpolationError as error:
        names_it = not error.required or error.variable in names
        result = None
    assert names_it
    assert set(asked) <= names
    try:
        pieces = trace(template, lookup)
    except InterpolationError:
        assert result is None
        return
    assert result == "".join(piece.text for piece in pieces)
    for piece in pieces:
        if piece.variable is None:
            assert template.startswith(piece.text, piece.start)
        else:
            assert template[piece.start] == "$"
            assert piece.text == lookup(piece.variable)


def compose(data: bytes) -> None:
    """A compose file with its env files: read, or refused with a sentence; what is read strictly is read leniently."""
    with project(split(data)) as folder:
        lenient = _loaded(folder, strict=False)
        strict = _loaded(folder, strict=True)
    assert strict is None or (lenient is not None and lenient.services == strict.services)


def _loaded(folder: str, *, strict: bool) -> Project | None:
    try:
        return load_project(folder, environ=SHELL, strict=strict)
    except EnvfixError:
        return None


def dockerfile(data: bytes) -> None:
    """A Dockerfile and its ignore file: absolute paths at which the env file lies in the image, and real ports."""
    files = split(b"# file: Dockerfile\n" + data)
    with project(files) as folder:
        for args in ({}, {"A": "x", "B": None}):
            read = read_dockerfile(folder, None, None, None, args)
            if read is not None:
                assert all(0 < port < 65536 for port in read.exposes), read.exposes
                assert all(path.startswith("/") for path in placed(read, folder, os.path.join(folder, ".env")))


def settings(data: bytes) -> None:
    """A configuration, and the same text as comments above a binding."""
    with project({".envfix.toml": data}) as folder, suppress(EnvfixError):
        load_settings(folder).check(("db",))
    with suppress(EnvfixError):
        inline(tuple(data.decode("utf-8", "surrogateescape").split("\n")), path=".env", line=1)


def logs(data: bytes) -> None:
    """A log: the same failures however its bytes are cut."""
    whole = list(failures([data]))
    for one in whole:
        assert 1 <= one.log_line <= data.count(b"\n") + 1, one
        assert one.kind in ("refused", "unresolved", "timeout"), one
    assert list(failures(_cut(data))) == whole
    with project({"log": data}) as folder, suppress(EnvfixError):
        for block in open_log(os.path.join(folder, "log")):  # unpacked, decoded
            assert block or not data


def git(data: bytes) -> None:
    """The files of a `.git` folder, whatever is in them: an index, an ignore file, a configuration, a `.git` file."""
    files = {".git/index": data, ".git/info/exclude": data, ".git/config": data, ".gitignore": data, "a/.git": data}
    with project({**files, "b/x.env": b""}) as folder:
        found = tracked(folder)
        assert not {*found.files} & {*found.submodules}
        assert set(unignored(folder)) <= {".gitignore", "b/x.env"}
        tracked(os.path.join(folder, "a"))
    list(config_settings(data.decode("utf-8", "surrogateescape")))


def _cut(data: bytes) -> Iterator[bytes]:
    at, step = 0, 1
    while at < len(data):
        yield data[at : at + step]
        at, step = at + step, step * 5 % 97


def masking(data: bytes) -> None:
    """A value and a file with secrets in them: none is shown where an address changes."""
    text = data.decode("utf-8", "surrogateescape").replace("\x01", CANARY)
    spans = [span for found in find_addresses(text, ("db",)) for span in found.spans]
    shown = mask_value(text, spans)
    assert shown.isprintable()
    assert_no_secret(shown)
    try:
        document = parse_env(encode(text), ".env")
        edits = _repairs(document)
        after = apply_edits(document, edits)
    except EnvfixError as error:
        assert_no_secret(str(error))
        return
    patch = Patch("/x/.env", encode(text), after, tuple(edits))
    preview = unified_diff(patch)
    assert all(part.isprintable() for part in preview.split("\n"))
    assert_no_secret(preview + repr(patch) + repr(document))


def _repairs(document: EnvDocument) -> list[Edit]:
    edits = []
    for binding in document.bindings:
        for found in find_addresses(binding.value or ""):
            edits.append(Edit(binding.at(found.start), binding.at(found.end), "db"))
            if found.port_start is not None and found.port_end is not None and found.port_start >= found.end:
                edits.append(Edit(binding.at(found.port_start), binding.at(found.port_end), "5432"))
    return edits


def assert_no_secret(text: str) -> None:
    assert not any(half in text for half in HALVES), text


TARGETS: dict[str, Callable[[bytes], None]] = {
    "env": env_document,
    "addresses": addresses,
    "interpolation": interpolation,
    "compose": compose,
    "dockerfile": dockerfile,
    "settings": settings,
    "logs": logs,
    "git": git,
    "masking": masking,
    "plan": plan,
}
