"""Which project is it, with a template in the place of the file that it stands for?"""

from collections.abc import Callable, Iterable, Mapping

from envfix.compose.model import Project
from envfix.envfile import EnvDocument
from envfix.named_tuples import NamedTuple
from envfix.project.env_files import under_one_path
from envfix.project.ports import Ports
from envfix.project.topology import Topology


class Read(NamedTuple):
    """Who serves what in a project; its `documents`, and those that stand for files, by path; and the one path of each
    env file that has several, by the `others` (see `under_one_path`)."""

    ports: Ports
    documents: Mapping[str, EnvDocument]
    others: Mapping[str, str]


class Projects:
    """The project that `load` gives where documents stand for files. A hook may be passed hundreds of templates: for
    those in whose place loading looks for nothing, it is one and the same."""

    def __init__(self, load: Callable[[dict[str, EnvDocument]], Project]) -> None:
        self._load = load
        self._without: Ports | None = None

    def read(self, stands: Mapping[str, EnvDocument], named: Iterable[str]) -> Read:
        """The project where the documents `stands` are the files at their paths; the user `named` some files."""
        ports = self._without
        if ports is None or not ports.project.looked_for.isdisjoint(stands):
            ports = Ports(Topology(self._load(dict(stands))))
        if ports.project.looked_for.isdisjoint(stands):
            self._without = ports
        project, others = under_one_path(ports.project, named)
        if project is not ports.project:
            ports = Ports(Topology(project))
        standing = {path: document for path, document in stands.items() if others.get(path, path) == path}
        return Read(ports, {**standing, **project.documents}, others)
