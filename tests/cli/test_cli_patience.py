"""What would keep the processor busy for long is given up: a project, a log, a run over many; and never a write."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import pytest
from conftest import Envfix

from envfix import files
from envfix.cli import last_resort, logs, paths, patience, recursive, shared, watch
from envfix.disk import backup_store, backups
from envfix.disk.replacement import Change
from envfix.errors import EnvfixError
from envfix.files import read_bounded
from envfix.planning import Made, Request, make

Project = Callable[..., Path]
COMPOSE = "services:\n  db: {image: x, ports: ['5433:5432']}\n  api: {image: y, env_file: .env}\n"
WRONG = "DATABASE_URL=postgres://app@localhost:5433/app\n"
FILES = {"compose.yaml": COMPOSE, ".env": WRONG}

SYSTEM = patience._timer_of_system()


@pytest.fixture(
    params=[
        pytest.param("timer", marks=pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer here")),
        "watch",
    ],
)
def timer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> patience._Timer:
    """Each of the two that there are, on whichever system."""
    one = SYSTEM if request.param == "timer" else patience._Timer(watch.Watch().set, watch.SIGNAL)
    monkeypatch.setattr(patience, "_timer", one)
    return one


def forever(*_: object, **__: object) -> NoReturn:
    """Keeps busy, and takes every error for a file that cannot be read."""
    while True:
        try:
            sum(range(1000))
        except Exception:
            continue


def busy(seconds: float) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        sum(range(1000))


def refused(action: Callable[[], None]) -> str:
    with pytest.raises(EnvfixError) as caught:
        action()
    return caught.value.message


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little patience."""
    monkeypatch.setattr(patience, "SECONDS", 0.5)


def assert_nothing_left_of_it() -> None:
    assert signal.getsignal(patience._timer.number) == signal.SIG_DFL
    assert patience._timer.set(0) == (0.0, 0.0)


@pytest.mark.usefixtures("timer")
class TestPatience:
    def test_a_project_that_takes_too_long_is_given_up(self, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
        folder = str(project(**FILES))
        with monkeypatch.context() as patched:
            patched.setattr(shared, "make", forever)
            with pytest.raises(EnvfixError, match="busy for long, after others") as caught:
                shared.made_of(Request(folder), seconds=0.2)
        assert caught.value.path == folder
        assert_nothing_left_of_it()
        assert [one.replacement for one in shared.made_of(Request(folder, environ={})).plan.references] == ["db:5432"]

    @pytest.mark.slow
    def test_what_is_within_another_is_not_counted_there(self) -> None:
        with patience.patient(0.5, "outer"):
            for _ in range(4):
                with patience.patient(5, "inner"):
                    busy(0.2)
            with pytest.raises(EnvfixError, match="inner"), patience.patient(0.05, "inner"):
                forever()

        def outer() -> None:
            with patience.patient(0.2, "outer"):
                with patience.patient(5, "inner"):
                    busy(0.1)
                forever()

        assert refused(outer) == "outer"
        assert_nothing_left_of_it()

    def test_what_was_allowed_is_given(self) -> None:
        with patience.patient(0.2, "no"):
            patience.allow(5)
            busy(0.4)

        def too_much() -> None:
            with patience.patient(0.1, "outer"):
                patience.allow(0.1)
                with patience.patient(5, "inner"):
                    patience.allow(1000)
                forever()

        assert refused(too_much) == "outer"
        assert_nothing_left_of_it()

    @pytest.mark.parametrize(("size", "most", "ends"), [(0, 60, True), (3000, 60, False), (3000, 0.2, True)])
    def test_what_was_read_is_worth_time(
        self, size: int, most: float, ends: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(patience, "_AT_LEAST", 0.1)
        (tmp_path / "file").write_bytes(b"x" * size)

        def work() -> None:
            with patience.patient(most, "ended"):
                busy(0.05)
                read_bounded(str(tmp_path / "file"), 3000, "file")
                busy(0.4)

        if ends:
            assert refused(work) == "ended"
        else:
            work()
        assert_nothing_left_of_it()

    def test_what_a_run_reads_is_counted(self, project: Project, envfix: Envfix) -> None:
        """Env files, compose files, sources and backups, each by its own way of reading."""
        built = COMPOSE.replace("image: y", "build: app")
        names = {
            "compose.yaml": built,
            ".env": WRONG,
            "app/Dockerfile": "FROM node\n",
            "app/index.js": "//" + "x" * 5000,
        }
        folder = project(**names)

        def size_of(*names: str) -> int:
            return sum(path.stat().st_size for name in names for path in folder.glob(name) if path.is_file())

        def read(*words: str) -> int:
            before = files.bytes_read()
            assert envfix(*words, "--backup-dir", "kept", cwd=folder).status in (0, 1)
            return files.bytes_read() - before

        assert read("--write") >= size_of(*names)
        assert read("--restore") >= size_of(".env", "kept/**/*")

    def test_a_write_is_never_disturbed(self) -> None:
        written = []

        def write() -> None:
            with patience.patient(0.1, "behind it"):
                with patience.undisturbed():
                    busy(0.3)
                    written.append(True)
                forever()

        assert (refused(write), written) == ("behind it", [True])
        assert_nothing_left_of_it()

    def test_an_exception_that_is_lost_in_a_callback_comes_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        struck: list[type[BaseException] | None] = []
        told: list[type[BaseException]] = []

        def closed_while_busy() -> Iterator[None]:
            try:
                yield
            finally:
                try:
                    forever()
                finally:
                    struck.append(sys.exc_info()[0])

        class Other:
            def __del__(self) -> None:
                raise ValueError

        def all_of_them() -> None:
            with patience.patient(0.1, "at last"):
                next(closed_while_busy())
                Other()
                forever()

        def hook(args: sys.UnraisableHookArgs) -> None:
            told.append(args.exc_type)

        monkeypatch.setattr(patience, "_AGAIN", 0.1)
        monkeypatch.setattr(sys, "unraisablehook", hook)
        assert (refused(all_of_them), struck, told) == ("at last", [patience._TooLong], [ValueError])
        assert sys.unraisablehook is hook
        assert_nothing_left_of_it()


class TestWatch:
    def test_its_thread_ends_when_nothing_is_watched(self) -> None:
        one = watch.Watch()
        one.set(5)
        thread = one._thread
        assert thread is not None
        assert thread.is_alive()
        assert one.set(0) == (pytest.approx(5, abs=1), 0.0)
        thread.join(30)
        assert not thread.is_alive()

    def test_it_is_not_taken_for_the_end_of_a_run(self) -> None:
        assert watch.SIGNAL not in {signal.SIGINT, signal.SIGTERM, *last_resort.ENDING}

    def test_it_costs_nothing_where_the_system_has_a_timer(self) -> None:
        code = "import sys, envfix.cli.patience as it; print('envfix.cli.watch' in sys.modules, it._timer.number)"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        if hasattr(signal, "setitimer"):
            assert done.stdout.split() == ["False", str(int(signal.SIGPROF))]
        else:
            assert done.stdout.split() == ["True", str(int(watch.SIGNAL))]


@pytest.mark.slow
@pytest.mark.usefixtures("soon")
class TestWholeRuns:
    """Whatever takes long on the way, it is one sentence and status 2."""

    @pytest.mark.parametrize(
        ("words", "where", "sentence"),
        [
            ([], (shared, "make"), "this project keeps the processor busy for far longer"),
            ([], (shared, "render"), "this run keeps the processor busy for far longer"),
            (["a/x.env", "compose.yaml"], (paths, "load_project"), "this run keeps the processor busy"),
            (["--logs", "log"], (logs, "blame"), "log: this log keeps the processor busy for far longer"),
            (["--logs", "log"], (logs, "render_text"), "this run keeps the processor busy"),
            (["-r"], (recursive, "_below"), "this run keeps the processor busy"),
        ],
        ids=lambda value: getattr(value, "name", None) or str(value[-1] if isinstance(value, tuple) else value)[:20],
    )
    def test_every_stage(
        self,
        words: list[str],
        where: tuple[object, str],
        sentence: str,
        project: Project,
        envfix: Envfix,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        if "project" in sentence:
            monkeypatch.setattr(shared, "of_project", lambda folder, _: patience.patient(0.2, sentence, folder))
        refused = "api-1 | dial tcp 127.0.0.1:5433: connect: connection refused\n"
        folder = project(**FILES, **{"a/compose.yaml": COMPOSE, "a/.env": WRONG, "a/x.env": WRONG, "log": refused})
        monkeypatch.setattr(*where, forever)
        done = envfix(*words, cwd=folder)
        assert done.status == 2
        assert sentence in done.err
        assert done.err.count("envfix: ") == 1

    @pytest.mark.parametrize("words", [["--restore"], ["--write"], ["--restore", "--list"], ["--restore", "--forget"]])
    def test_backups_of_a_clone_that_take_too_long_are_given_up(
        self, words: list[str], project: Project, envfix: Envfix, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = project(**FILES)
        envfix("--write", "--backup-dir", "kept", cwd=folder)
        (folder / ".env").write_text(WRONG)
        with monkeypatch.context() as patched:
            patched.setattr(backup_store, "_entry", forever)
            done = envfix(*words, "--backup-dir", "kept", cwd=folder)
        assert (done.status, done.out) == (2, "")
        assert "keeps the processor busy" in done.err
        assert (folder / ".env").read_text() == WRONG
        assert_nothing_left_of_it()

    def test_a_write_is_not_interrupted_and_its_report_says_that_it_was_done(
        self, project: Project, envfix: Envfix, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = project(**FILES)
        replace_all = backups.replace_all

        def slow(changes: Sequence[Change]) -> None:
            busy(0.8)
            replace_all(changes)

        monkeypatch.setattr(backups, "replace_all", slow)
        assert envfix("--write", cwd=folder).status == 0
        assert envfix("--restore", cwd=folder).status == 0
        monkeypatch.setattr(shared, "render", forever)
        done = envfix("--write", cwd=folder)
        assert done.status == 2
        assert "the files were changed, and to tell of it keeps the processor busy" in done.err
        assert "db:5432" in (folder / ".env").read_text()

    def test_a_log_may_take_long_where_there_is_much_of_it(
        self, project: Project, envfix: Envfix, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = project(**FILES, log="x" * 70_000 + "\n")  # worth 1.4 seconds
        blame = logs.blame
        monkeypatch.setattr(logs, "blame", lambda *given: (blame(*given), busy(0.8))[0])
        assert envfix("--logs", "log", cwd=folder).status == 0


class TestPurse:
    def test_many_projects_that_are_slow_end_soon_and_honest_ones_are_not_touched(self) -> None:
        purse, took = patience.Purse(), []
        for _ in range(1000):
            took.append(purse.of_next())
            purse.pay(took[-1])
        assert took[0] == patience.SECONDS
        assert took[-1] == 1
        assert sum(took) <= 600 + 1000
        honest = patience.Purse()
        for _ in range(100_000):
            assert honest.of_next() == patience.SECONDS
            honest.pay(0.5)
        assert honest.of_next() == patience.SECONDS

    def test_what_some_took_too_much_others_save_up_again(self) -> None:
        purse = patience.Purse(0)
        purse.pay(100)
        assert purse.of_next() == 1
        for _ in range(150):
            purse.pay(0)
        assert purse.of_next() == pytest.approx(52)

    @pytest.mark.slow
    @pytest.mark.usefixtures("timer")
    @pytest.mark.parametrize("words", [["-r"], [f"p{number}" for number in range(4)]], ids=["recursive", "named"])
    def test_a_run_shares_it_out(
        self, words: list[str], project: Project, envfix: Envfix, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = project(**{f"p{at}/{name}": text for at in range(4) for name, text in FILES.items()})
        ready = {str(folder / f"p{at}"): make(Request(str(folder / f"p{at}"), environ={})) for at in (1, 3)}
        monkeypatch.setattr(patience, "_OF_EACH", 0.5)
        monkeypatch.setattr(patience.Purse.__init__, "__defaults__", (0.5,))

        def slow(request: Request) -> Made:
            return ready[request.directory] if request.directory in ready else forever()

        monkeypatch.setattr(recursive, "make", slow)
        monkeypatch.setattr(shared, "make", slow)
        done = envfix(*words, cwd=folder)
        assert done.status == 2
        assert done.out.count("@db:5432/app\n") == 2
        assert "p0: this project keeps the processor busy for long, after others" in done.err
        assert "p2: this project keeps the processor busy" in done.err


@pytest.mark.parametrize("name", [name for name in dir(backups) if name in ("write", "write_new", "restore", "forget")])
def test_every_write_of_the_command_line_is_undisturbed(name: str) -> None:
    """Each call of what writes stands in an `undisturbed`, or is given it."""
    import ast

    def is_given(call: ast.Call) -> bool:
        return any(f"{one.arg}={ast.unparse(one.value)}" == "writing=undisturbed" for one in call.keywords)

    calls = guarded = 0
    for path in sorted(Path(patience.__file__).parent.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {"put_back" if name == "restore" else name} if name != "write" else {"backups.write"}
        within = [
            node
            for block in ast.walk(tree)
            if isinstance(block, ast.With) and ast.unparse(block.items[0].context_expr) == "undisturbed()"
            for node in ast.walk(block)
        ]
        calls += sum(isinstance(node, ast.Call) and ast.unparse(node.func) in names for node in ast.walk(tree))
        guarded += sum(isinstance(node, ast.Call) and ast.unparse(node.func) in names for node in within)
        given = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and is_given(node))
        guarded += sum(ast.unparse(node.func) in names for node in given)
    assert calls == guarded > 0
