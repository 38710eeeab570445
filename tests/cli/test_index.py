"""The command `index`: what it asks of the workspace, and how it presents the report (the workspace itself is a stand-in here)."""

from __future__ import annotations

import io
import json
import sys
import time
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any, Self

import pytest

from lestockage.cli import progress_line
from lestockage.cli.message import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Run

REPORT = SimpleNamespace(project="zoo", files=1, nodes=1234, edges=2, executed={}, reused=1500, failed=(), seconds=0.04567, recorded=None)


class Stage:
    """A workspace that records what it is asked, and reports what it was told to."""

    asked: dict[str, Any]
    report = REPORT
    work: Callable[[Any], None] | None = None

    @classmethod
    def open(cls, path: str) -> Self:
        """Return a workspace on the file."""
        cls.asked = {"db": path}
        return cls()

    def index(self, path: str, **options: Any) -> SimpleNamespace:
        """Return the report; the work is done in between."""
        self.asked.update(path=path, **options)
        if self.work is not None:
            self.work(options["progress"])
        return self.report

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.asked["closed"] = True


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> type[Stage]:
    """Put a fresh stand-in in the place of the workspace."""
    fresh = type("Stage", (Stage,), {})
    module = ModuleType("lestockage.workspace.workspace")
    module.Workspace = fresh  # type: ignore[attr-defined]  # a module takes any attribute
    monkeypatch.setitem(sys.modules, "lestockage.workspace.workspace", module)
    monkeypatch.delenv("LESTOCKAGE_DB", raising=False)
    return fresh


def test_the_workspace_gets_what_was_given(run: Run, stage: type[Stage]) -> None:
    """Path, project, jobs and database reach the workspace, which is closed afterwards."""
    assert run("index", ".", "--db", "a.db", "--project", "p", "--jobs", "3").status == 0
    assert stage.asked == {"db": "a.db", "path": ".", "project": "p", "jobs": 3, "progress": None, "snapshot": None, "closed": True}


def test_what_was_not_given_has_defaults(run: Run, stage: type[Stage]) -> None:
    """One job, the project's own name, and the database of the current folder."""
    run("index", ".")
    assert (stage.asked["db"], stage.asked["jobs"], stage.asked["project"]) == (".lestockage/index.db", 1, None)


def test_an_unchanged_tree_is_said_to_be_so(run: Run, stage: type[Stage]) -> None:
    """Nothing executed is the news worth telling."""
    assert run("index", ".").out == "zoo: 1 file, 1,234 symbols, 2 edges (0.05 s)\nnothing changed: executed 0, reused 1,500\n"


def test_what_was_executed_is_told(run: Run, stage: type[Stage]) -> None:
    """Executions are counted by query, most first."""
    stage.report = SimpleNamespace(**{**vars(REPORT), "executed": {"scan": 1, "facts": 1200, "edges": 1}})
    assert run("index", ".").out.splitlines()[1] == "executed 1,202 (facts 1,200, edges 1, scan 1), reused 1,500"


def test_failures_are_listed(run: Run, stage: type[Stage]) -> None:
    """A file that failed is listed with its reason, and is no failure of the run."""
    stage.report = SimpleNamespace(**{**vars(REPORT), "failed": [("a.py", "line 1: invalid syntax"), ("long/b.py", "permission denied")]})
    ended = run("index", ".")
    assert ended.status == 0
    assert ended.out.splitlines()[2:] == ["failed: 2 files", "  a.py       line 1: invalid syntax", "  long/b.py  permission denied"]


def test_json_is_one_object(run: Run, stage: type[Stage]) -> None:
    """For programs: one object with the documented keys."""
    stage.report = SimpleNamespace(**{**vars(REPORT), "executed": {"scan": 1}, "failed": [("a.py", "gone")]})
    assert json.loads(run("index", ".", "--json").out) == {
        "project": "zoo",
        "files": 1,
        "nodes": 1234,
        "edges": 2,
        "executed": {"scan": 1},
        "reused": 1500,
        "failed": [{"path": "a.py", "reason": "gone"}],
        "seconds": 0.046,
    }


def test_a_missing_path_makes_no_database(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path that does not exist is one line and status 2, and nothing is written anywhere."""
    monkeypatch.chdir(tmp_path)
    ended = run("index", "nowhere")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == "lestockage: nowhere does not exist. Check the spelling, or the folder the command runs in.\n"
    assert list(tmp_path.iterdir()) == []


# -- progress ----------------------------------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    """A standard error that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def watched(run: Run, stage: type[Stage], monkeypatch: pytest.MonkeyPatch, work: Callable[[Any], None]) -> str:
    """Return what a run with some work wrote to a terminal."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    stage.work = staticmethod(work)
    assert run("index", ".").status == 0
    return terminal.getvalue()


def test_progress_is_shown_on_a_terminal(run: Run, stage: type[Stage], monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that lasts shows its stages, how far they are, and leaves the cursor as it was."""
    monkeypatch.setattr(progress_line, "PATIENCE", 0.0)

    def work(progress: Any) -> None:
        progress("reading", 1, 20)
        progress("reading", 20, 20)
        progress("resolving", 5, 0)
        time.sleep(0.15)  # Rich draws ten times a second

    shown = watched(run, stage, monkeypatch, work)
    assert "reading" in shown
    assert "20/20" in shown
    assert "resolving" in shown
    assert shown.rfind("\x1b[?25h") > shown.rfind("\x1b[?25l") >= 0


def test_a_quick_run_shows_nothing(run: Run, stage: type[Stage], monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a person could wonder, nothing is drawn."""
    monkeypatch.setattr(progress_line, "PATIENCE", 60.0)
    assert watched(run, stage, monkeypatch, lambda progress: progress("reading", 1, 20)) == ""


def test_what_was_reported_early_is_shown_when_it_lasts(run: Run, stage: type[Stage], monkeypatch: pytest.MonkeyPatch) -> None:
    """A stage that is reported once, at its beginning, is drawn as soon as a person could wonder."""
    monkeypatch.setattr(progress_line, "PATIENCE", 0.05)

    def work(progress: Any) -> None:
        progress("the first of two", 0, 2)
        deadline = time.monotonic() + 20
        while "the first of two" not in sys.stderr.getvalue() and time.monotonic() < deadline:  # type: ignore[attr-defined]  # a Terminal
            time.sleep(0.02)

    assert "the first of two" in watched(run, stage, monkeypatch, work)


def test_many_stages_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many stages the last are on the screen, and one that is not done stays, however old."""
    monkeypatch.setattr(progress_line, "PATIENCE", 0.0)
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    with progress_line.ProgressLine() as line:
        line("under way", 1, 2)
        for number in range(40):
            line(f"stage {number}", 0, 1)
            line(f"stage {number}", 1, 1)
        assert line._bars is not None
        shown = [task.description for task in line._bars.tasks]
    assert shown == ["under way", *(f"stage {number}" for number in range(35, 40))]


def test_a_command_that_lasts_and_reports_nothing_has_a_line(run: Run, stage: type[Stage], monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the command, gives way to what the command reports or says, and is nowhere on a pipe."""
    monkeypatch.setattr(progress_line, "LONG", 0.0)
    monkeypatch.setattr(progress_line, "PATIENCE", 60.0)
    shown = watched(run, stage, monkeypatch, lambda _progress: time.sleep(0.15))
    assert "index" in shown
    assert "0/?" not in shown
    assert shown.rfind("\x1b[?25h") > shown.rfind("\x1b[?25l") >= 0
    monkeypatch.setattr(progress_line, "PATIENCE", 0.0)

    def work(progress: Any) -> None:
        progress("reading", 1, 20)
        say("Something.")
        time.sleep(0.15)

    shown = watched(run, stage, monkeypatch, work)
    assert shown.rfind("reading") > shown.rfind("index")
    piped = io.StringIO()
    monkeypatch.setattr(sys, "stderr", piped)
    stage.work = staticmethod(lambda _progress: time.sleep(0.05))
    assert run("index", ".").status == 0
    assert piped.getvalue() == ""


def test_the_line_goes_when_the_run_fails(run: Run, stage: type[Stage], monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupt leaves a clean terminal behind."""
    monkeypatch.setattr(progress_line, "PATIENCE", 0.0)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")

    def work(progress: Any) -> None:
        progress("reading", 1, 20)
        raise KeyboardInterrupt

    stage.work = staticmethod(work)
    assert run("index", ".").status == 130
    assert terminal.getvalue().endswith("lestockage: Interrupted: the last commit stands.\n")
    assert "\x1b[?25h" in terminal.getvalue()


def test_a_pipe_gets_no_progress(run: Run, stage: type[Stage]) -> None:
    """Standard error that is no terminal holds errors only."""
    assert run("index", ".").err == ""
    assert stage.asked["progress"] is None
