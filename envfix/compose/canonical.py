"""The long form of every short form that matters here, as compose-go's transform package writes it."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from envfix.compose.merge import STARTED, as_mapping
from envfix.compose.nodes import Expanded, Findings, KeyPath, at_place_of, failure, origin_of, parted
from envfix.compose.short_syntax import clean_target, parse_port, parse_volume
from envfix.interpolation import defaults, variables
from envfix.named_tuples import NamedTuple

# Twice what a host has, of one service or, in the loader, of all together.
MAX_PORTS = 200_000
_MOST_NAMES = 3  # so many variables are named in a warning


def canonical_service(service: dict[str, Any], path: KeyPath, findings: Findings) -> dict[str, Any]:
    """A service in its long form. An entry that cannot be read is refused, or left out and told; a literal port that is
    no port ends the reading in any case."""
    changed = {
        name: rule(service[name], (*path, name), findings)
        for name, rule in _RULES.items()
        if service.get(name) is not None
    }
    return {**service, **changed} if changed else service


def _ports(value: Any, path: KeyPath, findings: Findings) -> Any:
    if not isinstance(value, list):
        return value
    ports = list(islice(_each(value, path, findings, _port), MAX_PORTS + 1))
    if len(ports) > MAX_PORTS:
        raise failure(f"{'.'.join(path)} expands to more than {MAX_PORTS:,} ports: use fewer", value)
    return ports


def _volumes(value: Any, path: KeyPath, findings: Findings) -> Any:
    return list(_each(value, path, findings, _volume)) if isinstance(value, list) else value


def _each(items: list[Any], path: KeyPath, findings: Findings, expand: Callable[[Any], list[Any]]) -> Iterator[Any]:
    for item in items:
        try:
            yield from expand(item)
        except ValueError as error:
            message = f"{'.'.join(path)}: {error}{_if_unset(item)}"
            if path[-1] == "ports" and getattr(item, "template", None) is None:
                raise failure(message, item) from None
            findings.refuse(message, origin_of(item))


def _if_unset(item: Any) -> str:
    """Which variables to set, where those without a default leave a part of a short form empty."""
    template = getattr(item, "template", None)
    if template is None or all(item.split(":")):
        return ""
    given = {name for name, operator in defaults(template) if operator in (":-", "-")}
    names = [name for name in variables(template) if name not in given]
    return (
        f": set {', '.join(names)} in the shell or in the project's env file" if 0 < len(names) <= _MOST_NAMES else ""
    )


def _port(item: Any) -> list[Any]:
    if isinstance(item, dict):
        if "target" not in item:
            raise ValueError("a port needs a target")
        return [item]
    if isinstance(item, bool) or not isinstance(item, str | int):
        raise ValueError("a port must be a number, a text or a mapping")
    return [_expanded_port(port, item) for port in parse_port(str(item))]


def _expanded_port(port: Any, written: Any) -> Expanded:
    if port.target == 0:
        raise ValueError("the container port must not be 0")
    entry = Expanded(target=port.target, protocol=port.protocol, mode="ingress")
    if port.published is not None:
        entry["published"] = port.published
    if port.host_ip is not None:
        entry["host_ip"] = port.host_ip
    entry.written = written
    return entry


def _volume(item: Any) -> list[Any]:
    if isinstance(item, str):
        volume = Expanded(parse_volume(item))
        volume["target"] = clean_target(volume["target"])
        volume.written = item
        return [volume]
    if not isinstance(item, dict):
        raise ValueError("a volume must be a text or a mapping")
    if not isinstance(item.get("target"), str):
        raise ValueError("a volume needs a target")
    target = clean_target(item["target"])
    return [item if target == item["target"] else {**item, "target": target}]


def _env_file(value: Any, path: KeyPath, findings: Findings) -> Any:
    entries = [value] if isinstance(value, str) else value
    if not isinstance(entries, list):
        return value
    return [
        {"required": True, **entry} if isinstance(entry, dict) else {"path": entry, "required": True}
        for entry in entries
    ]


def _networks(value: Any, path: KeyPath, findings: Findings) -> Any:
    return as_mapping(value, None, path)


def _depends_on(value: Any, path: KeyPath, findings: Findings) -> Any:
    return {
        name: {"required": True, **entry} if isinstance(entry, dict) else entry
        for name, entry in as_mapping(value, STARTED, path).items()
    }


def _build(value: Any, path: KeyPath, findings: Findings) -> Any:
    return {"context": value} if isinstance(value, str) else value


def _extends(value: Any, path: KeyPath, findings: Findings) -> Any:
    return {"service": value} if isinstance(value, str) else value


_RULES: dict[str, Callable[[Any, KeyPath, Findings], Any]] = {
    "ports": _ports,
    "volumes": _volumes,
    "env_file": _env_file,
    "networks": _networks,
    "depends_on": _depends_on,
    "build": _build,
    "extends": _extends,
}


class ExtraHost(NamedTuple):
    """An entry of `extra_hosts`, each side told as it is written: the `address` is None where it has none; `written` is
    the value that it stands in."""

    name: str
    address: str | None
    written: Any


def extra_hosts(raw: Any) -> list[ExtraHost]:
    """`extra_hosts` of any form, each pair of name and address once."""
    if isinstance(raw, dict):
        found = [
            ExtraHost(str(name), _unbracketed(one), one)
            for name, value in raw.items()
            for one in (value if isinstance(value, list) else [value])
        ]
    else:
        found = [_host(item) for item in raw or []]
    distinct: dict[tuple[str, str | None], ExtraHost] = {}
    for host in found:
        distinct.setdefault(host[:2], host)
    return list(distinct.values())


def _host(item: str) -> ExtraHost:
    for separator in "=:":
        name, found, address = parted(item, separator)
        if found:
            return ExtraHost(name, _unbracketed(address), item)
    return ExtraHost(item, None, item)


def _unbracketed(address: str) -> str:
    return at_place_of(address, address[1:-1]) if address.startswith("[") and address.endswith("]") else address
