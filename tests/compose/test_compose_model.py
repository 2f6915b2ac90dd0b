"""Where the pieces of a project come from: templates, origins, contexts, env files, profiles."""

from __future__ import annotations

import os
from pathlib import Path

from compared import fresh

from envfix.compose import Project, Service, load_project
from envfix.compose.nodes import origin_of


def load(tmp_path: Path, files: dict[str, str], environ: dict[str, str] | None = None, **options: object) -> Project:
    root = fresh(tmp_path)
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8", newline="")
    return load_project(root, environ=environ or {}, strict=True, **options)  # type: ignore[arg-type]


def entries(service: Service) -> dict[str, tuple[str | None, str | None, int]]:
    return {entry.name: (entry.value, entry.template, entry.origin.line) for entry in service.entries}


COMPOSE = """\
x-common: &common
  URL: "http://${HOST:-localhost}:80"
services:
  map:
    image: i
    environment:
      <<: *common
      PLAIN: localhost:5432
      NUMBER: 5432
      BARE:
      QUOTED: 'a ''b'' ${HOST}'
  list:
    image: i
    environment:
      - URL=http://${HOST}
      - BARE
      - PLAIN=x
      - ${WHOLE:-K=v}
"""


def test_each_entry_knows_its_template_and_place(tmp_path: Path) -> None:
    project = load(tmp_path, {"compose.yaml": COMPOSE, ".env": "HOST=db\nBARE=b\n"})
    assert entries(project.services["map"]) == {
        "URL": ("http://db:80", "http://${HOST:-localhost}:80", 2),
        "PLAIN": ("localhost:5432", "localhost:5432", 8),
        "NUMBER": ("5432", "5432", 9),
        "BARE": ("b", None, 10),
        "QUOTED": ("a 'b' db", "a 'b' ${HOST}", 11),
    }
    assert entries(project.services["list"]) == {
        "URL": ("http://db", "http://${HOST}", 15),
        "BARE": ("b", None, 16),
        "PLAIN": ("x", "x", 17),
        "K": ("v", "${WHOLE:-K=v}", 18),
    }


def test_an_origin_spans_the_scalar_as_it_is_written(tmp_path: Path) -> None:
    project = load(tmp_path, {"compose.yaml": COMPOSE})
    spans = {
        entry.name: COMPOSE[entry.origin.start : entry.origin.end]
        for service in project.services.values()
        for entry in service.entries
    }
    assert spans["QUOTED"] == "'a ''b'' ${HOST}'"
    assert spans["NUMBER"] == "5432"
    assert spans["PLAIN"] == "PLAIN=x"
    origin = project.services["map"].entries[0].origin
    assert (os.path.basename(origin.path), origin.line, origin.column) == ("compose.yaml", 8, 14)


def test_the_last_file_that_sets_an_entry_is_its_origin(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services:\n  a: {image: i, environment: {A: '${X:-1}', B: 2, C: 3}}\n",
        "compose.override.yaml": "services:\n  a:\n    environment:\n      A: '${Y:-4}'\n      C:\n",
        "base.yaml": "services: {z: {image: i}}\n",
    }
    project = load(tmp_path, files, {"C": "shell"})
    found = {
        entry.name: (os.path.basename(entry.origin.path), entry.template) for entry in project.services["a"].entries
    }
    assert found == {
        "A": ("compose.override.yaml", "${Y:-4}"),
        "B": ("compose.yaml", "2"),
        "C": ("compose.override.yaml", None),
    }
    assert [os.path.basename(file) for file in project.files] == ["compose.yaml", "compose.override.yaml"]


def test_templates_are_found_wherever_they_stand(tmp_path: Path) -> None:
    text = """\
services:
  a:
    image: "i:${TAG:-1}"
    command: ["x", "${CMD}"]
    ports: ["${PORT:-80}:80", {target: 81, published: "${PORT}"}]
    volumes: ["${DIR:-./d}:/d"]
    healthcheck: {test: ["CMD", "${CHECK}"]}
    build: {context: "${CTX:-.}", args: {ARG: "${ARG}", LIT: x}}
    labels: ["l=${LABEL}"]
    env_file: ["${ENV:-one.env}"]
    configs: [c]
    secrets: [{source: s}]
configs: {c: {content: "${CONTENT}"}}
secrets: {s: {environment: SECRET}}
"""
    project = load(tmp_path, {"compose.yaml": text, "one.env": ""}, {"CMD": "run", "SECRET": "hush"})
    found = [(template.place, template.template) for template in project.services["a"].templates]
    assert found == [
        (("image",), "i:${TAG:-1}"),
        (("command",), "${CMD}"),
        (("ports",), "${PORT:-80}:80"),
        (("ports", "published"), "${PORT}"),
        (("volumes",), "${DIR:-./d}:/d"),
        (("healthcheck", "test"), "${CHECK}"),
        (("build", "context"), "${CTX:-.}"),
        (("build", "args", "ARG"), "${ARG}"),
        (("labels", "l"), "l=${LABEL}"),
        (("env_file", "path"), "${ENV:-one.env}"),
        (("configs", "c"), "${CONTENT}"),
        (("secrets", "s"), "${SECRET}"),
    ]
    command = project.services["a"].templates[1]
    assert (command.value, command.origin.line) == ("run", 4)


def test_an_include_has_a_context_of_its_own(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "include: [sub/inc.yaml]\nservices: {a: {image: i, environment: {A: '${X}'}}}\n",
        ".env": "X=top\n",
        "sub/inc.yaml": "services: {b: {image: i, env_file: e.env, environment: ['A=${Y}', X, Y, S]}}\n",
        "sub/.env": "Y=sub\nX=hidden\n",
        "sub/e.env": "E=1\n",
    }
    project = load(tmp_path, files, {"S": "shell"})
    root = tmp_path / "project"
    main, inner = project.contexts
    assert main.variables["X"] == inner.variables["X"] == "top"
    assert main.sources == {"X": str(root / ".env")}
    assert inner.sources == {"X": str(root / ".env"), "Y": str(root / "sub/.env")}
    assert inner.env_files == (str(root / "sub/.env"),)
    assert main.shell == {"S"}
    assert (main.directory, inner.directory) == (str(root), str(root / "sub"))
    assert {entry.name: entry.context for entry in project.services["b"].entries} == {"A": 1, "X": 1, "Y": 1, "S": 1}
    assert project.services["a"].entries[0].context == 0
    assert set(project.documents) == {str(root / path) for path in (".env", "sub/.env", "sub/e.env")}


def test_a_shell_variable_hides_a_binding_but_not_the_document(tmp_path: Path) -> None:
    files = {"compose.yaml": "services: {a: {image: i, environment: {A: '${X}'}}}", ".env": "X=file\n"}
    project = load(tmp_path, files, {"X": "shell"})
    context = project.contexts[0]
    assert project.services["a"].environment == {"A": "shell"}
    assert "X" in context.shell
    assert "X" not in context.sources
    document = project.documents[context.env_files[0]]
    assert [(binding.name, binding.value) for binding in document.bindings] == [("X", "file")]


def test_services_of_other_profiles_are_kept_apart_and_whole(tmp_path: Path) -> None:
    text = "services:\n  a: {image: i}\n  b: {image: '${I:-j}', profiles: [p], env_file: [no.env, e.env]}\n"
    files = {"compose.yaml": text, "e.env": "E=1\n"}
    project = load(tmp_path, files)
    assert set(project.services) == {"a"}
    inactive = project.inactive["b"]
    assert (inactive.image, inactive.environment, inactive.profiles) == ("j", {"E": "1"}, ("p",))
    assert [file.found for file in inactive.env_files] == [False, True]
    assert project.profiles == ()
    chosen = load_project(tmp_path / "project", environ={}, profiles=["p"])
    assert set(chosen.services) == {"a", "b"}
    assert chosen.profiles == ("p",)


def test_a_raw_env_file_is_a_raw_document(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services: {a: {image: i, env_file: [{path: e.env, format: raw}]}}",
        "e.env": "A='q' ${X}\n",
    }
    project = load(tmp_path, files)
    assert project.services["a"].environment == {"A": "'q' ${X}"}
    assert project.documents[str(tmp_path / "project" / "e.env")].raw


def test_documents_that_were_read_before_are_not_read_again(tmp_path: Path) -> None:
    files = {"compose.yaml": "services: {a: {image: i, env_file: .env}}", ".env": "A=1\n"}
    first = load(tmp_path, files)
    (tmp_path / "project" / ".env").write_text("A=2\n")
    again = load_project(tmp_path / "project", environ={}, documents=dict(first.documents))
    assert again.services["a"].environment == {"A": "1"}


def test_watched_folders_are_mounts(tmp_path: Path) -> None:
    text = """\
services:
  a:
    image: i
    volumes: ["./.env:/app/.env:ro", data:/d]
    develop: {watch: [{path: ./src, action: sync, target: /src}, {path: ., action: rebuild}]}
volumes: {data: }
"""
    project = load(tmp_path, {"compose.yaml": text})
    root = tmp_path / "project"
    assert [tuple(mount) for mount in project.services["a"].volumes] == [
        ("bind", str(root / ".env"), "/app/.env", True, ()),
        ("volume", "data", "/d", False, ()),
        ("sync", str(root / "src"), "/src", False, ()),
    ]


def test_services_that_share_a_large_env_file_share_its_values(tmp_path: Path) -> None:
    services = "".join(f"  s{number}: {{image: i, env_file: big.env}}\n" for number in range(50))
    own = "  own: {image: i, env_file: big.env, environment: {V1: own}}\n"
    big = "".join(f"V{number}=x${{V0}}{number}\n" for number in range(5000))
    project = load(tmp_path, {"compose.yaml": f"services:\n{services}{own}", "big.env": big})
    values = {id(service.environment) for name, service in project.services.items() if name != "own"}
    assert len(values) == 1
    assert project.services["own"].environment["V1"] == "own"
    assert project.services["own"].environment["V2"] == project.services["s0"].environment["V2"]


def test_without_an_environ_the_shell_of_the_run_counts(tmp_path: Path, monkeypatch: object) -> None:
    root = fresh(tmp_path)
    (root / "compose.yaml").write_text("services: {a: {image: '${ENVFIX_TEST_IMAGE}', working_dir: '${PWD}'}}")
    monkeypatch.setenv("ENVFIX_TEST_IMAGE", "shell")  # type: ignore[attr-defined]
    service = load_project(root).services["a"]
    assert (service.image, service.working_dir) == ("shell", str(root))


NAMES = """\
services:
  web:
    image: i
    hostname: front.example.test
    container_name: the-web
    extra_hosts:
      - search=127.0.0.1
      - "mail:[::1]"
    links: [db:store]
    networks: {back: {aliases: [www, site]}}
    depends_on: {db: {condition: service_healthy}}
    scale: 0
    labels: [tier=front, bare]
    restart: always
  db:
    image: i
    extra_hosts: {search: 10.0.0.7}
    networks: [back]
    deploy: {replicas: 3}
    labels: {tier: back}
networks: {back: {name: shared}}
"""


def test_a_service_has_all_that_decides_by_which_names_it_is_reached(tmp_path: Path) -> None:
    project = load(tmp_path, {"compose.yaml": NAMES})
    web, db = project.services["web"], project.services["db"]
    assert (web.hostname, web.container_name, web.links) == ("front.example.test", "the-web", ("db:store",))
    assert (web.extra_hosts, db.extra_hosts) == (("search=127.0.0.1", "mail=::1"), ("search=10.0.0.7",))
    assert (web.networks, web.depends_on) == ({"back": ("www", "site")}, {"db": "service_healthy"})
    assert (web.replicas, db.replicas, web.restart) == (0, 3, "always")
    assert (dict(web.labels), dict(db.labels)) == ({"tier": "front", "bare": ""}, {"tier": "back"})
    assert project.networks["back"]["name"] == "shared"
    places = (web.hostname, web.container_name, *web.extra_hosts, *web.links, *web.networks["back"], *db.extra_hosts)
    assert [origin_of(text).line for text in places] == [4, 5, 7, 8, 9, 10, 10, 17]  # type: ignore[union-attr]


def test_a_build_has_its_other_contexts_and_a_sync_what_it_leaves_out(tmp_path: Path) -> None:
    text = """\
services:
  a:
    build: {context: ., target: dev, additional_contexts: {lib: ../lib, base: docker-image://alpine}}
    develop: {watch: [{path: ., action: sync, target: /app, ignore: [node_modules/, .env]}]}
  b:
    build: {context: ., additional_contexts: [lib=./lib, a=service:a]}
"""
    services = load(tmp_path, {"compose.yaml": text}).services
    root = tmp_path / "project"
    builds = {name: service.build for name, service in services.items() if service.build}
    assert dict(builds["a"].additional_contexts) == {"lib": str(tmp_path / "lib"), "base": "docker-image://alpine"}
    assert dict(builds["b"].additional_contexts) == {"lib": str(root / "lib"), "a": "service:a"}
    assert builds["a"].target == "dev"
    assert [mount.ignored for mount in services["a"].volumes] == [("node_modules/", ".env")]


def test_configs_and_secrets_that_are_files_are_told(tmp_path: Path) -> None:
    text = """\
services:
  a: {image: i, configs: [plain, {source: plain, target: /app/.env}], secrets: [key, {source: key, target: other}]}
configs: {plain: {file: ./app.env}}
secrets: {key: {file: key.txt}}
"""
    service = load(tmp_path, {"compose.yaml": text}).services["a"]
    config, key = str(tmp_path / "project" / "app.env"), str(tmp_path / "project" / "key.txt")
    assert [mount[:3] for mount in service.files] == [
        ("config", config, "/plain"),
        ("config", config, "/app/.env"),
        ("secret", key, "/run/secrets/key"),
        ("secret", key, "/run/secrets/other"),
    ]


def test_the_target_of_a_mount_is_cleaned_in_the_short_and_the_long_form(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(
        "services:\n  db:\n    image: postgres\n    volumes:\n      - data:/var/lib/a/\n"
        "      - {type: volume, source: data, target: /var/lib/./b/}\nvolumes: {data: {}}\n"
    )
    mounts = load_project(str(tmp_path)).services["db"].volumes
    assert [mount.target for mount in mounts] == ["/var/lib/a", "/var/lib/b"]
