"""What does the source of each service say of a variable? The one place through which others ask."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property, lru_cache

from envfix.knowledge.runtimes import LIBRARY_NAMES, LIBRARY_PREFIXES, NAMES_BY_LIBRARY, PREFIXES_BY_LIBRARY
from envfix.project.listening import command_line
from envfix.project.ports import Ports
from envfix.shell_words import MOST
from envfix.source.files import MAX_FILES, SourceFile, SourceFiles, lies_in
from envfix.source.mentions import MAX_LINE, Mention, Mentions, Parts, Searched, parts
from envfix.source.runtime import Codebase, codebase_of, is_deployment
from envfix.source.usage import Lines, Usage, usage


class Code:
    """The source of a project's services. Nothing is read before the first question; then every file once."""

    def __init__(self, ports: Ports, top: str) -> None:
        """`top` is the folder outside which no source is looked for, links resolved."""
        self.ports = ports
        self.top = top
        self._codebases: dict[str, Codebase] = {}
        self._lines: dict[str, list[str]] = {}
        self._own: dict[tuple[str, ...], frozenset[str]] = {}
        self._run: dict[Codebase, dict[str, SourceFile]] = {}
        self._without_tests: dict[Codebase, dict[str, SourceFile]] = {}
        self._tells_all: dict[Codebase, bool] = {}
        self._parts_of: dict[str, Parts] = {}
        self._parts: dict[Codebase, Parts] = {}
        self._mentions: dict[tuple[Codebase, str], tuple[Mention, ...]] = {}
        self._in_files = Mentions()
        self._usages: dict[tuple[Codebase, str], Usage] = {}
        self._given_on: Lines = {}

    @cached_property
    def _files(self) -> SourceFiles:
        folders = [folder for name in self.ports.topology.services for folder in self.codebase(name).folders]
        if not folders:
            return SourceFiles((), ())
        from envfix.source.reading import read_source  # only for a service whose source is at hand

        return read_source(self.top, folders)

    @cached_property
    def _searched(self) -> Searched:
        return Searched(self._files.files)

    def codebase(self, service: str) -> Codebase:
        """The code of the service's program."""
        if service not in self._codebases:
            self._codebases[service] = codebase_of(self.ports, service, self.top)
        return self._codebases[service]

    def mentions(self, service: str, name: str) -> tuple[Mention, ...]:
        """The lines of the service's source that say the name, its runtime's before others, tests last; exact spellings
        alone where there are any."""
        if not self._files.files:
            return ()
        codebase = self.codebase(service)
        key = (codebase, name)
        if key not in self._mentions:
            run, own = self._run_files(codebase), self._own_files(codebase)
            saying = self._searched.saying(name)
            found = list(self._in_files.of((file for path, file in saying.items() if path in own), name))
            found = [one for one in found if one.exact] or found
            found.sort(key=lambda one: (one.path not in run, is_test(one.path)))
            self._mentions[key] = tuple(found)
        return self._mentions[key]

    def _own_files(self, codebase: Codebase) -> frozenset[str]:
        """The files in the program's folders, but for those that other tools read."""
        if codebase.folders not in self._own:
            here = (file.path for file in self._files.files if lies_in(file.path, codebase.folders))
            self._own[codebase.folders] = frozenset(path for path in here if not is_deployment(path))
        return self._own[codebase.folders]

    def usage(self, service: str, name: str) -> Usage:
        """What the code that the service runs does with the variable's value; tests aside."""
        codebase = self.codebase(service)
        key = (codebase, name)
        if key not in self._usages:
            if codebase not in self._without_tests:
                files = self._run_files(codebase)
                self._without_tests[codebase] = {path: file for path, file in files.items() if not is_test(path)}
            files = self._without_tests[codebase]
            said = [one for one in self.mentions(service, name) if one.path in files]
            self._usages[key] = usage(said, files.values(), name, self._given_on)
        return self._usages[key]

    def run(self, service: str) -> tuple[SourceFile, ...]:
        """The files that the service's runtime may run or read."""
        return tuple(self._run_files(self.codebase(service)).values())

    def _run_files(self, codebase: Codebase) -> dict[str, SourceFile]:
        if codebase not in self._run:
            files = (file for file in self._files.files if lies_in(file.path, codebase.folders))
            self._run[codebase] = {file.path: file for file in files if codebase.runs(file)}
        return self._run[codebase]

    def never_says(self, service: str, name: str) -> bool:
        """Whether the program of the service cannot get at the variable: its source is at hand and whole, no file that
        its runtime runs says the name in any spelling or part, and no library takes the name by itself."""
        codebase = self.codebase(service)
        if codebase not in self._tells_all:
            self._tells_all[codebase] = self._would_say(codebase)
        if not self._tells_all[codebase] or _is_a_librarys(name) or self._has(codebase, name):
            return False
        if any(self._has(codebase, word) for word in (*_binding_words(codebase), *_giving_away(codebase, name))):
            return False
        return not self._parts_in(codebase).of(name) and not self._command_says(service, name)

    def _would_say(self, codebase: Codebase) -> bool:
        """Whether the program's source would say each variable that it reads: it is at hand, whole, and in a language
        that is known, whose usual frameworks do not make up the names of all."""
        if not codebase.own or not codebase.runtimes or any(runtime.binds_all for runtime in codebase.runtimes):
            return False
        if any(lies_in(gap, codebase.folders) for gap in self._files.gaps):
            return False
        return any(map(codebase.is_its_language, self._run_files(codebase).values()))

    def _has(self, codebase: Codebase, word: str) -> bool:
        """Whether one of the files that the program runs says the word, whatever its spelling."""
        return not self._run_files(codebase).keys().isdisjoint(self._searched.saying(word))

    def _parts_in(self, codebase: Codebase) -> Parts:
        if codebase not in self._parts:
            files = self._run_files(codebase)
            for path in files.keys() - self._parts_of.keys():
                self._parts_of[path] = parts(files[path])
            told = [self._parts_of[path] for path in files]
            heads = frozenset().union(*(one.heads for one in told))
            self._parts[codebase] = Parts(heads, frozenset().union(*(one.tails for one in told)))
        return self._parts[codebase]

    def lines(self, file: SourceFile) -> list[str]:
        """The lines of a file, "" for one that was not written by a person."""
        if file.path not in self._lines:
            text = file.data.decode("utf-8", "replace")
            self._lines[file.path] = [line if len(line) <= MAX_LINE else "" for line in text.splitlines()]
        return self._lines[file.path]

    def _command_says(self, service: str, name: str) -> bool:
        """Whether a shell of the container puts the variable into the command (`$$NAME`, a Dockerfile's CMD)."""
        one, dockerfile = self.ports.topology.services[service], self.ports.dockerfile(service)
        lines = (command_line(one), dockerfile.line if dockerfile is not None else "")
        return any(name in line or len(line) == MOST for line in lines)  # one that is cut off may say it further on


def _binding_words(codebase: Codebase) -> Iterator[str]:
    """By which words a library is known that makes names of variables by itself."""
    return (word for runtime in codebase.runtimes for word in runtime.binds)


def _is_a_librarys(name: str) -> bool:
    return "__" in name or name in LIBRARY_NAMES or name.startswith(tuple(LIBRARY_PREFIXES))


def _giving_away(codebase: Codebase, name: str) -> Iterator[str]:
    runtimes = {runtime.name for runtime in codebase.runtimes}
    yield from (prefix for prefix in PREFIXES_BY_LIBRARY if name.startswith(prefix))
    for runtime, variable, word, _ in NAMES_BY_LIBRARY:
        if runtime in runtimes and variable == name:
            yield word


_TEST_PARTS = ("test", "tests", "__tests__", "spec", "specs", "e2e", "fixtures", "mocks", "examples")


@lru_cache(MAX_FILES)
def is_test(path: str) -> bool:
    """Whether the file is a test's, by its name or its folder's."""
    parts = path.lower().split(os.sep)
    name = parts[-1]
    marked = ".test." in name or ".spec." in name or name.startswith("test_") or "_test." in name or "_spec." in name
    return marked or not set(parts).isdisjoint(_TEST_PARTS)
