"""Who receives this variable, and how?

One pass over the project gives every `Use`: a container's variable (or command, or config) together with the text that
the container gets. Uses are found for all variables at once; which addresses stand in a text, and at which leaf of
which file each of them is written, is indexed by leaf. What a service receives but does not use `bystanders` tells.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from envfix.addresses import Address
from envfix.compose.model import EnvEntry, Project, Service, Template
from envfix.envfile import EnvDocument
from envfix.errors import EnvfixError
from envfix.knowledge.names import words_of
from envfix.loaders.table import Loader
from envfix.named_tuples import NamedTuple
from envfix.project.classes import Classes, Members
from envfix.project.env_files import Shown
from envfix.project.hosts import Hosts
from envfix.project.own_entries import OwnEntries
from envfix.project.ports import Ports
from envfix.project.provenance import EMPTY, Leaf, Run, Text, Texts
from envfix.reasons import Landing, Way

# Parts of a service whose values a program in the container gets (Compose spec, services and configs).
_DELIVERED = frozenset({"command", "entrypoint", "configs", "secrets"})
# So many places that are no connection are kept of a variable; no person reads more.
_MOST_LANDINGS = 50
_NOBODY: frozenset[str] = frozenset()
_MOST_FOUND = 10_000  # of a project; each costs up to a millisecond to judge


class Use(NamedTuple):
    """One place of a service that gets a value: `way` as `envfix.reasons` has them, or "infrastructure"; `variable` the
    name in the container ("" outside `environment`), `place` within the service; `entry` what the compose file says
    there, None where an env file alone gives the value. `services` are all of a class that get it so (`classes`)."""

    services: Members
    way: Landing
    variable: str
    place: tuple[str, ...]
    text: Text
    entry: EnvEntry | Template | None
    context: int

    @property
    def service(self) -> str:
        """The service, or the first of its class, which stands for the others."""
        return self.services[0]


class Found(NamedTuple):
    """An address in a text: `host` is the run in which it is written."""

    use: Use
    address: Address
    host: Run


Key = tuple[str, int, int, int]


def key_of(leaf: Leaf) -> Key:
    """What identifies a place in a file: path, binding, scalar, offset."""
    return (leaf.path, leaf.binding, leaf.scalar, leaf.offset)


class Reading:
    """All uses of a project's variables, indexed by the place where an address is written."""

    def __init__(
        self,
        project: Project,
        documents: dict[str, EnvDocument],
        ports: Ports,
        hint: Callable[[str], bool],
        shown: Mapping[str, Sequence[Shown]] | None = None,
        *,
        awaited: Mapping[str, EnvDocument] | None = None,
        alone: bool = False,
    ) -> None:
        """`hint` tells whether a text is worth a look; `shown` the files that each service's program finds for itself,
        the one that wins first; `awaited` the templates of env files that are not there yet, by the paths of these;
        `alone`: no services are taken together, which changes nothing but the time."""
        self.project = project
        self.ports = ports
        self.topology = ports.topology
        self.texts = Texts(project, documents)
        self.documents = documents
        self._hint = hint
        self.shown = shown or {}
        self.awaited = awaited or {}
        self.classes = Classes(ports, alone=alone)
        self.hosts = Hosts(documents, self.topology.names_known)
        self._addresses: dict[str, tuple[Address, ...]] = {}
        self._located: dict[int, tuple[Text, tuple[tuple[Address, Run, Key], ...]]] = {}
        self.by_leaf: dict[Key, list[Found]] = {}
        self.infrastructure: dict[tuple[str, int], list[Use]] = {}
        self._landed: dict[tuple[object, bool], int] = {}
        self._handed: dict[tuple[object, ...], dict[str, tuple[str, int, int]]] = {}
        self._to_come: dict[tuple[object, ...], dict[str, str]] = {}
        self._handed_to: dict[str, dict[str, tuple[str, int, int]]] = {}
        self._as_words: dict[str, frozenset[tuple[str, ...]]] = {}
        self._own: dict[int, OwnEntries] = {}
        found = 0
        for use in self._uses():
            found += self._add(use)
            if found > _MOST_FOUND:  # of whoever gets them, services that get them alike count once
                message = f"its services get over {_MOST_FOUND:,} addresses: choose compose files with -f"
                raise EnvfixError(message, path=project.files[0])

    def addresses(self, text: Text) -> tuple[Address, ...]:
        """The addresses in a text that is worth a look, found once for each value."""
        known = self._addresses.get(text.value)
        if known is None:
            known = self._addresses[text.value] = self.hosts.of(text) if self._hint(text.value) else ()
        return known

    def names_hosts(self, paths: Iterable[str]) -> bool:
        """Whether there is anything to decide: a container gets an address, or a binding of these files holds one."""
        if any(found.use.way != "infrastructure" for uses in self.by_leaf.values() for found in uses):
            return True
        bindings = ((path, number) for path in paths for number in range(len(self.documents[path].bindings)))
        return any(self.addresses(self.texts.binding(path, number, 0, inside=False)) for path, number in bindings)

    def _places(self, text: Text) -> tuple[tuple[Address, Run, Key], ...]:
        """The addresses of a text that are written in one place each, with that place; once for all who share it."""
        known = self._located.get(id(text))
        if known is None:
            hosts = [(address, text.locate(address.start, address.end)) for address in self.addresses(text)]
            places = tuple((address, host, key_of(host.leaf)) for address, host in hosts if host is not None)
            known = self._located[id(text)] = (text, places)
        return known[1]

    def _add(self, use: Use) -> int:
        if use.way == "infrastructure":
            self._lands(use)
        places = self._places(use.text) if self.addresses(use.text) else ()
        for address, host, key in places:
            self.by_leaf.setdefault(key, []).append(Found(use, address, host))
        return len(places)

    def _lands(self, use: Use) -> None:
        """Keep the use for every binding that is part of its text; a few of many, in `ports:` and elsewhere."""
        ports = use.place[:1] == ("ports",)
        ahead = [use.text]
        while ahead:
            for part in ahead.pop().parts:
                source = part.source
                key = (source.path, source.binding) if isinstance(source, Leaf) else id(source)
                landed = self._landed[key, ports] = self._landed.get((key, ports), 0) + 1
                if landed > _MOST_LANDINGS:
                    continue
                if not isinstance(source, Leaf):
                    ahead.append(source)
                elif source.binding >= 0:
                    self.infrastructure.setdefault((source.path, source.binding), []).append(use)

    def _uses(self) -> Iterator[Use]:
        groups: dict[tuple[object, ...], list[Service]] = {}
        first_of = {members[0]: members for members in self.by_entries}
        for service in self.project.every_service:
            if service.name in first_of:
                yield from self._environment(service, first_of[service.name])
            yield from self._templates(service)
            if service.env_files:
                groups.setdefault(_group(service), []).append(service)
            yield from self._visible_files(service)
        for group in groups.values():
            yield from self._env_file_uses(group)

    @cached_property
    def by_entries(self) -> list[Members]:
        """The classes of services whose `environment:` is one and the same, by an anchor or a base that they share."""
        sharing: dict[tuple[object, ...], list[Service]] = {}
        for service in self.project.every_service:
            if service.entries:
                key = (id(service.entries), _group(service), tuple(self.shown.get(service.name, ())))
                sharing.setdefault(key, []).append(service)
        return [members for services in sharing.values() for members in self.classes.of(services)]

    def _environment(self, service: Service, members: Members) -> Iterator[Use]:
        for entry in service.entries:
            text = self.texts.entry(entry)
            if text is not None and text.value:
                way: Landing = "pass-through" if entry.template is None else "interpolation"
                yield Use(members, way, entry.name, ("environment", entry.name), text, entry, entry.context)

    def _templates(self, service: Service) -> Iterator[Use]:
        for scalar in service.templates:
            delivered = scalar.place[:1] and scalar.place[0] in _DELIVERED
            text = self.texts.of_compose(scalar, scalar.template)
            way: Landing = "interpolation" if delivered else "infrastructure"
            yield Use(self.classes.members((service.name,)), way, "", scalar.place, text, scalar, scalar.context)

    def handed(self, service: Service) -> dict[str, tuple[str, int, int]]:
        """What the service's env files say together: for each name the file, the binding and the context that win."""
        if service.name in self._handed_to:  # of thousands of files the group alone takes long
            return self._handed_to[service.name]
        group = _group(service)
        if group not in self._handed:
            found: dict[str, tuple[str, int, int]] = {}
            for file in service.env_files:
                for name, index in self.texts.last.get(file.path, {}).items():
                    found[name] = (file.path, index, file.context)
            self._handed[group] = {name: found[name] for name in found if name not in self.to_come(service)}
        self._handed_to[service.name] = self._handed[group]
        return self._handed[group]

    def to_come(self, service: Service) -> Mapping[str, str]:
        """The variables that the service will get from env files which are not there yet, each with the path of its
        file: of several files that set a variable the last one counts, so no other will be read for it
        (https://docs.docker.com/reference/compose-file/services/#env_file)."""
        if not self.awaited:
            return {}
        group = _group(service)
        if group not in self._to_come:
            found: dict[str, str] = {}
            for file in service.env_files:
                template = self.awaited.get(file.path)
                if template is not None:
                    found.update((binding.name, file.path) for binding in template.bindings)
                for name in self.texts.last.get(file.path, {}):
                    found.pop(name, None)
            self._to_come[group] = found
        return self._to_come[group]

    def _env_file_uses(self, group: list[Service]) -> Iterator[Use]:
        """The uses of services that list the same env files. What else their `environment:` sets does not part them
        here: of a variable's companions a rule asks (`setting`)."""
        classes: list[Members] | None = None
        for name, (path, index, context) in self.handed(group[0]).items():
            text = self.texts.binding(path, index, context, inside=True)
            if not text.value or not self.addresses(text):
                continue
            if classes is None:
                seen: dict[tuple[object, ...], list[Service]] = {}
                for service in group:
                    seen.setdefault(tuple(self.shown.get(service.name, ())), []).append(service)
                classes = [members for alike in seen.values() for members in self.classes.of(alike)]
            way: Landing = "pass-through" if self.documents[path].bindings[index].value is None else "env_file"
            apart = self._setters.get(name, _NOBODY)
            for members in classes:
                getting = self.classes.without(members, apart)
                if getting:
                    yield Use(getting, way, name, ("env_file", path), text, None, context)

    @cached_property
    def _setters(self) -> dict[str, frozenset[str]]:
        """For each variable the services whose `environment:` sets it."""
        found: dict[str, set[str]] = {}
        for members in self.by_entries:
            for name in self.own(self.topology.services[members[0]]).names:
                found.setdefault(name, set()).update(members)
        return {name: frozenset(services) for name, services in found.items()}

    @cached_property
    def _setters_by_word(self) -> dict[str, frozenset[str]]:
        """For the first word of variables the services whose `environment:` sets one that begins so."""
        found: dict[str, set[str]] = {}
        for name, services in self._setters.items():
            for word in words_of(name)[:1]:
                found.setdefault(word, set()).update(services)
        return {word: frozenset(services) for word, services in found.items()}

    def setting(self, name: str, others: Iterable[str]) -> frozenset[str]:
        """The services whose `environment:` sets one of the `others`, or a variable with the first word of `name`."""
        sets = [self._setters.get(other, _NOBODY) for other in others]
        sets += [self._setters_by_word.get(word, _NOBODY) for word in words_of(name)[:1]]
        return _NOBODY.union(*sets)

    def own(self, service: Service) -> OwnEntries:
        """What the service's `environment:` sets."""
        known = self._own.get(id(service.entries))
        if known is None:
            known = OwnEntries(service.entries, self.texts, self.hosts)
            self._own[id(service.entries)] = known
        return known

    def names_as_words(self, path: str) -> frozenset[tuple[str, ...]]:
        """The names that an env file binds, as words."""
        if path not in self._as_words:
            self._as_words[path] = frozenset(words_of(binding.name) for binding in self.documents[path].bindings)
        return self._as_words[path]

    def _visible_files(self, service: Service) -> Iterator[Use]:
        """What the program finds in the files that it loads for itself: of a name that several set, the first file's
        counts; of one that a file sets twice the binding that the program's loader takes, or each where it may be
        either."""
        if not self.shown.get(service.name):
            return
        alone = self.classes.members((service.name,))
        handed = (*self.handed(service), *self.to_come(service)) if service.env_files else ()
        taken = {*self.own(service).names, *handed}
        for shown in self.shown.get(service.name, ()):
            first = any(loader.takes == "first" for loader in shown.loaders)
            for name, index in self.texts.last[shown.path].items():
                if name in taken:
                    continue
                for number in self.texts.places(shown.path)[name] if first else (index,):
                    text = self.texts.binding(shown.path, number, 0, inside=False)
                    if text.value and self.addresses(text):
                        yield Use(alone, shown.way, name, (shown.way, shown.path), text, None, 0)
            taken.update(self.texts.last[shown.path])

    def receiving(self, path: str) -> list[Service]:
        """The services that get an env file, listed or found by their programs, in their order."""
        return self._receiving.get(path, [])

    @cached_property
    def _receiving(self) -> dict[str, list[Service]]:
        found: dict[str, list[Service]] = {}
        for name, service in self.topology.services.items():
            paths = (*(file.path for file in service.env_files), *(one.path for one in self.shown.get(name, ())))
            for path in dict.fromkeys(paths):
                found.setdefault(path, []).append(service)
        return found

    def in_project(self, path: str) -> str:
        """A path as a person of the project writes it: relative to its folder where it lies below it."""
        folder = self.project.directory.rstrip(os.sep) + os.sep
        return path.removeprefix(folder).replace(os.sep, "/")

    def visible(self, service: Service) -> dict[str, Way]:
        """The env files that the program in the container finds for itself, each with its way; the winner first."""
        return {shown.path: shown.way for shown in self.shown.get(service.name, ())}

    def loaders(self, service: str, path: str) -> tuple[Loader, ...]:
        """By which loaders the service's program may read a file that it finds for itself; () if it does not."""
        return next((shown.loaders for shown in self.shown.get(service, ()) if shown.path == path), ())

    def loaders_of(self, path: str) -> tuple[Loader, ...]:
        """The loaders by which any program of the project may read the file."""
        shown = (one for files in self.shown.values() for one in files if one.path == path)
        return tuple(dict.fromkeys(loader for one in shown for loader in one.loaders))

    def container_variable(self, service: Service, name: str) -> Text | None:
        """What a variable is in the service's container, and where that is written; None if it is not set there."""
        entry = self.own(service).entry(name)
        if entry is not None:
            return self.texts.entry(entry)
        if service.env_files and name in self.handed(service):
            path, index, context = self.handed(service)[name]
            return self.texts.binding(path, index, context, inside=True)
        if name in self.to_come(service):
            return None
        for shown in self.shown.get(service.name, ()):
            if name in self.texts.last[shown.path]:
                return self.texts.binding(shown.path, self.texts.last[shown.path][name], 0, inside=False)
        return None


def _group(service: Service) -> tuple[object, ...]:
    return tuple((file.path, file.context, file.format) for file in service.env_files)


__all__ = ["EMPTY", "Found", "Reading", "Use", "key_of"]
