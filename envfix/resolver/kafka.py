"""Which port of a Kafka broker do clients inside need?

A broker sends its clients on to the listener that it advertises
(https://kafka.apache.org/documentation/#brokerconfigs_advertised.listeners), so that one decides, whatever port the
first connection took.
"""

from __future__ import annotations

from envfix.resolver.needs import Need, ask
from envfix.targets import Served, Topology


def through_listener(topology: Topology, served: Served) -> Served | Need:
    """The target as its clients inside must name it; a question where no listener leads to it. What is no broker is
    returned as it is."""
    image = topology.image(served.service)
    if image is None or image.kind != "kafka":
        return served
    listeners = topology.advertised(served.service)
    if not listeners:
        return served
    inside = [one for one in listeners if topology.names.get(one.host) == served.service]
    if not inside:
        first = listeners[0]
        why = (
            f"{served.service} advertises only {first.host or 'itself'}:{first.port} to its clients, so no address "
            f"helps until its advertised listener names {served.service}"
        )
        return ask(why, (served,))
    ports = {one.port for one in inside}
    if len(ports) > 1 and served.container_port not in ports:
        choices = tuple(served._replace(container_port=port) for port in sorted(ports))
        return ask(f"{served.service} advertises several listeners inside", choices)
    port = served.container_port if served.container_port in ports else inside[0].port
    detail = f"{served.service} advertises {inside[0].host}:{port} to clients inside"
    return served._replace(container_port=port, detail=detail)
