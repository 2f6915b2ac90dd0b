"""By which addresses does a Kafka broker tell its clients to come back?

Kafka's documentation: https://kafka.apache.org/documentation/#brokerconfigs_advertised.listeners
"""

from collections.abc import Mapping
from typing import NamedTuple

from envfix.numerals import port_number
from envfix.patterns import regex


class Advertised(NamedTuple):
    """One advertised listener of a Kafka broker: the address that the broker tells its clients to use."""

    name: str
    host: str
    port: int


_ADVERTISED = regex(r"(?:(?<![A-Za-z0-9_])([A-Za-z0-9_]++)://|(?<![\w.-]))([\w.-]*+|\[[0-9a-fA-F:]++\]):(\d{2,5})")
_ADVERTISED_NAMES = (
    "KAFKA_ADVERTISED_LISTENERS",
    "KAFKA_CFG_ADVERTISED_LISTENERS",
    "KAFKA_BROKER_ADVERTISED_LISTENERS",
)
_FLAG = regex(r"--(?:advertise-kafka-addr|override advertised\.listeners)[ =](\S+)")


def advertised_by(environment: Mapping[str, str | None], command: str) -> tuple[Advertised, ...]:
    """The listeners that variables or the command line advertise, () where nothing says so."""
    text = next((environment[key] or "" for key in _ADVERTISED_NAMES if key in environment), "")
    if not text and (flag := _FLAG.search(command)):
        text = flag[1]
    found = ((match, port_number(match[3])) for match in _ADVERTISED.finditer(text))
    return tuple(Advertised(match[1] or "", match[2], port) for match, port in found if port is not None)
