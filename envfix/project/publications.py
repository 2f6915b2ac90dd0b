"""Which ports of the machine lead to a service?"""

from collections.abc import Iterator

from envfix.addresses import loopback_ips
from envfix.compose.model import Service
from envfix.named_tuples import NamedTuple
from envfix.numerals import port_range


class Publication(NamedTuple):
    """A port of the machine that leads to a container's: `published` there, on the address `host_ip` (None: on every
    one), and `container_port` inside."""

    published: int
    container_port: int
    host_ip: str | None

    def answers(self, host: str) -> bool:
        """Whether a program on the machine that connects to this loopback host, as an env file writes it, gets here;
        a host that is no loopback one stands for every address."""
        ips = loopback_ips(host)
        everywhere = {None: (4, 6), "0.0.0.0": (4,), "::": (6,)}.get(self.host_ip, ())
        return not ips or any(ip == self.host_ip or (6 if ":" in ip else 4) in everywhere for ip in ips)


def publications(service: Service) -> Iterator[Publication]:
    """What `ports` publishes (tcp only; a range that the engine chooses from counts for each of its ports)."""
    for port in service.ports:
        if port.protocol != "tcp" or not port.published:
            continue
        for number in port_range(port.published):
            yield Publication(number, port.target, port.host_ip)
