"""From the merged model to records: what Compose's `config` gives, and where each piece of it came from."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any

from envfix.compose.canonical import MAX_PORTS, extra_hosts
from envfix.compose.environment import Environment, ServiceEnvironment
from envfix.compose.model import Build, EnvEntry, Mount, Port, Project, Service, Template
from envfix.compose.nodes import (
    NOWHERE,
    Expanded,
    Findings,
    Inherited,
    Scalar,
    at_place_of,
    is_true,
    origin_of,
    printed,
    scalar,
    together,
    whole_number,
)
from envfix.compose.short_syntax import port_of, split_command
from envfix.compose.validation import check_resources, check_services
from envfix.errors import EnvfixError
from envfix.shell_words import Command

# Places whose list items are `NAME=value`.
_NAMED_ITEMS = (("build", "args"), ("labels",), ("annotations",), ("build", "labels"), ("deploy", "labels"))


def build_project(
    model: dict[str, Any],
    *,
    name: str,
    directory: str,
    files: tuple[str, ...],
    profiles: tuple[str, ...],
    environments: list[Environment],
    directories: list[str],
    findings: Findings,
) -> Project:
    """The Project of a merged model. Raises EnvfixError for what Compose refuses, if findings are strict."""
    entries = model.get("services") or {}
    if sum(len((raw or {}).get("ports") or ()) for raw in entries.values()) > MAX_PORTS:
        raise EnvfixError(f"the services have more than {MAX_PORTS:,} ports: use fewer", path=files[0])
    wanted = frozenset(profiles)
    active = {key for key, raw in entries.items() if is_active(raw or {}, wanted)}
    check_resources(model, findings)
    made = _Services(model, environments[0], findings)
    services: dict[str, Service] = {}
    inactive: dict[str, Service] = {}
    for key, raw in entries.items():
        service = made.service(key, raw or {}, active=key in active)
        (services if key in active else inactive)[str(key)] = service
    check_services(services, model, findings)
    documents = environments[0].documents
    return Project(
        name,
        directory,
        files,
        services,
        inactive,
        _networks(model, name, [*services.values(), *inactive.values()]),
        tuple(environment.context(place) for environment, place in zip(environments, directories, strict=True)),
        tuple(profile for profile in profiles if profile),
        findings.notices,
        {path: document for path, document in documents.all.items() if path in documents.looked_for},
        frozenset(documents.looked_for),
    )


def is_active(raw: dict[str, Any], profiles: Collection[str]) -> bool:
    """Whether a service is up under these profiles: it names none, or one of them (`*`: all)."""
    own = raw.get("profiles") or []
    return not own or "*" in profiles or any(profile in profiles for profile in own)


class _Services:
    """Makes the records of services. What several services share in the model, because an anchor or a base gives it to
    them, is made once for all of them: environment, ports, and the templates of a value."""

    def __init__(self, model: dict[str, Any], main: Environment, findings: Findings) -> None:
        self.model = model
        self.main = main
        self.findings = findings
        self.reader = ServiceEnvironment(main, findings)
        self.shared: dict[Any, Any] = {}
        self.entry: dict[tuple[int, int], EnvEntry] = {}
        self.split: dict[str, tuple[Command, str]] = {}
        self.declared = {key: key for key in model.get("networks") or {}}

    def service(self, name: Any, raw: dict[str, Any], *, active: bool) -> Service:
        """One service of the model."""
        entries = self.once("entries", raw.get("environment"), self.entries)
        env_files = self.reader.env_files(raw.get("env_file") or [])
        return Service(
            name=str(name),
            image=raw.get("image") or None,
            build=_build(raw.get("build"), self.main),
            environment=self.reader.environment(entries, env_files, raw, active=active),
            entries=entries,
            ports=self.once("ports", raw.get("ports"), _ports),
            expose=tuple(str(item) for item in raw.get("expose") or []),
            networks=self.networks_of(raw),
            network_mode=raw.get("network_mode") or None,
            profiles=tuple(raw.get("profiles") or []),
            depends_on=_depends_on(raw),
            env_files=env_files,
            command=self.words(raw, "command"),
            entrypoint=self.words(raw, "entrypoint"),
            healthcheck=_healthcheck(raw.get("healthcheck")),
            volumes=tuple(_mounts(raw)),
            container_name=raw.get("container_name") or None,
            hostname=raw.get("hostname") or None,
            extra_hosts=tuple(_extra_hosts(raw)),
            links=tuple(raw.get("links") or []),
            working_dir=raw.get("working_dir") or None,
            restart=raw.get("restart") or None,
            templates=tuple(self.templates(raw)),
            origin=origin_of(name) or NOWHERE,
            raw=raw,
            replicas=_replicas(raw),
            labels=dict(_assignments(raw.get("labels"))),
            files=tuple(_files(raw, self.model)),
        )

    def entries(self, environment: Any) -> tuple[EnvEntry, ...]:
        if isinstance(environment, list):
            return tuple(_item(item, self.main) for item in environment)
        found, extensions = [], {}
        for name, value in (environment or {}).items():
            if name.startswith("x-"):
                # compose-go takes it for an extension of the file, and prints all of them as one variable.
                extensions[name] = printed(value)
                continue
            # A merge key puts the same name and value into many mappings.
            key = (id(name), id(value))
            if key not in self.entry:
                self.entry[key] = _entry(name, value, self.main)
            found.append(self.entry[key])
        if extensions:
            text = "map[" + " ".join(f"{name}:{extensions[name]}" for name in sorted(extensions)) + "]"
            found.append(EnvEntry("#extensions", text, text, origin_of(environment) or NOWHERE, 0))
        return tuple(found)

    def networks_of(self, raw: dict[str, Any]) -> dict[str, tuple[str, ...]]:
        """The networks of a service, told as they are declared or, where they are not, as they are written."""
        named = raw.get("networks") or {}
        if not named and raw.get("network_mode") is None and "provider" not in raw:
            return {"default": ()}
        return {self.declared.get(key, key): tuple((value or {}).get("aliases") or ()) for key, value in named.items()}

    def once(self, kind: Any, value: Any, make: Callable[[Any], Any]) -> Any:
        """What is made of a `value` that the model holds, and so keeps its id."""
        key = (kind, id(value))
        if key not in self.shared:
            self.shared[key] = make(value)
        return self.shared[key]

    def words(self, raw: dict[str, Any], key: str) -> Command | None:
        """The words of a command; of a text they are found once, since thousands of services may have a long one."""
        value = raw.get(key)
        if not isinstance(value, str):
            return None if value is None else self.once(key, value, Command)
        if value not in self.split:
            try:
                self.split[value] = Command(split_command(value)), ""
            except ValueError as error:
                self.split[value] = Command((str(value),)), str(error)
        words, problem = self.split[value]
        if problem:
            self.findings.refuse(f"this {key} is no command line: {problem}", origin_of(value))
        return words

    def templates(self, raw: dict[str, Any]) -> Iterator[Template]:
        for key, value in raw.items():
            if key != "environment" and not (isinstance(value, Scalar) and value.template is None):
                yield from self.once((str(key),), value, partial(_all_templates, place=(str(key),)))
        for kind in ("configs", "secrets"):
            for mounted in raw.get(kind) or []:
                source = mounted.get("source") if isinstance(mounted, dict) else mounted
                entry = (self.model.get(kind) or {}).get(source)
                if isinstance(entry, dict):
                    yield from _templates_of_file(entry, (kind, str(source)), self.main)


def _ports(raw: Any) -> tuple[Port, ...]:
    return tuple(port for entry in raw or [] if (port := port_of(entry)) is not None)


def _extra_hosts(raw: dict[str, Any]) -> Iterator[str]:
    for host in extra_hosts(raw.get("extra_hosts")):
        line = together(host.name, "=", host.address or str(host.address))
        yield scalar(line, origin_of(host.written) or NOWHERE, template=getattr(line, "template", None))


def _replicas(raw: dict[str, Any]) -> int:
    scale = raw.get("scale")
    count = whole_number((raw.get("deploy") or {}).get("replicas") if scale is None else scale)
    return 1 if count is None else count


def _entry(name: Any, value: Any, main: Environment) -> EnvEntry:
    if value is None:
        return EnvEntry(str(name), main.variables.get(name), None, origin_of(name) or NOWHERE, 0)
    text = printed(value)
    template = getattr(value, "template", None)
    origin = origin_of(value) or origin_of(name) or NOWHERE
    return EnvEntry(str(name), text, text if template is None else template, origin, getattr(value, "context", 0))


def _item(item: Scalar, main: Environment) -> EnvEntry:
    name, assigned, value = str(item).partition("=")
    if not assigned:
        return EnvEntry(name, main.variables.get(name), None, item.origin, 0)
    if isinstance(item, Inherited):
        return EnvEntry(name, value, None, item.origin, item.context)
    if item.template is None:
        return EnvEntry(name, value, value, item.origin, item.context)
    # Of `- ${ASSIGNMENT}` the whole item is the template.
    before, assigned, template = item.template.partition("=")
    if "$" in before:  # what is told of it is the template: the variable may hold a secret
        name = scalar(name, item.origin, template=before)
    return EnvEntry(
        name, value, template if assigned and "${" not in before else item.template, item.origin, item.context
    )


def _build(raw: Any, main: Environment) -> Build | None:
    if not isinstance(raw, dict):
        return None
    context = raw.get("context")
    inline = raw.get("dockerfile_inline")
    return Build(
        context=str(context or "."),
        dockerfile=raw.get("dockerfile", "" if inline else "Dockerfile") or None,
        inline=inline or None,
        target=raw.get("target") or None,
        args={name: main.variables.get(name) if value is None else value for name, value in _pairs(raw.get("args"))},
        additional_contexts=dict(_assignments(raw.get("additional_contexts"))),
    )


def _pairs(raw: Any) -> Iterator[tuple[str, str | None]]:
    """The names and values of a mapping, or of a list of `NAME=value`; None for a name without a value."""
    if isinstance(raw, list):
        for item in raw:
            name, assigned, value = item.partition("=")
            yield name, value if assigned else None
        return
    for name, value in (raw or {}).items():
        yield str(name), None if value is None else printed(value)


def _assignments(raw: Any) -> Iterator[tuple[str, str]]:
    """As `_pairs`, a name without a value being empty."""
    return ((name, value or "") for name, value in _pairs(raw))


def _depends_on(raw: dict[str, Any]) -> dict[str, str]:
    conditions = {name: str(value.get("condition")) for name, value in (raw.get("depends_on") or {}).items() if value}
    for name in implied_dependencies(raw):
        conditions.setdefault(name, "service_started")
    return conditions


def implied_dependencies(raw: dict[str, Any]) -> Iterator[str]:
    """The services that others are needed for by a link, a shared namespace or their volumes."""
    for link in raw.get("links") or []:
        yield at_place_of(link, link.split(":")[0])
    for key in ("network_mode", "ipc", "pid", "uts", "cgroup"):
        mode = raw.get(key)
        if isinstance(mode, str) and mode.startswith("service:"):
            yield at_place_of(mode, mode.removeprefix("service:"))
    for volume in raw.get("volumes_from") or []:
        if not volume.startswith("container:"):
            yield at_place_of(volume, volume.split(":")[0])


def _healthcheck(raw: Any) -> dict[str, Any] | None:
    if not isinstance(raw, dict):
        return None
    test = raw.get("test")
    return {**raw, "test": ["CMD-SHELL", test]} if isinstance(test, str) else raw


def _mounts(raw: dict[str, Any]) -> Iterator[Mount]:
    for volume in raw.get("volumes") or []:
        yield Mount(
            str(volume.get("type")),
            str(volume.get("source") or ""),
            str(volume.get("target") or ""),
            is_true(volume.get("read_only")),
        )
    for rule in (raw.get("develop") or {}).get("watch") or []:
        if "sync" in str(rule.get("action")) and rule.get("target"):
            ignored = rule.get("ignore") or []
            patterns = tuple(map(str, ignored if isinstance(ignored, list) else [ignored]))
            yield Mount("sync", str(rule.get("path")), str(rule["target"]), False, patterns)


def _files(raw: dict[str, Any], model: dict[str, Any]) -> Iterator[Mount]:
    for kind, root in (("configs", "/"), ("secrets", "/run/secrets/")):
        for mounted in raw.get(kind) or []:
            mounted = mounted if isinstance(mounted, dict) else {"source": mounted}
            source = mounted.get("source")
            entry = (model.get(kind) or {}).get(source)
            if isinstance(entry, dict) and isinstance(entry.get("file"), str):
                target = posixpath.join(root, str(mounted.get("target") or source))
                yield Mount(kind.removesuffix("s"), str(entry["file"]), target, True)


def _all_templates(value: Any, place: tuple[str, ...]) -> tuple[Template, ...]:
    return tuple(_templates_in(value, place))


def _templates_in(value: Any, place: tuple[str, ...]) -> Iterator[Template]:
    if isinstance(value, Expanded):
        yield from _templates_in(value.written, place)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _templates_in(item, (*place, str(key)))
    elif isinstance(value, list):
        for item in value:
            named = place in _NAMED_ITEMS and isinstance(item, str)
            yield from _templates_in(item, (*place, item.partition("=")[0]) if named else place)
    elif isinstance(value, Scalar) and value.template is not None:
        yield Template(place, value.template, str(value), value.origin, value.context)


def _templates_of_file(entry: dict[str, Any], place: tuple[str, ...], main: Environment) -> Iterator[Template]:
    yield from _templates_in(entry.get("content"), place)
    name = entry.get("environment")
    if isinstance(name, str):
        yield Template(place, f"${{{name}}}", main.variables.get(name, ""), origin_of(name) or NOWHERE, 0)


def _networks(model: dict[str, Any], project: str, services: list[Service]) -> dict[str, Any]:
    """The networks that some service is on, each with the `name` that the engine knows it by."""
    declared = model.get("networks") or {}
    used = dict.fromkeys(key for service in services for key in service.networks)
    return {key: _network(key, declared.get(key) or {}, project) for key in used}


def _network(key: str, raw: dict[str, Any], project: str) -> dict[str, Any]:
    external = raw.get("external")
    if isinstance(external, dict):
        return {**raw, "external": True, "name": raw.get("name") or external.get("name") or key}
    outside = is_true(external)
    return {**raw, "external": outside, "name": raw.get("name") or (key if outside else together(project, "_", key))}
