"""Does this port speak what the address speaks?

What a port speaks is known of stock images alone, and of those of their ports that the documentation names. A port that
it does not name may speak anything: the compose file that publishes it knows better than a word on the image as a
whole.
"""

from __future__ import annotations

from envfix.knowledge.images import Image
from envfix.knowledge.words import CONSOLE_WORDS, SURE_ROLES
from envfix.project.ports import Endpoint
from envfix.resolver.case import Case, Scene

_HTTP = frozenset({"http", "web"})
_GRPC = _HTTP | {"grpc"}
# A gRPC client is given its server as an `http:` URL, too: OTLP's exporters
# (https://opentelemetry.io/docs/specs/otel/protocol/exporter/#endpoint-urls-for-otlphttp), tonic and .NET's channel
# (https://learn.microsoft.com/aspnet/core/grpc/client).


def protocol_of(case: Case) -> tuple[object, ...]:
    """All that `speaks` looks at in a case: for cases that agree in it each endpoint speaks alike."""
    sure = case.says.exact or case.says.role in SURE_ROLES
    console = not CONSOLE_WORDS.isdisjoint(case.says.words)
    return (case.family, case.port.number, case.kinds, case.says.exact, sure, console)


def speaks(scene: Scene, case: Case, endpoint: Endpoint) -> bool:
    """Whether nothing that the documentation of the service's image says of the port contradicts the address."""
    image = scene.ports.image(endpoint.service)
    said = image.speaks(endpoint.container_port) if image is not None else frozenset()
    if image is None or not said:
        return image is None or endpoint.evidence == "published" or not foreign(scene, case, endpoint)
    if case.family in ("http", "grpc"):
        return not said.isdisjoint(_GRPC)
    if case.family:
        over_http = f"{case.family}-http" in said and case.port.number == endpoint.container_port
        return case.family in said or over_http
    return _as_named(case, image, said)


def _as_named(case: Case, image: Image, said: frozenset[str]) -> bool:
    """The same for an address without a scheme: what the variable's name says of the product."""
    if not case.kinds or not (case.says.exact or case.says.role in SURE_ROLES):
        return True
    if case.kinds.isdisjoint({image.kind, *said}):
        return False
    # A page for people is not the product itself, unless the name means the page.
    return said != {"web"} or len(image.ports) == 1 or not CONSOLE_WORDS.isdisjoint(case.says.words)


def foreign(scene: Scene, case: Case, endpoint: Endpoint) -> bool:
    """Whether the service is a stock server of another kind than the address, at a port that nobody documents."""
    image = scene.ports.image(endpoint.service)
    if image is None or image.speaks(endpoint.container_port):
        return False
    if case.family == "http":
        return _HTTP.isdisjoint(image.families)
    if case.family == "grpc":
        return False
    wanted = frozenset({case.family}) if case.family else case.kinds if case.says.exact else frozenset()
    return bool(wanted) and wanted.isdisjoint(image.families)


def documented(scene: Scene, case: Case, denied: list[Endpoint]) -> list[Endpoint]:
    """For published ports that speak another protocol: the port of the same service that speaks the address's, by the
    documentation of its image."""
    wanted = frozenset({case.family}) if case.family else case.kinds
    found = []
    for endpoint in denied:
        image = scene.ports.image(endpoint.service)
        if image is None or wanted <= {"http", "grpc"}:
            continue
        number = next((port for port, said in image.ports.items() if not wanted.isdisjoint(said.split())), None)
        if number is not None:
            detail = (
                f"{endpoint.published} leads to {endpoint.container_port}, which speaks another protocol; "
                f"{endpoint.service} speaks {' or '.join(sorted(wanted & image.families))} on {number} ({image.source})"
            )
            found.append(Endpoint(endpoint.service, number, None, "container", detail))
    return found


def is_for_drivers(image: Image, endpoint: Endpoint) -> bool:
    """Whether the port is documented to speak what no browser speaks: an address without a scheme is a program's."""
    said = image.speaks(endpoint.container_port)
    return bool(said) and said.isdisjoint(_HTTP)
