"""Which env files are one and the same, which programs may find one for themselves, and which does nobody read?"""

import os
from collections.abc import Collection, Iterable, Mapping

from envfix.compose.model import Project, Service
from envfix.envfile import EnvDocument
from envfix.files import OneName, inside
from envfix.git.worktree import territory
from envfix.loaders.table import Loader
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex
from envfix.project.env_names import is_template
from envfix.project.ports import Ports
from envfix.reasons import Way
from envfix.records import Notice

LOADED_NAME = regex(r"\.env(?:\.[\w.-]+)?$")


class Shown(NamedTuple):
    """An env file that a service's program finds for itself: `path` on the host, `way` "mount", "image" or, where the
    user says so, "configured"; `place` in the container, `loaders` those by which it may be read."""

    path: str
    way: Way
    place: str
    loaders: tuple[Loader, ...]


class Discovery(NamedTuple):
    """For each service the files that its program finds, the one that wins first; `documents` are those that were read
    for it, by path, and `paths` those that some service finds, in order."""

    shown: Mapping[str, tuple[Shown, ...]] = {}
    documents: Mapping[str, EnvDocument] = {}
    paths: tuple[str, ...] = ()
    warnings: tuple[Notice, ...] = ()


def under_one_path(project: Project, named: Iterable[str] = ()) -> tuple[Project, Mapping[str, str]]:
    """The project with each env file under the first path by which Compose opens it, where it opens it by several (a
    link, and what that points to; upper and lower case, where these are not told apart), and that path for each other
    one, and for those that the user `named`."""
    first: dict[str, str] = {}
    one_name = OneName()
    same = {path: first.setdefault(one_name.of(path), path) for path in (*project.documents, *named)}
    if all(path == other for path, other in same.items()):
        return project, {}

    def put_right(service: Service) -> Service:
        return service._replace(
            env_files=tuple(one._replace(path=same.get(one.path, one.path)) for one in service.env_files)
        )

    contexts = (
        one._replace(
            sources={name: same.get(path, path) for name, path in one.sources.items()},
            env_files=tuple(dict.fromkeys(same.get(path, path) for path in one.env_files)),
        )
        for one in project.contexts
    )
    services, inactive = (
        {name: put_right(service) for name, service in group.items()} for group in (project.services, project.inactive)
    )
    documents = {path: document for path, document in project.documents.items() if same[path] == path}
    return (
        project._replace(services=services, inactive=inactive, contexts=tuple(contexts), documents=documents),
        same,
    )


def may_find(ports: Ports, name: str) -> bool:
    """Whether the service's program may find an env file for itself: one of the project's own, which is shown files of
    the host or built from them."""
    service = ports.services[name]
    if ports.image(name) is not None or ports.serves_pages(name):
        return False
    return bool(service.volumes or service.files) or ports.dockerfile(name) is not None


def left_over(ports: Ports, read: Collection[str]) -> tuple[str, ...]:
    """The `.env*` files that lie beside the compose files, or at the top of a build context or of a mounted folder, and
    are not among the files `read`: no container gets them. Sorted, templates left out."""
    folders = {os.path.dirname(path) for path in ports.topology.project.files}
    for service in ports.services.values():
        if service.build is not None and os.path.isabs(service.build.context):
            folders.add(service.build.context)
        folders.update(mount.source for mount in service.volumes if mount.type in ("bind", "sync"))
    one_name = OneName()
    known = {one_name.of(path) for path in read}
    top = territory(ports.topology.project.directory)
    found = (os.path.join(folder, name) for folder in folders if inside(folder, top) for name in _env_names(folder))
    return tuple(sorted(path for path in set(found) if one_name.of(path) not in known))


def _env_names(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in entries if _is_env_file(entry)]
    except OSError:
        return []


def _is_env_file(entry: os.DirEntry[str]) -> bool:
    return LOADED_NAME.match(entry.name) is not None and not is_template(entry.name) and entry.is_file()
