"""In which words is a person told what is behind a failed connection, and what to do?"""

from __future__ import annotations

from collections.abc import Iterator

from envfix.logs.matching import GATEWAY, doubtful_names, is_container_ip, is_heard, sayers, says_address
from envfix.logs.recognition import Failure, is_loopback
from envfix.project.uses import Reading
from envfix.reasons import MEANINGS
from envfix.records import Choice, Plan, Reference
from envfix.resolver.verdict import host_for

Told = tuple[str | None, str | None, int | None, str | None, str]
"""variable, path, line, replacement, explanation"""

# Variables that programs commonly read for a server of this kind (knowledge.images), as examples of what to set.
_EXAMPLES = {
    "postgres": "DATABASE_URL or PGHOST", "mysql": "DATABASE_URL or DB_HOST", "redis": "REDIS_URL or REDIS_HOST",
    "mongodb": "MONGO_URL or MONGO_HOST", "rabbitmq": "AMQP_URL or RABBITMQ_HOST", "kafka": "KAFKA_BROKERS",
    "elasticsearch": "ELASTICSEARCH_URL", "clickhouse": "CLICKHOUSE_URL or CLICKHOUSE_HOST", "smtp": "SMTP_HOST",
    "s3": "S3_ENDPOINT", "memcached": "MEMCACHED_HOST", "nats": "NATS_URL",
}  # fmt: skip

# What is said instead where the reason is another reader's: this service is not on the host's network.
_ANOTHERS = "But {who} does not: give it its own value in its `environment:`{instead}."

_UNSET = frozenset({"undefined", "null", "none", "nil"})


def of_build(failure: Failure) -> str:
    """The failure of a line that an image build printed."""
    return (
        "this ran while an image was built: no service is up then, and no address helps; run it when the container "
        "starts (in its command or entrypoint)"
    )


def of_reference(failure: Failure, reference: Reference, many: int, reading: Reading) -> tuple[str | None, str]:
    """Replacement and explanation for a variable that says the address (one of `many`)."""
    vague = failure.host is None and many > 1
    before = f"the log names no address; this is one of {many} that could be meant: " if vague else ""
    if reference.decision == "rewrite":
        apart = _apart(failure.service, reference.service, reading)
        return reference.replacement, f"{before}{reference.explanation}{f'; but {apart}' if apart else ''}"
    if reference.decision == "ask":
        return _of_ask(failure, reference, before, reading)
    kept = _kept(failure, reference, reading).format(**_words(failure, reading))
    return None, f"{before}it stays as it is ({reference.reason}): {reference.explanation}. {kept}".rstrip()


def _kept(failure: Failure, reference: Reference, reading: Reading) -> str:
    """What it means that the variable was kept, for this service: the reason may be another reader's."""
    if failure.service and failure.port and _own_port(failure.service, failure.port, reading):
        return MEANINGS["self"].in_log
    if reference.reason == "host-network" and failure.service and not reading.topology.on_host(failure.service):
        return _ANOTHERS
    return MEANINGS[reference.reason].in_log


def _of_ask(failure: Failure, reference: Reference, before: str, reading: Reading) -> tuple[str | None, str]:
    """The log may know more than the files: of several targets the one that serves the client's port."""
    ports = {failure.port, failure.default_port} - {None}
    serving = {name for port in ports for name, _ in _serving(failure.service, port or 0, reading)}
    fitting = [choice for choice in reference.choices if choice.service in serving]
    if len(fitting) == 1 and len(reference.choices) > 1:
        said = f"the client's port says {fitting[0].service}, but the files leave it open ({reference.explanation})"
        return fitting[0].replacement, before + said
    choices = "; ".join(_choice(choice) for choice in reference.choices)
    told = f": {choices}" if choices else ""
    return None, f"{before}yours to decide ({reference.explanation}){told}"


def _choice(choice: Choice) -> str:
    return f"{choice.replacement} ({choice.explanation})" if choice.explanation else choice.replacement


def without_reference(failure: Failure, plan: Plan, reading: Reading) -> Iterator[Told]:
    """What is likeliest where no reference of the plan says the address."""
    host = failure.host
    if host is None and failure.kind == "unresolved":
        yield from _of_no_name(failure, reading)
    elif host is None or is_loopback(host):
        yield _only(_of_loopback(failure, plan, reading))
    elif failure.kind == "unresolved":
        yield from _of_name(failure, host, reading)
    else:
        yield _only(_of_server(failure, host, reading))


def _only(explanation: str) -> Told:
    return None, None, None, None, explanation


# --- the container itself


def _of_loopback(failure: Failure, plan: Plan, reading: Reading) -> str:
    who, port = _words(failure, reading)["who"], failure.port or failure.default_port
    if failure.client == "kafka-advertised":
        return (
            f"the broker itself told {who} to go there, by an advertised listener (KAFKA_ADVERTISED_LISTENERS): it "
            "has to use the broker's port whose listener names the service"
        )
    if failure.service and failure.port and _own_port(failure.service, failure.port, reading):
        return f"{failure.port} is {who}'s own port: its own server was not listening there (yet)"
    address = f"{failure.host}:{failure.port}" if failure.port else "a loopback address"
    return f"no variable that {who} receives says {address}: {_default(failure, plan, reading)}" + _set(
        failure, port, reading
    )


def _default(failure: Failure, plan: Plan, reading: Reading) -> str:
    who = _words(failure, reading)["who"]
    elsewhere = [
        reference
        for reference in plan.references
        if says_address(reference, failure, reading) and not is_heard(reference, failure.service, reading)
    ]
    if elsewhere:
        name = elsewhere[0].variable
        return f"{name} does, but {who} does not receive it, so that the program's own default applies"
    return (
        f"likeliest it is the program's own default, because a variable for it{_example(failure, reading)} is not set "
        f"for {who}; or it is baked into the image, or the log is older than the repair"
    )


def _set(failure: Failure, port: int | None, reading: Reading) -> str:
    serving = _serving(failure.service, port, reading) if port else []
    who = failure.service or "the service"
    if not serving:
        return f"; nothing that {who} reaches serves port {port}" if port else ""
    targets = " or ".join(f"{name} with port {target}" for name, target in serving)
    return f". Set it in `environment:` of {who}: {targets} serves it"


def _own_port(service: str, port: int, reading: Reading) -> bool:
    return reading.ports.listens(service, port) and not reading.ports.by_published.get(port)


# --- a name that has no address


def _of_no_name(failure: Failure, reading: Reading) -> Iterator[Told]:
    """Which of the names that the service is given can have no address?"""
    suspects = list(doubtful_names(failure.service, reading))
    for name in suspects:
        for variable, path, line, replacement, explanation in _of_name(failure._replace(host=name), name, reading):
            said = f"the log does not say which name; {name} can be it: {explanation}"
            yield variable, path, line, replacement, said
    if not suspects:
        yield _only("the log does not say which name: look for one that is no service's, or whose service is not up")


def _of_name(failure: Failure, host: str, reading: Reading) -> Iterator[Told]:
    replacement, explanation = _name(failure, host, reading)
    said = list(sayers(failure, reading))
    yield from ((variable, path, line, replacement, explanation) for variable, path, line in said)
    if not said:
        yield _only(explanation)


def _name(failure: Failure, host: str, reading: Reading) -> tuple[str | None, str]:
    who = _words(failure, reading)["who"]
    if host.lower() in _UNSET:
        return None, f"the host is the word {host!r}: the variable that should name it is not set for {who}"
    if host == GATEWAY:
        return None, _of_gateway(failure, reading) or (
            f'on Linux {who} needs `extra_hosts: ["host.docker.internal:host-gateway"]`'
        )
    target = reading.topology.bearer(host)
    if target is not None:
        return None, _absent(failure, host, target, reading)
    meant = _meant(failure, host, reading)
    if meant:
        return meant, f"no service of this project is called {host}; {meant} is likely meant"
    return None, f"no service of this project is called {host}, nor has one that alias"


def _absent(failure: Failure, host: str, target: str, reading: Reading) -> str:
    """Why the name of a service has no address."""
    topology = reading.topology
    if not topology.active(target):
        profiles = " or ".join(topology.services[target].profiles)
        return f"{target} is up only with the profile {profiles}: `docker compose --profile ...`"
    if not topology.is_up(target):
        return f"no container of {target} is started (0 replicas), so that its name resolves nowhere"
    if topology.on_host(target):
        return f"{target} runs on the host's network, where it has no name: to others it is host.docker.internal"
    reader = failure.service if failure.service in topology.services else None
    names = topology.names(reader, target) if reader and not topology.answer(reader, host).source else ()
    if names:
        return f"{host} is no name of {target} on a network of {reader}: there it is {names[0]}"
    up = f"the name is right, but {target} was not up: a name resolves only while its container runs"
    return _apart(failure.service, target, reading) or up


def _meant(failure: Failure, host: str, reading: Reading) -> str | None:
    """The service that a name no service has is likely to mean: a container's name, a slip, the port's only server."""
    import re
    from difflib import get_close_matches

    names = [name for name in reading.topology.services if name != failure.service]
    plain = re.sub(rf"^{re.escape(reading.project.name)}[-_]|[-_]\d+$", "", host)
    close = [plain] if plain in names else get_close_matches(host, names, n=2, cutoff=0.75)
    port = failure.port or failure.default_port
    close = close or [name for name, _ in (_serving(failure.service, port, reading) if port else ())]
    close = close or [name for name in names if _kind(name, reading) == host.lower()]
    return close[0] if len(close) == 1 else None


# --- a server that said no


def _of_server(failure: Failure, host: str, reading: Reading) -> str:
    if host == GATEWAY:
        return _of_gateway(failure, reading) or (
            "the address is right; on the host nothing took it: is that program up, and does it listen on more than "
            "127.0.0.1?"
        )
    topology, reader = reading.topology, failure.service if failure.service in reading.topology.services else None
    target = topology.leads_to(reader, host) if reader else topology.bearer(host)
    if reader and target is None and (bearer := topology.bearer(host)) and topology.reaches(reader, bearer):
        return topology.shadow(reader, bearer)
    if target is None and is_container_ip(host) and failure.port:
        serving = _serving(failure.service, failure.port, reading)
        target = serving[0][0] if len(serving) == 1 else None
    elif target is None and not is_container_ip(host):
        return f"{host} is no service of this project: nothing here to mend"
    name = target or "the service"
    inside = reading.ports.published(target).get(failure.port or 0) if target else None
    if target and inside and not reading.ports.listens(target, failure.port or 0):
        return f"{failure.port} is {target}'s port on the host: inside the project it is {target}:{inside}"
    if apart := _apart(failure.service, target, reading):
        return apart
    if failure.kind == "timeout":
        return f"the address is right; {name} did not answer: is it up, and does it listen on this port?"
    return (
        f"the address is right; {name} refused: is it up (`docker compose ps`), does it listen on 0.0.0.0 and on this "
        "port? If it was only slow to start: `depends_on` with `condition: service_healthy`"
    )


def _of_gateway(failure: Failure, reading: Reading) -> str | None:
    serving = _serving(failure.service, failure.port, reading) if failure.port else []
    if not serving:
        return None
    return f"a service of this project serves it: {serving[0][0]}:{serving[0][1]} instead of the way over the host"


# --- what the sentences share


def _serving(service: str | None, port: int, reading: Reading) -> list[tuple[str, int]]:
    """Who serves the port to the service, each with its container port: who publishes it, else who listens on it."""
    topology = reading.topology
    for endpoint in reading.ports.serving(port):
        found = dict.fromkeys(
            (host_for(topology, service or "", one.service), one.container_port)
            for one in endpoint
            if topology.active(one.service) and (not service or topology.reaches(service, one.service))
        )
        if found:
            return list(found)
    return []


def _apart(service: str | None, target: str | None, reading: Reading) -> str:
    """That two services do not reach each other by name, "" if they do or are one."""
    topology = reading.topology
    if not service or target not in topology.services or topology.owner(service) == topology.owner(target):
        return ""
    if topology.on_host(service):
        return f"{service} runs on the host's network, where the names of services mean nothing"
    together = topology.reaches(service, target)
    return "" if together else f"{service} and {target} share no network: give both the same one"


def _kind(name: str, reading: Reading) -> str | None:
    image = reading.ports.image(name)
    return image.kind if image else None


def _example(failure: Failure, reading: Reading) -> str:
    port = failure.port or failure.default_port
    for name, _ in _serving(failure.service, port, reading) if port else ():
        if example := _EXAMPLES.get(_kind(name, reading) or ""):
            return f" (such as {example})"
    return ""


def _words(failure: Failure, reading: Reading) -> dict[str, str]:
    port = failure.port or failure.default_port
    serving = _serving(failure.service, port, reading) if port else []
    target = f"{serving[0][0]}:{serving[0][1]}" if len(serving) == 1 else ""
    return {
        "who": failure.service or "the container",
        "instead": f", with {target}" if target else "",
        "instead_is": f": there it is {target}" if target else "",
    }
