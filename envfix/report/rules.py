"""The reasons as rules: a stable id, a level and a help text each, for formats that speak of rules."""

from typing import NamedTuple

from envfix.records import Reference


class Rule(NamedTuple):
    """One reason code that is reported. `level` is SARIF's: error (surely wrong), warning (wrong, by weaker evidence),
    note (a person must decide)."""

    id: str
    level: str
    short: str
    help: str


_INSIDE = "Inside a container, localhost is the container itself. "

_RULES = (
    Rule(
        "published",
        "error",
        "localhost with a published port is used inside a container",
        _INSIDE
        + "This port is published on the host by another service of the project; from a container that service is "
        "reached by its name and its container port.",
    ),
    Rule(
        "container",
        "error",
        "localhost is used for the port of another service",
        _INSIDE + "The port is the container port of another service of the project, which is reached by its name.",
    ),
    Rule(
        "published-port-on-service",
        "error",
        "a service's name stands with its published port",
        "A published port is for programs on the host. Containers reach a service by its name and its container port.",
    ),
    Rule(
        "sibling",
        "error",
        "the port of an address that changes",
        "Host and port stand apart, and the one does not hold without the other: both change.",
    ),
    Rule(
        "pinned",
        "error",
        "the configuration names another address",
        "A comment above the variable, or the configuration of envfix, says which service and port this must be.",
    ),
    Rule(
        "default",
        "error",
        "the compose file's own default names the service",
        _INSIDE + "The default that the compose file gives for this variable names the service that is meant.",
    ),
    Rule(
        "scheme",
        "warning",
        "localhost is used inside a container; the scheme names the service",
        _INSIDE + "No port says which service is meant, but one service of the project speaks this protocol.",
    ),
    Rule(
        "name",
        "warning",
        "localhost is used inside a container; the variable's name suggests the service",
        _INSIDE + "No port says which service is meant, but the variable's name fits one service of the project.",
    ),
    Rule(
        "host-gateway",
        "warning",
        "a service is reached by way of the host",
        "host.docker.internal with the published port of a service of the same project takes the way over the host, "
        "and fails where that name or port is not there. The service's name is the straight way.",
    ),
    Rule(
        "unpublished",
        "warning",
        "the service publishes no such port on the host",
        "A program on the host reaches a service only by a published port: add one under `ports:` of the service.",
    ),
    Rule(
        "conflict",
        "note",
        "the uses of this variable need different values",
        "What reads this variable needs different values of it. Give each service its own under `environment:` (envfix "
        "--override FILE writes that), or decide with a comment `# envfix: keep` or `# envfix: SERVICE:PORT` above it.",
    ),
    Rule(
        "ambiguous",
        "note",
        "it is not certain which service this address means",
        "Several services could be meant, or the evidence is too thin. Decide with a comment `# envfix: keep` or "
        "`# envfix: SERVICE:PORT` on the line above the variable, or with `envfix --interactive`.",
    ),
)

RULES = {rule.id: rule for rule in _RULES}


def rule(reference: Reference) -> Rule:
    """The rule of a reference that is reported; a reason without one of its own has a plain one."""
    known = RULES.get(reference.reason)
    return known or Rule(reference.reason, "warning", "an address that fails inside a container", _INSIDE.strip())


def level(reference: Reference) -> str:
    """SARIF's level: what a person must decide is a note, whatever the reason."""
    return "note" if reference.decision == "ask" else rule(reference).level
