"""What do a service's own command and variables tell the rules? Each is asked for once for every address, and a hostile
project has thousands of them and a command of a megabyte: so each is looked at once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from envfix.addresses import find_addresses
from envfix.knowledge.names import words_of
from envfix.project.commands import command_of, only_migrates
from envfix.project.listening import listens_on_loopback_only
from envfix.project.ports import Ports

TEST = frozenset({"TEST", "TESTS", "TESTING"})
# Words of a service that runs tests: the programs by which https://docs.docker.com/guides/ runs them in containers.
RUNS_TESTS = TEST | {"PYTEST", "TOX", "PHPUNIT", "PEST", "RSPEC", "JEST", "VITEST", "E2E", "CI"}


class Told:
    """The answers for a project's services."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._loopback_only: dict[str, bool] = {}
        self._migrates: dict[str, bool] = {}
        self._created: dict[str, Mapping[str, None]] = {}
        self._tests: dict[str, bool] = {}
        self._named: dict[str, frozenset[str]] = {}
        self._hosts: dict[str, frozenset[str]] = {}
        self._clients: dict[str, tuple[str, ...]] = {}

    def loopback_only(self, service: str) -> bool:
        """Whether its command binds the server to its own container's loopback."""
        if service not in self._loopback_only:
            self._loopback_only[service] = listens_on_loopback_only(self._ports.services[service])
        return self._loopback_only[service]

    def only_migrates(self, service: str) -> bool:
        """Whether what it starts brings a database's tables up to date and ends."""
        if service not in self._migrates:
            command = command_of(self._ports.services[service], self._ports.dockerfile(service))
            self._migrates[service] = only_migrates(command)
        return self._migrates[service]

    def runs_tests(self, service: str) -> bool:
        """Whether its name, its command or its variables say that it runs tests."""
        if service not in self._tests:
            one = self._ports.services[service]
            told = (service, *(one.command or ()), *(one.entrypoint or ()), *one.environment.values())
            self._tests[service] = any(not RUNS_TESTS.isdisjoint(words_of(text or "")) for text in told)
        return self._tests[service]

    def created(self, service: str) -> Mapping[str, None]:
        """The databases that it is told to create, in order: `POSTGRES_DB`, `MYSQL_DATABASE`, ..."""
        if service not in self._created:
            variables = self._ports.services[service].environment.items()
            ends = (("DB",), ("DATABASE",), ("DATABASES",))
            self._created[service] = dict.fromkeys(
                value for name, value in variables if value and words_of(name)[-1:] in ends
            )
        return self._created[service]

    def clients(self, server: str) -> tuple[str, ...]:
        """The services that are told the server's name, in a variable of any kind, and can reach it; sorted."""
        if server not in self._clients:
            reaches, services = self._ports.topology.reaches, self._ports.services
            told = (name for name in services if name != server and server in self._servers_named(name))
            self._clients[server] = tuple(sorted(name for name in told if reaches(name, server)))
        return self._clients[server]

    def _servers_named(self, service: str) -> frozenset[str]:
        """The services to which the names lead that stand in the variables of one."""
        if service not in self._named:
            topology = self._ports.topology
            values = filter(None, topology.services[service].environment.values())
            hosts = frozenset[str]().union(*map(self._hosts_in, values))
            led = (topology.leads_to(service, host) for host in hosts)
            self._named[service] = frozenset(one for one in led if one is not None)
        return self._named[service]

    def _hosts_in(self, value: str) -> frozenset[str]:
        """The names of services in a value, which thousands of services may have."""
        if value not in self._hosts:
            there = find_addresses(value, self._ports.topology.names_known)
            self._hosts[value] = frozenset(one.host for one in there if one.kind == "name" and not one.refusal)
        return self._hosts[value]

    def called(self, words: frozenset[str], but: str) -> bool:
        """Whether a service other than `but` has one of the words in its name."""
        return any(name != but for word in words for name in self._by_word.get(word, ()))

    @cached_property
    def _by_word(self) -> dict[str, list[str]]:
        """For each word of services' names two of those services, at the most."""
        found: dict[str, list[str]] = {}
        for name in self._ports.services:
            for word in dict.fromkeys(words_of(name)):
                named = found.setdefault(word, [])
                if len(named) < 2:
                    named.append(name)
        return found

    @cached_property
    def images_built(self) -> frozenset[str]:
        """The words of the images that the project builds."""
        built = (one.image for one in self._ports.services.values() if one.build is not None and one.image)
        return frozenset(word for image in dict.fromkeys(built) for word in image_words(image))


def image_words(image: str) -> tuple[str, ...]:
    """The words of an image's owner and name, without registry, tag and digest."""
    path = image.partition("@")[0].split("/")
    path[-1] = path[-1].partition(":")[0]
    return words_of("_".join(path[-2:]))
