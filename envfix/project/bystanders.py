"""Does a service merely receive an address, and use it for nothing, as its image says?"""

from envfix.knowledge.images import PURE_SERVERS, Image
from envfix.knowledge.names import name_says
from envfix.knowledge.schemes import scheme_of
from envfix.project.classes import is_not_java
from envfix.project.ports import Ports
from envfix.project.stock import Script
from envfix.project.uses import Found


def is_bystander(ports: Ports, found: Found) -> bool:
    """Whether the service merely receives the variable: a stock image that gets an env file with everyone else reads of
    it what its documentation names, and a database, cache or broker connects to nothing because of it; a script or a
    client on the image of one connects to such a server. A `jdbc:` URL is of use to Java alone."""
    use = found.use
    if use.text.value.startswith("jdbc:") and is_not_java(ports, use.service):
        return True
    if use.way in ("interpolation", "infrastructure"):
        return False
    image = ports.image(use.service)
    if image is None:
        return False
    if use.variable in image.listens:
        return False
    if use.entry is not None and use.variable.startswith(image.reads or ("\0",)):
        return False
    script = ports.script(use.service)
    if script is not None and _is_for_its_client(image, script, found):
        return False
    return image.kind in PURE_SERVERS or not use.variable.startswith(image.reads or ("\0",))


def _is_for_its_client(image: Image, script: Script, found: Found) -> bool:
    """Whether the address, by its scheme or else by the variable's name, is that of a server such as the image's own
    (`DATABASE_URL` of a job that runs pg_dump on the image of PostgreSQL), and the script may read it."""
    scheme = scheme_of(found.address.scheme)
    kinds = frozenset({scheme.kind}) - {"http"} if scheme is not None else frozenset[str]()
    if not found.address.scheme:
        kinds = name_says(found.use.variable).kinds
    return not kinds.isdisjoint(image.families) and script.reads(found.use.variable)
