"""One project as a run might have found it, written by hand: the renderers are pure, so no stage below is needed."""

from __future__ import annotations

from envfix.compose.model import Origin, Project, Service
from envfix.records import Choice, Edit, EnvFileState, Evidence, Notice, Patch, Plan, Reader, Reference
from envfix.report import Part, Report

CWD = "/home/me/stack"
SECRET = "hunter2-s3cr3t"

WEB = Reader("web", "interpolation")
WORKER = Reader("worker", "env_file")


BEFORE = (
    "NEXTAUTH_URL=http://localhost:3000\n"
    "# database\n"
    f'DATABASE_URL="postgres://me:{SECRET}@localhost:5433/x"\n'
    f"TOKEN={SECRET}\n"
    "MEDIA_ENDPOINT=http://localhost:9090\n"
)
_AT = BEFORE.index("localhost:5433")
EDIT = Edit(_AT, _AT + len("localhost:5433"), "postgres:5432")


def reference(**changes: object) -> Reference:
    """A rewrite of DATABASE_URL, but for `changes`."""
    start = Reference(
        path=f"{CWD}/.env",
        line=3,
        column=33,
        variable="DATABASE_URL",
        address="localhost:5433",
        decision="rewrite",
        reason="published",
        replacement="postgres:5432",
        service="postgres",
        published_port=5433,
        container_port=5432,
        readers=(WEB, WORKER),
        explanation="postgres publishes 5433 for its port 5432",
        edits=(EDIT,),
        reasoning=("compose.yaml:12 publishes 5433:5432", "web and postgres share the network default"),
    )
    return start._replace(**changes)


KEEP = reference(
    line=1,
    column=21,
    variable="NEXTAUTH_URL",
    address="localhost:3000",
    decision="keep",
    reason="browser",
    replacement=None,
    service=None,
    published_port=None,
    container_port=None,
    readers=(WEB,),
    explanation="a browser uses it",
    reasoning=(),
    edits=(),
)
ASK = reference(
    line=5,
    column=19,
    variable="MEDIA_ENDPOINT",
    address="localhost:9090",
    decision="ask",
    reason="conflict",
    replacement=None,
    service=None,
    published_port=None,
    container_port=None,
    explanation="web needs localhost:9090, where browsers upload; worker needs minio:9000",
    choices=(
        Choice("minio:9000", "minio", 9000, "right for worker"),
        Choice("localhost:9090", None, None, "right for web"),
    ),
    edits=(),
    evidence=(Evidence(f"{CWD}/api/media.py", 7, "mention"),),
)
PATCH = Patch(f"{CWD}/.env", BEFORE.encode(), BEFORE.replace("localhost:5433", "postgres:5432").encode(), (EDIT,))


def plan(**changes: object) -> Plan:
    """A plan with one reference of each decision, but for `changes`."""
    start = Plan(
        directory=CWD,
        name="stack",
        compose_files=(f"{CWD}/compose.yaml",),
        profiles=(),
        env_files=(EnvFileState(f"{CWD}/.env", True),),
        references=(KEEP, reference(), ASK),
        patches=(PATCH,),
        warnings=(Notice(f"{CWD}/compose.yaml", 7, "the env_file api.env is missing"),),
    )
    return start._replace(**changes)


def report(*plans: Plan, **changes: object) -> Report:
    """A dry run over the plans (the one above if none is given), but for `changes`."""
    parts = tuple(Part(each) for each in plans or (plan(),))
    return Report(parts, CWD)._replace(**changes)


def service(name: str, **changes: object) -> Service:
    """A service on the default network with nothing else, but for `changes`."""
    empty = dict.fromkeys(Service._fields)
    lists = dict.fromkeys(("entries", "ports", "expose", "profiles", "env_files", "volumes", "templates"), ())
    dicts = {"environment": {}, "networks": {"default": ()}, "depends_on": {}, "raw": {}}
    origin = Origin(f"{CWD}/compose.yaml", 1, 1)
    return Service(
        **{**empty, **lists, **dicts, "extra_hosts": (), "links": (), "name": name, "origin": origin, **changes}
    )


def project(*services: Service, inactive: tuple[Service, ...] = ()) -> Project:
    """A project of these services."""
    return Project(
        name="stack",
        directory=CWD,
        files=(f"{CWD}/compose.yaml",),
        services={each.name: each for each in services},
        inactive={each.name: each for each in inactive},
        networks={},
        contexts=(),
        profiles=(),
        warnings=(),
        documents={},
    )


def output(said: tuple[object, ...]) -> str:
    """What goes to standard output."""
    return "".join(each.text for each in said if not each.talk)


def talk(said: tuple[object, ...]) -> str:
    """What goes to standard error."""
    return "".join(each.text for each in said if each.talk)
