"""Does a service that receives an address, and could use it, use it for all that we know?"""

from __future__ import annotations

from envfix.compose.model import EnvEntry
from envfix.knowledge.frameworks import SWITCHED
from envfix.knowledge.images.record import ANYTHING
from envfix.knowledge.names import words_of
from envfix.knowledge.words import DATABASES
from envfix.project.provenance import EMPTY
from envfix.project.stock import starts_web_server, web_server_of
from envfix.resolver.case import Case, Need, Scene, ask, keep
from envfix.resolver.named import names_service
from envfix.resolver.told import RUNS_TESTS, TEST, image_words
from envfix.shown import as_written, enumerated

# The variables in which a whole connection to a database is handed over by convention: https://12factor.net/config,
# https://www.prisma.io/docs/orm/reference/connection-urls, https://pypi.org/project/dj-database-url/,
# https://guides.rubyonrails.org/configuring.html#connection-preference, https://symfony.com/doc/current/doctrine.html
WHOLE = frozenset({"DATABASE_URL", "DB_URL", "POSTGRES_URL", "MYSQL_URL", "MONGODB_URI", "MONGODB_URL", "MONGO_URL"})

# Web servers whose configuration holds programs, with drivers for databases: https://openresty.org/en/components.html
_PROGRAMMED = frozenset({"openresty"})
# What a reader would be told to connect to all the same, if it did.
_NOBODY_THERE = frozenset({"unreachable", "no-target"})
_MOST_TOLD = 4


def beside_the_whole(scene: Scene, case: Case, need: Need) -> Need | None:
    """A bare host of a database from an env file, beside the whole connection to the same server that the compose file
    itself gives the reader: `DATABASE_URL=postgres://db/app` in `environment:` and `DB_HOST=localhost` in the file. One
    who has the whole does not need the part."""
    use, target = case.found.use, need.target
    if need.verdict != "rewrite" or target is None or use.entry is not None or case.address.scheme:
        return None
    if DATABASES.isdisjoint(case.kinds):
        return None
    for entry in scene.reading.own(scene.topology.services[case.reader]).among(WHOLE):
        if _leads_to(scene, case.reader, entry, target.service):
            why = f"{case.reader} is given the whole connection to {target.service} by {as_written(entry.name)}"
            return keep("unread", why, passive=True)
    return None


def _leads_to(scene: Scene, reader: str, entry: EnvEntry, service: str) -> bool:
    key = reader, id(entry)  # which the project keeps
    if key not in scene.led:
        there = scene.reading.hosts.of(scene.reading.texts.entry(entry) or EMPTY)
        hosts = dict.fromkeys(one.host for one in there if one.scheme and not one.refusal)
        scene.led[key] = frozenset(scene.topology.leads_to(reader, host) for host in hosts)
    return service in scene.led[key]


def of_a_stranger(scene: Scene, case: Case, need: Need) -> Need | None:
    """A pulled image that is no part of the application, in a project that builds its own, and that is handed the whole
    env file with the others: a webhook CLI or a BI tool hardly reads the application's variables."""
    service = scene.topology.services[case.reader]
    if need.verdict != "rewrite" or case.found.use.entry is not None or case.found.use.way != "env_file":
        return None
    if service.build is not None or not scene.ports.some_are_built:
        return None
    if _is_the_projects(scene, service.image) or names_service(scene, case, case.reader):
        return None
    image = scene.ports.image(case.reader)
    if image is not None and image.reads != ANYTHING and case.found.use.variable.startswith(image.reads or ("\0",)):
        return None
    why = f"{case.reader} runs a stock image that gets the whole file, and nothing says that it reads {case.name}"
    choices = (need.target,) if need.target else ()
    return ask(why, choices)


def of_a_web_server(scene: Scene, case: Case, need: Need) -> Need | None:
    """The address of a database, a cache or a broker, in a file that a web server with pages of its own gets with
    everyone else: nginx, Apache and Caddy send on what browsers and programs ask of them, and are the clients of no
    such server (https://nginx.org/en/docs/)."""
    use = case.found.use
    if need.verdict == "keep" or not case.specific or case.family == "http" or use.entry is not None:
        return None
    dockerfile = scene.ports.dockerfile(case.reader)
    server = web_server_of(dockerfile)
    if dockerfile is None or server is None or not starts_web_server(dockerfile):
        return None
    service = scene.topology.services[case.reader]
    if service.command or service.entrypoint or not _PROGRAMMED.isdisjoint(server.names):
        return None
    return keep("unread", f"{case.reader} is a web server, which connects to no such server", passive=True)


def of_a_test_run(scene: Scene, case: Case, need: Need) -> Need | None:
    """A connection for test runs (`DATABASE_TEST_URL` beside `DATABASE_URL`), in a file that a service which runs no
    tests loads for itself, where no server stands apart for tests. Frameworks keep a connection of their own for tests:
    https://guides.rubyonrails.org/configuring.html#configuring-a-database."""
    use, target, leaf = case.found.use, need.target, case.found.host.leaf
    if need.verdict != "rewrite" or target is None or use.way not in ("mount", "image") or leaf.binding < 0:
        return None
    twin = tuple(word for word in case.says.words if word not in TEST)
    if len(twin) == len(case.says.words) or twin not in scene.reading.names_as_words(leaf.path):
        return None
    runs = scene.told.runs_tests(case.reader) or not RUNS_TESTS.isdisjoint(words_of(target.service))
    return None if runs else keep("unread", f"{case.name} is for test runs, and {case.reader} runs none", passive=True)


def of_a_migration(scene: Scene, case: Case, need: Need) -> Need | None:
    """Whatever is no database, in a file that a migration tool gets with everyone else: it connects to the database
    whose tables it changes, and to no cache, broker or service. What is built here and stands on no server's image is
    such a service."""
    if (need.verdict == "keep" and need.reason not in _NOBODY_THERE) or case.found.use.entry is not None:
        return None
    meant = [one.service for one in ((need.target,) if need.target is not None else need.choices)]
    images = [image for one in meant if (image := scene.ports.image(one)) is not None]
    kinds = {*case.kinds, case.family}.union(*(image.families for image in images))
    built = bool(meant) and not images and all(scene.topology.services[one].build is not None for one in meant)
    if not DATABASES.isdisjoint(kinds) or not (kinds - {""} or built):
        return None
    if not scene.told.only_migrates(case.reader):
        return None
    return keep("unread", f"{case.reader} runs a migration tool, which connects to a database alone", passive=True)


def of_another_driver(scene: Scene, case: Case, need: Need) -> Need | None:
    """A server that nobody is, and that a framework connects to where a setting says so, as none of the reader's does:
    the env file of a fresh project has the hosts of all."""
    switched = SWITCHED.get(case.found.use.variable)
    if switched is None or need.reason != "no-target":
        return None
    service, reading = scene.topology.services[case.reader], scene.reading
    told = {name: text.value for name in switched.settings if (text := reading.container_variable(service, name))}
    if not told or not switched.values.isdisjoint(value.strip().lower() for value in told.values()):
        return None
    say = "says" if len(told) == 1 else "say"
    why = f"{enumerated(list(told), _MOST_TOLD)} {say} another driver, so {case.reader} opens no connection to it"
    return keep("unread", why, passive=True)


def _is_the_projects(scene: Scene, image: str | None) -> bool:
    """Whether the image bears the project's own name, or that of its owner: one that another service builds has the
    same name or owner, or it shares a word with the project."""
    if not image or "$" in image:
        return True
    own = {word for word in image_words(image) if len(word) > 2}
    return not own.isdisjoint(scene.told.images_built) or bool(own & set(words_of(scene.topology.project.name)))
