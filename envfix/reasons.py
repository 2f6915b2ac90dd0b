"""Every decision, reason and way: as types, so that a misspelling is an error, and with what each reason means.

One table says of each reason in which place among the reasons to stay it is named, whether a reader that has it objects
to a change, how SARIF and GitHub grade it, and in which words a person is told. README and docs/decisions.md are held
against it.
"""

from typing import Literal, get_args

from envfix.named_tuples import NamedTuple

Decision = Literal["rewrite", "keep", "ask"]

Reason = Literal[
    "pinned", "not-an-address", "unread", "infrastructure", "bind", "host-network", "browser", "default", "self",
    "no-target", "unreachable", "host-gateway", "unpublished",
    "published", "container", "published-port-on-service", "sibling", "scheme", "name",
    "conflict", "ambiguous",
]  # fmt: skip

# In falling strength: how a service reads a variable. "environment" is a literal of the compose file, "configured" what
# the user's configuration says of who reads a file or a variable.
Way = Literal["environment", "interpolation", "pass-through", "env_file", "configured", "mount", "image"]

# How a value reaches a place of a service: a way, a place where no connection is opened from it, or not at all.
Landing = Literal[
    "environment", "interpolation", "pass-through", "env_file", "configured", "mount", "image",
    "infrastructure", "unread",
]  # fmt: skip

Level = Literal["error", "warning", "note"]

WAYS: tuple[Way, ...] = get_args(Way)


class Meaning(NamedTuple):
    """What a reason means.

    `stays`: since what an address stays, for those that are weighed against one another (in the table's order the first
    that holds is named), "" for others. `objects`: a reader with this need would lose something by a change. `in_vain`:
    a container that connects to an address which stays for this fails. `level`: SARIF's, for what is reported: error
    (surely wrong), warning (wrong, by weaker evidence), note (a person must decide). `short` and `help`: what the
    finding is, and what to know of it. `in_log`: what it means that an address stayed which a log shows to fail, with
    {who} for the service, {instead} and {instead_is} for the address that it needs.
    """

    code: Reason
    stays: str = ""
    objects: bool = False
    in_vain: bool = False
    level: Level | None = None
    short: str = ""
    help: str = ""
    in_log: str = ""


_INSIDE = "Inside a container, localhost is the container itself. "

_TABLE = (
    Meaning(
        "pinned",
        stays="you said so, in the file or in the configuration",
        level="error",
        short="the configuration names another address",
        help="A comment above the variable, or the configuration of envfix, says which service and port this must be.",
        in_log="The pin keeps it: take it away, or name the service there.",
    ),
    Meaning(
        "not-an-address",
        stays="it is no destination: a mail address, a pattern, a list of allowed hosts, a database called localhost",
    ),
    Meaning("unread", stays="no service reads it: it is for programs on the host"),
    Meaning(
        "infrastructure",
        stays="it only fills `ports:`, image names, volumes, labels, healthchecks, build arguments",
    ),
    Meaning(
        "bind",
        stays="it is an address to listen on",
        objects=True,
        in_log="It is an address to listen on; what failed to connect says the same one, likely as the program's "
        "default.",
    ),
    Meaning(
        "host-network",
        stays="its reader runs on the host's network, where localhost is right",
        objects=True,
        in_log="{who} runs on the host's network, where localhost is right: start that server on the host, or publish "
        "its port.",
    ),
    Meaning(
        "browser",
        stays="a browser or another program outside uses it: `NEXT_PUBLIC_*`, callbacks, CORS origins, public URLs",
        objects=True,
        in_log="But {who} itself connects to it here: give that use a variable of its own{instead}.",
    ),
    Meaning(
        "default",
        stays="the compose file's own default says that loopback is meant",
        objects=True,
        level="error",
        short="the compose file's own default names the service",
        help=_INSIDE + "The default that the compose file gives for this variable names the service that is meant.",
        in_log="But {who} itself connects to it here{instead_is}.",
    ),
    Meaning(
        "self",
        stays="it is the reader's own port",
        objects=True,
        in_log="It is {who}'s own container: its own server was not listening there (yet).",
    ),
    Meaning(
        "no-target",
        stays="nothing in the project serves that port",
        in_vain=True,
        in_log="If a program on the host serves it, that is host.docker.internal inside a container, with "
        '`extra_hosts: ["host.docker.internal:host-gateway"]` on Linux.',
    ),
    Meaning(
        "unreachable",
        stays="the service that serves it shares no network with the reader",
        in_vain=True,
        in_log="No address helps before {who} and that service share a network.",
    ),
    Meaning(
        "published",
        level="error",
        short="localhost with a published port is used inside a container",
        help=_INSIDE
        + "This port is published on the host by another service of the project; from a container that service is "
        "reached by its name and its container port.",
    ),
    Meaning(
        "container",
        level="error",
        short="localhost is used for the port of another service",
        help=_INSIDE
        + "The port is the container port of another service of the project, which is reached by its name.",
    ),
    Meaning(
        "published-port-on-service",
        level="error",
        short="a service's name stands with its published port",
        help="A published port is for programs on the host. Containers reach a service by its name and its container "
        "port.",
    ),
    Meaning(
        "sibling",
        level="error",
        short="the port of an address that changes",
        help="Host and port stand apart, and the one does not hold without the other: both change.",
    ),
    Meaning(
        "scheme",
        level="warning",
        short="localhost is used inside a container; the scheme names the service",
        help=_INSIDE + "No port says which service is meant, but one service of the project speaks this protocol.",
    ),
    Meaning(
        "name",
        level="warning",
        short="localhost is used inside a container; the variable's name suggests the service",
        help=_INSIDE + "No port says which service is meant, but the variable's name fits one service of the project.",
    ),
    Meaning(
        "host-gateway",
        level="warning",
        short="a service is reached by way of the host",
        help="host.docker.internal with the published port of a service of the same project takes the way over the "
        "host, and fails where that name or port is not there. The service's name is the straight way.",
    ),
    Meaning(
        "unpublished",
        in_vain=True,
        level="warning",
        short="the service publishes no such port on the host",
        help="A program on the host reaches a service only by a published port: add one under `ports:` of the service.",
    ),
    Meaning(
        "conflict",
        level="note",
        short="the uses of this variable need different values",
        help="What reads this variable needs different values of it. Give each service its own under `environment:` "
        "(envfix --override FILE writes that), or decide with a comment `# envfix: keep` or `# envfix: SERVICE:PORT` "
        "above it.",
    ),
    Meaning(
        "ambiguous",
        level="note",
        short="it is not certain which service this address means",
        help="Several services could be meant, or the evidence is too thin. Decide with a comment `# envfix: keep` or "
        "`# envfix: SERVICE:PORT` on the line above the variable, or with `envfix --interactive`.",
    ),
)

MEANINGS: dict[Reason, Meaning] = {meaning.code: meaning for meaning in _TABLE}

# Of several reasons to stay the first that holds is named.
KEEP_ORDER: tuple[Reason, ...] = tuple(meaning.code for meaning in _TABLE if meaning.stays)

# What is reported as a finding, in the order in which SARIF lists its rules.
REPORTED: tuple[Meaning, ...] = tuple(meaning for meaning in _TABLE if meaning.level is not None)


def level(reason: Reason, decision: Decision) -> Level:
    """How a finding is graded: what a person must decide is a note, whatever the reason."""
    return "note" if decision == "ask" else MEANINGS[reason].level or "warning"
