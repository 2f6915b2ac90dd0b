"""Which port of a Kafka broker do clients inside need?

A broker sends its clients on to the listener that it advertises
(https://kafka.apache.org/documentation/#brokerconfigs_advertised.listeners), so that one decides, whatever port the
first connection took.
"""

from __future__ import annotations

from envfix.project.ports import Endpoint, Ports
from envfix.resolver.needs import Need, ask


def through_listener(ports: Ports, endpoint: Endpoint) -> Endpoint | Need:
    """The target as its clients inside must name it; a question where no listener leads to it. What is no broker is
    returned as it is."""
    image = ports.image(endpoint.service)
    if image is None or image.kind != "kafka":
        return endpoint
    listeners = ports.advertised(endpoint.service)
    if not listeners:
        return endpoint
    inside = [one for one in listeners if ports.topology.bearer(one.host) == endpoint.service]
    if not inside:
        first = listeners[0]
        why = (
            f"{endpoint.service} advertises only {first.host or 'itself'}:{first.port} to its clients, so no address "
            f"helps until its advertised listener names {endpoint.service}"
        )
        return ask(why, (endpoint,))
    inner = {one.port for one in inside}
    if len(inner) > 1 and endpoint.container_port not in inner:
        choices = tuple(endpoint._replace(container_port=port) for port in sorted(inner))
        return ask(f"{endpoint.service} advertises several listeners inside", choices)
    port = endpoint.container_port if endpoint.container_port in inner else inside[0].port
    detail = f"{endpoint.service} advertises {inside[0].host}:{port} to clients inside"
    return endpoint._replace(container_port=port, detail=detail)
