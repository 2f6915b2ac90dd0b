"""Which port of a Kafka broker do clients inside need?

A broker sends its clients on to the listener that it advertises
(https://kafka.apache.org/documentation/#brokerconfigs_advertised.listeners), so that one decides, whatever port the
first connection took.
"""

from __future__ import annotations

from envfix.addresses import find_addresses
from envfix.project.ports import Endpoint, Ports
from envfix.resolver.case import Case, Scene
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


def advertised_to_clients(scene: Scene, case: Case) -> Need | None:
    """A question where a broker tells its clients loopback alone, and services of the project are its clients: each of
    them is sent to itself, and whoever runs on the machine needs it as it is. Two listeners serve both."""
    image, broker = scene.ports.image(case.reader), case.reader
    if image is None or image.kind != "kafka" or case.address.kind != "loopback":
        return None
    bears = scene.topology.bearer
    if any(bears(one.host) == broker for one in scene.ports.advertised(broker)):
        return None
    clients = sorted(name for name in scene.topology.services if name != broker and _is_client(scene, name, broker))
    if not clients:
        return None
    port = next((one.port for one in scene.ports.advertised(broker)), case.port.number or 0)
    why = (
        f"{broker} tells its clients {case.address.host}, so {', '.join(clients)} inside is sent back to itself; "
        f"programs on the machine need it: give {broker} two listeners, such as PLAINTEXT://{broker}:29092 for "
        f"containers and PLAINTEXT_HOST://{case.address.host}:{port} for the machine"
    )
    return ask(why)


def _is_client(scene: Scene, name: str, broker: str) -> bool:
    """Whether a service is told the broker's name, in a variable of any kind, and can reach it."""
    names = scene.topology.names_known
    values = (value for value in scene.topology.services[name].environment.values() if value)
    told = (one for value in values for one in find_addresses(value, names) if one.kind == "name" and not one.refusal)
    return scene.topology.reaches(name, broker) and any(
        scene.topology.leads_to(name, one.host) == broker for one in told
    )
