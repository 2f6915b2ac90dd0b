"""Which default in a service's code says this port of loopback, and what has to be set so that it does not apply?"""

import re
from collections.abc import Iterator
from itertools import islice

from envfix.named_tuples import NamedTuple
from envfix.patterns import regex
from envfix.project.ports import Endpoint
from envfix.project.uses import Reading
from envfix.shown import mask_value
from envfix.source.code import Code, is_test
from envfix.source.files import SourceFile
from envfix.source.runtime import Codebase

_LOOPBACK = r"(?:localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0)"
# A name that a program asks its environment for, as the languages' own calls and the usual libraries take it. The first
# group that matched is the name.
_ASKED = regex(
    r"""process\.env(?:\.|\[["'])(\w+)                                   # https://nodejs.org/api/process.html
    |import\.meta\.env\.(\w+)|Bun\.env\.(\w+)|Deno\.env\.get\(["'](\w+)
    |(?:getenv|environ\.get|environ\[|env(?:\.\w{1,40})?|config|get_env|fetch_env!?|ENV\.fetch|ENV\[|Getenv|LookupEnv|var|get|getOrThrow
        |getEnv\w{0,40}|get_?env\w{0,40}|EnvOr\w{0,40}|GetString|SetDefault|\$_ENV\[|\$_SERVER\[)\s*+\(?\s*+["']([A-Z][A-Z0-9_]+)["']
    |\benv(?:config)?:"([A-Z][A-Z0-9_]+)                                  # tags of Go's env and envconfig
    |%env\((?:\w+:)*([A-Z][A-Z0-9_]+)\)%|\benv\(([A-Z][A-Z0-9_]+)\)       # Symfony
    |(?:alias|validation_alias|env)\s*=\s*["']([A-Z][A-Z0-9_]+)["']       # pydantic
    |^[ \t]*+["']?([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)["']?\s*(?::|=)(?!=)         # envalid, zod, settings of their own name
    |^[ \t]*+([a-z][a-z0-9]*(?:_[a-z0-9]+)+)\s*:\s*\w[\w\[\] |.]*=            # a field of pydantic's settings
    """,
    re.VERBOSE | re.MULTILINE,
)
_PLACEHOLDER = regex(r"([A-Z][A-Z0-9_]+):-?(?=[a-z0-9\[])")  # Spring's, a shell's: ${NAME:default}, ${NAME:-default}
# How far from an address its variable and the ends of its value are looked for, and how many addresses in a line; so
# many names are sought in a file before it is read by lines. A minified file is one line.
_NEAR, _MOST_SOUGHT = 2000, 50
_ENDS = " \t\"'`,;(){}"
_HOST_FOR = ("HOST", "HOSTNAME", "SERVER", "ADDR", "ADDRESS", "")


class Default(NamedTuple):
    """A default that explains a connection to loopback: `variable` is what to set for the service, `path` (absolute)
    and `line` where its code has the default, `address` what the default says, `endpoint` who serves it inside (None
    where nobody does, or several), `replacement` the value to set, the address alone where the default has more than
    may be shown.
    """

    variable: str
    path: str
    line: int
    address: str
    endpoint: Endpoint | None
    replacement: str | None


class _Candidate(NamedTuple):
    variable: str
    path: str
    line: int
    value: str  # the whole of the default
    address: str  # what of it is replaced


Known = dict[tuple[Codebase, int], tuple[_Candidate, ...]]
"""For a program and a port the variables of which code says it as the default: services that share source have one."""


def default_for(code: Code, reading: Reading, service: str, port: int, known: Known) -> Default | None:
    """The variable that the service's code reads with this port of loopback as its default, and that its container is
    not given; None where no variable is, or several are. `known` are those found before, to which others are added."""
    key = code.codebase(service), port
    if key not in known:
        first: dict[str, _Candidate] = {}
        for candidate in _candidates(code, service, port):
            first.setdefault(candidate.variable, candidate)
        known[key] = tuple(first.values())
    one = reading.topology.services[service]
    given = reading.container_variable
    found = {candidate.variable: candidate for candidate in known[key] if given(one, candidate.variable) is None}
    if len(found) != 1:
        return None
    [candidate] = found.values()
    endpoint = _serving(reading, service, port)
    return Default(
        candidate.variable,
        candidate.path,
        candidate.line,
        candidate.address,
        endpoint,
        _replacement(candidate, endpoint, reading, service),
    )


def _candidates(code: Code, service: str, port: int) -> Iterator[_Candidate]:
    number = str(port).encode()
    files = [file for file in code.run(service) if number in file.data and not is_test(file.path)]
    for file in files:
        yield from _whole_addresses(code, file, port)
    ports = dict.fromkeys(name for file in files for name in _port_names(code, file, port))
    stems = [name.removesuffix("PORT") for name in ports if name.endswith("PORT")]
    names = {(stem + word).rstrip("_") for stem in stems for word in _HOST_FOR}
    if names:
        yield from _hosts(code, service, names)


def _whole_addresses(code: Code, file: SourceFile, port: int) -> Iterator[_Candidate]:
    pattern = re.compile(rf"{_LOOPBACK}:{port}(?!\d)")
    said = f":{port}"
    lines = code.lines(file)
    for number, text in enumerate(lines):
        for address in islice(pattern.finditer(text), _MOST_SOUGHT) if said in text else ():
            first, last = max(0, address.start() - _NEAR), min(len(text), address.end() + _NEAR)
            start = max(first - 1, *(text.rfind(end, first, address.start()) for end in _ENDS)) + 1
            end = min(at for stop in _ENDS if (at := text.find(stop, address.end(), last)) >= 0 or (at := last))
            placeholder = _PLACEHOLDER.match(text, start)
            value = text[placeholder.end() if placeholder else start : end]
            asked = placeholder[1] if placeholder else _name_before(lines, number, start)
            if asked is not None:
                yield _Candidate(asked, file.path, number + 1, value, address[0])


def _port_names(code: Code, file: SourceFile, port: int) -> Iterator[str]:
    """The variables of which the file says this number as the default."""
    pattern = re.compile(rf"(?<![\d.:\w]){port}(?![\d\w])")
    said = str(port)
    lines = code.lines(file)
    for number, text in enumerate(lines):
        literal = pattern.search(text) if said in text else None
        asked = _name_before(lines, number, literal.start()) if literal is not None else None
        if asked is not None:
            yield asked


def _hosts(code: Code, service: str, names: set[str]) -> Iterator[_Candidate]:
    pattern = re.compile(rf"""["'`:=\s-]({_LOOPBACK})["'`}}\s,)]|["'`:=\s-]({_LOOPBACK})$""")
    for file in code.run(service):
        upper = b"" if is_test(file.path) else file.data.upper()
        if not upper or (len(names) <= _MOST_SOUGHT and not any(name.encode() in upper for name in names)):
            continue
        lines = code.lines(file)
        for number, text in enumerate(lines):
            literal = pattern.search(text)
            asked = _name_before(lines, number, literal.start() + 1) if literal is not None else None
            if asked in names and literal is not None:
                host = literal[1] or literal[2]
                yield _Candidate(asked, file.path, number + 1, host, host)


def _name_before(lines: list[str], number: int, at: int) -> str | None:
    """The name that the environment is asked for right before this place: on its line, else on one of the two above it
    where that line goes on."""
    text, above = lines[number], 0
    while True:
        asked = list(_ASKED.finditer(text, max(0, at - _NEAR), at))
        if asked:
            return next(group for group in asked[-1].groups() if group).upper()
        above += 1
        if above > 2 or number < above or lines[number - above].rstrip().endswith((";", "}", "]")):
            return None
        text = lines[number - above]
        if not text.rstrip().endswith(("(", ",", "||", "??", "=", ":", "?", "\\", "or")):
            return None
        at = len(text)


def _serving(reading: Reading, service: str, port: int) -> Endpoint | None:
    topology = reading.topology
    for endpoints in reading.ports.serving(port):
        reached = [one for one in reading.ports.up_first(list(endpoints)) if topology.reaches(service, one.service)]
        if reached:
            alike = {(topology.owner(one.service), one.container_port) for one in reached}
            return reached[0] if len(alike) == 1 else None
    return None


def _replacement(candidate: _Candidate, endpoint: Endpoint | None, reading: Reading, service: str) -> str | None:
    if endpoint is None:
        return None
    host = reading.topology.host_for([service], endpoint.service)
    if host is None:
        return None
    written = host if ":" not in candidate.address.strip("[]:") and candidate.value == candidate.address else ""
    address = written or f"{host}:{endpoint.container_port}"
    value = candidate.value.replace(candidate.address, address, 1)
    at = value.find(address)
    # A password, a token or whatever else a default may hold besides is never shown.
    return value if mask_value(value, [(at, at + len(address))]) == value else address
