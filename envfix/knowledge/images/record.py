"""What is known of one stock image."""

from collections.abc import Mapping
from typing import NamedTuple

HUB = "https://hub.docker.com/_/"
# `reads` of an image that is an application of its own: whatever it is handed may be its configuration.
ANYTHING = ("",)


class Image(NamedTuple):
    """A stock image, known by the last part of its name, or by the last two where the last alone says little
    (`selenium/hub`).

    `kind` is the family of the server. `ports` are those that it listens on by itself (the first is the main one), each
    with the protocols that it speaks: families of `schemes.Scheme.kind`, "web" for HTTP that people open in a browser,
    "peer" for what servers of one cluster say to each other. `also` are ports that it serves only when told to. `words`
    are those by which variables name it, `reads` the prefixes of the variables that the image itself reads (what else
    it receives it does not use), `listens` those of them that say where it listens. `programs`: of an image that holds
    several servers, the ports of each, by the name that its command says. `uses`: the families of servers that it is a
    client of. `source` is the page that says so.
    """

    kind: str
    names: tuple[str, ...]
    ports: Mapping[int, str]
    words: tuple[str, ...]
    reads: tuple[str, ...]
    source: str
    also: Mapping[int, str] = {}
    listens: tuple[str, ...] = ()
    programs: tuple[tuple[str, tuple[int, ...]], ...] = ()
    uses: tuple[str, ...] = ()

    def speaks(self, port: int) -> frozenset[str]:
        """The protocols of a port; empty where the documentation does not know it."""
        said = self.ports.get(port) or self.also.get(port) or ""
        return frozenset(said.split())

    @property
    def families(self) -> frozenset[str]:
        """The families as which the image can be asked."""
        spoken = " ".join(self.ports.values()).replace("web", "http")
        return frozenset((self.kind, *spoken.split())) - {"peer"}
