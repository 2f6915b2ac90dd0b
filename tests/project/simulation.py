"""What does the engine's DNS answer? A plain retelling of it, container by container, that shares nothing with envfix.

It takes a compose file as PyYAML-like dictionaries and follows what Docker Engine does with it: every container is put
on its networks with the names that it bears there, and a look-up goes through hosts file, links and networks. The
retelling itself is held against a real engine in tests/engine/test_names.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple


class Container(NamedTuple):
    service: str
    name: str
    hostname: str
    hosts: dict[str, str]
    links: dict[str, str]
    networks: dict[str, set[str]]


class Machine:
    """The containers of a project after `up`, as dictionaries of a compose file describe them."""

    def __init__(self, compose: dict[str, Any], project: str = "app") -> None:
        self.project = project
        self.networks = {
            key: (value or {}).get("name", f"{project}_{key}") for key, value in compose.get("networks", {}).items()
        }
        self.networks.setdefault("default", f"{project}_default")
        self.services = compose["services"]
        self.containers = [one for name in self.services for one in self.started(name)]

    def started(self, name: str) -> Iterator[Container]:
        service = self.services[name]
        if service.get("profiles"):
            return
        for number in range(1, service.get("scale", service.get("deploy", {}).get("replicas", 1)) + 1):
            own = service.get("container_name") or f"{self.project}-{name}-{number}"
            mode = service.get("network_mode", "")
            networks: dict[str, set[str]] = {}
            if mode and ":" not in mode and mode not in ("host", "none", "bridge"):
                networks[mode] = set()
            elif not mode:
                for key, settings in (service.get("networks") or {"default": None}).items():
                    names = networks.setdefault(self.networks[key], set())
                    names.update({name, *((settings or {}).get("aliases") or [])})
            hostname = service.get("hostname", "")
            for names in networks.values():
                names.update(filter(None, {own, hostname}))
            hosts = dict(line.split(":", 1) for line in service.get("extra_hosts", []))
            links = {link.rpartition(":")[2]: link.partition(":")[0] for link in service.get("links", [])}
            yield Container(name, own, hostname, hosts, links, networks)

    def namespace(self, service: str) -> Container | None:
        """The container in whose network namespace the service's first container stands."""
        mode = self.services[service].get("network_mode", "")
        if mode.startswith("service:"):
            return self.namespace(mode.partition(":")[2])
        if mode.startswith("container:"):
            [named] = [one.service for one in self.containers if one.name == mode.partition(":")[2]] or [""]
            return self.namespace(named) if named else None
        return next((one for one in self.containers if one.service == service), None)

    def runs(self, service: str) -> bool:
        """Whether the service has a container, and the one whose namespace it stands in is there."""
        return any(one.service == service for one in self.containers) and self.namespace(service) is not None

    def look_up(self, reader: str, name: str) -> set[str]:
        """The services whose containers a connection from the reader to the name may reach; "?" for elsewhere."""
        stand = self.namespace(reader)
        if stand is None:
            return set()
        word = name.lower()
        for host, address in stand.hosts.items():
            if host.lower() == word:
                return {stand.service} if address.startswith("127.") else {"?"}
        if word == "localhost" or (word == stand.hostname.lower() and stand.networks):
            return {stand.service}
        for alias, target in stand.links.items():
            linked = self.namespace(target)
            shared = set(linked.networks) & set(stand.networks) if linked is not None else ()
            if linked is not None and word in {alias.lower() for _ in shared} | {
                f"{alias}.{net}".lower() for net in shared
            }:
                return {linked.service}
        for network in sorted(stand.networks):
            found = {
                other.service
                for other in self.containers
                for own in other.networks.get(network, ())
                if word in (own.lower(), f"{own}.{network}".lower())
            }
            if found:
                return found
        return set()
