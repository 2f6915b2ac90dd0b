"""The project as a picture that GitHub renders: who reaches whom by which variable. Red is broken now, green is or will
be right, amber is a person's to decide."""

from collections.abc import Iterable, Iterator, Mapping

from envfix.addresses import Address, find_addresses
from envfix.compose.model import Project, Service
from envfix.errors import EnvfixError
from envfix.knowledge.names import name_says
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex
from envfix.reasons import MEANINGS
from envfix.records import Reference
from envfix.report import Part, Report, Said
from envfix.shown import as_written, clean, shortened

BROKEN, RIGHT, OPEN = "broken", "right", "open"
HOST = ""  # the source of an arrow that starts outside the containers; no service has this name
ITSELF = (
    "/"  # begins the target of an arrow that ends at localhost, before the service that is meant; in no name either
)
LABELS = 10  # variables named on one arrow; more than these make it unreadable

# Straight lines: along curved ones mermaid puts the labels where the curve is not, on top of one another.
_LAYOUT = "%%{init: {'flowchart': {'curve': 'linear', 'wrappingWidth': 500, 'nodeSpacing': 60}}}%%"
_ARROWS = {BROKEN: "--x", RIGHT: "-->", OPEN: "-.->"}
_COLOURS = {BROKEN: "#cf222e", RIGHT: "#1a7f37", OPEN: "#9a6700"}
_MARKUP = regex(r"""["#&<>%;`\\{}|\[\]()*~$]|(?<![^\W_])_|_(?![^\W_])""")  # an underscore in a word is none


class Arrow(NamedTuple):
    """`source` reaches for `target` by `variable`: services, or HOST, or the source ITSELF."""

    source: str
    target: str
    kind: str
    variable: str


# What each service gets is looked at: so many variables take seconds.
_MOST_GIVEN = 250_000


def check(part: Part) -> None:
    """EnvfixError for a project of which there would be more to draw than anybody sees."""
    services = part.project.services.values() if part.project is not None else ()
    drawn = sum(len(one.readers) * max(len(one.choices), 1) for one in part.plan.references)
    if drawn + sum(len(service.environment) for service in services) > _MOST_GIVEN:
        message = f"the services of this project get over {_MOST_GIVEN:,} variables in all, too many for a picture"
        raise EnvfixError(f"{message}: choose compose files with -f", path=part.plan.directory)


def render(report: Report) -> tuple[Said, ...]:
    """One flowchart, each project a box of its own if there are several."""
    lines = [_LAYOUT, "flowchart LR"]
    styles: dict[str, list[int]] = {kind: [] for kind in _ARROWS}
    drawn = [_bundled(arrows(part, report)) for part in report.parts]
    for index, (part, bundles) in enumerate(zip(report.parts, drawn, strict=True)):
        box = len(report.parts) > 1
        lines += [f'  subgraph p{index}["{escape(part.plan.name)}"]', "    direction LR"] if box else []
        lines += [f"    {line}" for line in _drawn(part, bundles, f"p{index}s")]
        lines += ["  end"] if box else []
        for number, arrow in enumerate(bundles, start=sum(map(len, styles.values()))):
            styles[arrow.kind].append(number)
    for kind, numbers in styles.items():
        if numbers:
            colour = _COLOURS[kind]
            lines.append(f"  linkStyle {','.join(map(str, numbers))} stroke:{colour},color:{colour},stroke-width:2px")
    if any(arrow.target.startswith(ITSELF) for bundles in drawn for arrow in bundles):
        lines.append(f"  classDef wrong stroke:{_COLOURS[BROKEN]},stroke-dasharray:4")
    text = "".join(f"{line}\n" for line in lines)
    return (Said(text),)


def arrows(part: Part, report: Report) -> list[Arrow]:
    """What the references say, and what the containers' environment already says rightly."""
    names = _names(part.project)
    told = [arrow for reference in part.plan.references for arrow in _of_reference(reference, names, report)]
    known = {(reader.service, r.variable) for r in part.plan.references for reader in r.readers if r.decision != "keep"}
    right = _of_environment(part.project, names, known) if part.project and report.to == "container" else ()
    return list(dict.fromkeys((*told, *right)))


def _of_reference(reference: Reference, names: Mapping[str, str], report: Report) -> Iterator[Arrow]:
    sources = [reader.service for reader in reference.readers] if report.to == "container" else [HOST]
    host = reference.address.rpartition(":")[0] or reference.address
    broken = reference.decision == "rewrite" and not report.written
    broken |= reference.decision == "keep" and MEANINGS[reference.reason].in_vain
    if reference.reason == "sibling":
        return
    for source in sources:
        if broken:
            yield Arrow(source, names.get(host, ITSELF + source), BROKEN, reference.variable)
        if reference.decision == "rewrite" and reference.service is not None:
            yield Arrow(source, reference.service, RIGHT, reference.variable)
        for choice in reference.choices if reference.decision == "ask" else ():
            if choice.service is not None:
                yield Arrow(source, choice.service, OPEN, f"{reference.variable}?")


def _of_environment(project: Project, names: Mapping[str, str], known: set[tuple[str, str]]) -> Iterator[Arrow]:
    """The addresses of other services that containers get; red where the two share no network."""
    addresses: dict[str, tuple[Address, ...]] = {}
    wanted = frozenset(map(str.lower, names))
    for service in project.services.values():
        for variable, value in service.environment.items():
            if not value or (service.name, variable) in known:
                continue
            if value not in addresses:
                addresses[value] = find_addresses(value, wanted)
            for found in addresses[value]:
                target = project.services.get(names.get(found.host, ""))
                if target is None or target.name == service.name or found.refusal:
                    continue
                if not (found.port or found.scheme or name_says(variable).names_a_host):
                    continue  # a user or a database that is called as the service is
                kind = BROKEN if _apart(service, target) else RIGHT
                yield Arrow(service.name, target.name, kind, as_written(variable))


def _apart(one: Service, other: Service) -> bool:
    return bool(one.networks and other.networks and not one.networks.keys() & other.networks.keys())


def _names(project: Project | None) -> dict[str, str]:
    """Every name by which a service is reached, with the service."""
    services = {**project.inactive, **project.services} if project else {}
    aliases = {alias: s.name for s in services.values() for own in s.networks.values() for alias in own}
    containers = {s.container_name: s.name for s in services.values() if s.container_name}
    return {**aliases, **containers, **{name: name for name in services}}


def _bundled(arrows: Iterable[Arrow]) -> list[Arrow]:
    """One arrow for all variables of a kind between the same two, since parallel arrows hide each other."""
    labels: dict[tuple[str, str, str], list[str]] = {}
    for arrow in arrows:
        labels.setdefault((arrow.source, arrow.target, arrow.kind), []).append(arrow.variable)
    return [Arrow(*ends, "<br/>".join(shortened(names, escape, LABELS))) for ends, names in labels.items()]


def _drawn(part: Part, bundles: list[Arrow], prefix: str) -> Iterator[str]:
    services = part.project.services if part.project else {}
    inactive = part.project.inactive if part.project else {}
    ends = dict.fromkeys(end for arrow in bundles for end in (arrow.source, arrow.target))
    nodes = dict.fromkeys((*services, *ends))
    ids = {name: f"{prefix}{number}" for number, name in enumerate(nodes)}
    several = len({network for service in services.values() for network in service.networks}) > 1
    for name, node in ids.items():
        service = services.get(name) or inactive.get(name)
        yield _node(node, name, service, several, name in inactive)
    for arrow in bundles:
        yield f'{ids[arrow.source]} {_ARROWS[arrow.kind]}|"{arrow.variable}"| {ids[arrow.target]}'


def _node(node: str, name: str, service: Service | None, several: bool, inactive: bool) -> str:
    if name == HOST:
        return f'{node}(["programs on the host"])'
    if name.startswith(ITSELF):
        return f'{node}(["localhost: {escape(name.removeprefix(ITSELF)) or "this machine"} itself"]):::wrong'
    lines = [escape(name)]
    if service and several and service.networks:
        lines.append(f"networks: {escape(', '.join(map(as_written, service.networks)))}")
    if service and inactive:
        lines.append(f"profile: {escape(', '.join(map(as_written, service.profiles)))}")
    return f'{node}["{"<br/>".join(lines)}"]'


def escape(text: str) -> str:
    """Text as a quoted label of mermaid holds it: what could end the label or begin markup is an entity."""
    return _MARKUP.sub(lambda match: f"#{ord(match[0])};", clean(text))
