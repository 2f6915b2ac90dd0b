"""Do the parts of a project fit together? compose-go's validation and consistency checks."""

from collections.abc import Iterator
from typing import Any

from envfix.compose.canonical import extra_hosts
from envfix.compose.model import Service
from envfix.compose.nodes import Findings, chained, is_true, origin_of, size_of, whole_number
from envfix.named_tuples import NamedTuple
from envfix.shown import as_written

Model = dict[str, Any]


class Flaw(NamedTuple):
    """Something that does not fit: why, and the value that it hangs on."""

    message: str
    value: Any


def check_resources(model: Model, findings: Findings) -> None:
    """Refuse what is wrong with volumes, configs and secrets by themselves."""
    for flaw in _resource_flaws(model):
        findings.refuse(flaw.message, origin_of(flaw.value))


def check_services(services: dict[str, Service], model: Model, findings: Findings) -> None:
    """Refuse what is wrong with the active services, alone or with one another."""
    names: dict[str, str] = {}
    for service in services.values():
        for flaw in _service_flaws(service, services, model):
            findings.refuse(f"service {service.name} {flaw.message}", origin_of(flaw.value) or service.origin)
        other = names.setdefault(service.container_name, service.name) if service.container_name else service.name
        if other != service.name:
            findings.refuse(
                f"service {service.name} has the container_name of service {other}", origin_of(service.container_name)
            )
    if circle := _circle(services):
        findings.refuse(f"the services depend on one another in a circle: {chained(circle)}")


def _resource_flaws(model: Model) -> Iterator[Flaw]:
    for name, raw in (model.get("volumes") or {}).items():
        if isinstance(raw, dict) and raw.get("external") is not None and is_true(raw["external"]):
            for key in raw:
                if key not in ("name", "external") and not key.startswith("x-"):
                    yield Flaw(f"volumes.{name}: `external` and `{key}` exclude each other", key)
    for kind, sources in (("configs", ("file", "environment", "content")), ("secrets", ("file", "environment"))):
        for name, raw in (model.get(kind) or {}).items():
            given = [source for source in sources if source in raw]
            if len(given) > 1:
                yield Flaw(f"{kind}.{name}: {' and '.join(given)} exclude each other", name)
            if not given and "driver" not in raw and "external" not in raw:
                yield Flaw(f"{kind}.{name} needs one of {', '.join(sources)}", name)
    for name, raw in (model.get("services") or {}).items():
        yield from _device_flaws(name, raw or {})


def _device_flaws(name: str, raw: Model) -> Iterator[Flaw]:
    resources = (raw.get("deploy") or {}).get("resources") or {}
    requests = list((resources.get("reservations") or {}).get("devices") or [])
    requests += raw["gpus"] if isinstance(raw.get("gpus"), list) else []
    for request in requests:
        if "count" in request and "device_ids" in request:
            yield Flaw(f"services.{name}: `count` and `device_ids` of a device exclude each other", request)


def _service_flaws(service: Service, services: dict[str, Service], model: Model) -> Iterator[Flaw]:
    raw = service.raw
    if not service.image and service.build is None and "provider" not in raw:
        yield Flaw("has neither an image nor a build", raw.get("image"))
    yield from _build_flaws(raw)
    yield from _network_flaws(service, model)
    test = (service.healthcheck or {}).get("test")
    if test and test[0] not in ("CMD", "CMD-SHELL", "NONE"):
        yield Flaw("has a healthcheck.test that begins with none of CMD, CMD-SHELL and NONE", test[0])
    yield from _dependency_flaws(service, services, model)
    yield from _mount_flaws(raw, model)
    yield from _scale_flaws(service)
    for host in extra_hosts(raw.get("extra_hosts")):
        if not host.name or host.address is None or ":" in host.name or "=" in host.name:
            yield Flaw("has extra_hosts that are no pair of host and address", host.written)
    for item in raw["environment"] if isinstance(raw.get("environment"), list) else ():
        if item.partition("=")[0][-1:].isspace():
            yield Flaw("declares an environment variable with a blank after its name", item)


def _build_flaws(raw: Model) -> Iterator[Flaw]:
    build = raw.get("build")
    if not isinstance(build, dict):
        return
    if build.get("dockerfile") and build.get("dockerfile_inline"):
        yield Flaw("has both build.dockerfile and build.dockerfile_inline", build["dockerfile"])
    platforms = build.get("platforms")
    if platforms and raw.get("platform") and raw["platform"] not in platforms:
        yield Flaw("has a platform that build.platforms lacks", raw["platform"])


def _network_flaws(service: Service, model: Model) -> Iterator[Flaw]:
    if service.network_mode and service.networks:
        yield Flaw("has both network_mode and networks", service.network_mode)
    declared = model.get("networks") or {}
    for name in service.raw.get("networks") or {}:
        if name not in declared and name != "default":
            yield Flaw(f"is on the network {as_written(name)}, which is not declared", name)


def _dependency_flaws(service: Service, services: dict[str, Service], model: Model) -> Iterator[Flaw]:
    named = service.raw.get("depends_on") or {}
    known = model.get("services") or {}
    for name in service.depends_on:
        required = is_true((named.get(name) or {}).get("required", True))
        if name not in services and (required or name not in known):
            state = "is up under other profiles only" if name in known else "is not defined"
            yield Flaw(f"depends on {as_written(name)}, which {state}", name)


def _mount_flaws(raw: Model, model: Model) -> Iterator[Flaw]:
    declared = model.get("volumes") or {}
    for volume in raw.get("volumes") or []:
        source = volume.get("source")
        if volume.get("type") == "volume" and source and source not in declared:
            short = getattr(volume, "written", None)  # of which the source is a part, with its variables filled in
            shown = as_written(short if getattr(short, "template", None) else source)
            yield Flaw(f"mounts the volume {shown}, which is not declared", source)
        if volume.get("type") == "bind" and not source:
            yield Flaw("has a bind mount without a source", volume)
    for kind in ("configs", "secrets"):
        for mounted in [*(raw.get(kind) or []), *((raw.get("build") or {}).get(kind) or [])]:
            source = mounted.get("source") if isinstance(mounted, dict) else mounted
            if source not in (model.get(kind) or {}):
                yield Flaw(f"uses {as_written(source)}, which {kind} does not declare", source)
    for rule in (raw.get("develop") or {}).get("watch") or []:
        if rule.get("action") not in ("rebuild", "restart") and not rule.get("target"):
            yield Flaw("has a develop.watch rule without a target", rule)


def _scale_flaws(service: Service) -> Iterator[Flaw]:
    deploy = service.raw.get("deploy") or {}
    scale, replicas = service.raw.get("scale"), deploy.get("replicas")
    if scale is not None and replicas is not None and whole_number(scale) != whole_number(replicas):
        yield Flaw("has a scale and deploy.replicas that differ", scale)
    yield from _limit_flaws(service.raw, deploy.get("resources") or {})
    if service.container_name and service.replicas > 1:
        yield Flaw("has a container_name, so it cannot be scaled", service.container_name)


def _limit_flaws(raw: Model, resources: Model) -> Iterator[Flaw]:
    """Limits said in the old place and, differently, in `deploy.resources`: what is not said there is 0."""
    for key, kind, name in _LIMITS:
        there = resources.get(kind)
        if raw.get(key) and isinstance(there, dict) and size_of(raw[key]) != size_of(there.get(name) or 0):
            yield Flaw(f"has a {key} and deploy.resources.{kind}.{name} that differ", raw[key])


_LIMITS = (
    ("cpus", "limits", "cpus"),
    ("mem_limit", "limits", "memory"),
    ("mem_reservation", "reservations", "memory"),
    ("pids_limit", "limits", "pids"),
)


def _circle(services: dict[str, Service]) -> list[str]:
    """The first circle of dependencies, or nothing."""
    done: set[str] = set()
    for start in services:
        trail: dict[str, Iterator[str]] = {}
        if start not in done:
            trail[start] = iter(services[start].depends_on)
        while trail:
            current = next(reversed(trail))
            following = next((name for name in trail[current] if name in services and name not in done), None)
            if following is None:
                done.add(current)
                del trail[current]
            elif following in trail:
                names = list(trail)
                return [*names[names.index(following) :], following]
            else:
                trail[following] = iter(services[following].depends_on)
    return []
