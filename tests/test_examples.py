"""Examples: each prints what it says, and runs no more than it must."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from examples import benchmark_your_queries, calculator, lazy_files, own_graph, spreadsheet
from lestockage import Database
from lestockage.store import IntelStore
from lestockage.testing import EventLog, assert_executed, assert_not_executed

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def log() -> EventLog:
    """The events of `db`, in order."""
    return EventLog()


@pytest.fixture
def db(log: EventLog) -> Database:
    """A database in memory."""
    return Database(on_event=log)


def test_calculator_prints(capsys: pytest.CaptureFixture[str]) -> None:
    """Right, wrong with a diagnostic, and right again."""
    calculator.main()
    assert capsys.readouterr().out.splitlines() == ["prints 42", "prints error", "height: unknown name 'depth'", "prints 48"]


def test_calculator_runs_what_an_edit_reaches(db: Database, log: EventLog) -> None:
    """One changed definition: parsed, checked and run again with what refers to it; the others are not."""
    program = calculator.Program(db, text="a = 1\nb = 2\na + 1\nb + 1")
    assert calculator.output(db, program) == ("2", "3")
    log.clear()
    program.text = "a = 1\nb = 5\na + 1\nb + 1"
    assert calculator.output(db, program) == ("2", "6")
    assert log.executed.count("parsed(Definition(name='b'))") == 1
    assert_not_executed(log, "parsed(Definition(name='a'))", "value(Program(), Definition(name='a'))")


def test_calculator_moves_lines_for_free(db: Database, log: EventLog) -> None:
    """A blank line at the top: the text is split into lines again, and that is all."""
    program = calculator.Program(db, text="a = 1\na + 1")
    calculator.output(db, program)
    log.clear()
    program.text = "\na = 1\na + 1"
    assert calculator.output(db, program) == ("2",)
    assert_executed(log, calculator.definitions)


def test_calculator_reports_every_mistake(db: Database) -> None:
    """Syntax, unknown names, circles: each once, and none after it is mended."""
    program = calculator.Program(db, text="a = b\nb = a\nc = (\nd + a")
    assert calculator.output(db, program) == ("error",)
    calculator.checked(db, program)
    assert [(each.where, each.message) for each in calculator.checked.accumulated(calculator.Diagnostic, db, program)] == [
        ("c", "syntax error: '(' was never closed"),
        ("print", "unknown name 'd'"),
    ]
    program.text = "a = 4\nb = a\nb / 8"
    assert calculator.output(db, program) == ("0.5",)
    assert calculator.output.accumulated(calculator.Diagnostic, db, program) == ()


def test_calculator_reports_a_circle(db: Database) -> None:
    """Definitions that need each other have no value, and say so."""
    program = calculator.Program(db, text="a = b\nb = a\na")
    assert calculator.output(db, program) == ("error",)
    found = calculator.output.accumulated(calculator.Diagnostic, db, program)
    assert {(each.where, each.message) for each in found} == {("a", "defined by itself"), ("b", "defined by itself")}


def test_spreadsheet_prints(capsys: pytest.CaptureFixture[str]) -> None:
    """A value, a circle, and another value."""
    spreadsheet.main()
    assert capsys.readouterr().out.splitlines() == ["d1 shows 10", "d1 shows #CIRCULAR because a1 needs a1 b1 c1", "d1 shows 28"]


def test_spreadsheet_computes_dependents_only(db: Database, log: EventLog) -> None:
    """A cell typed anew: its formula's dependents run, and stop where the result is equal."""
    for name, typed in {"a1": "2", "b1": "=a1*0", "c1": "=b1+1", "d1": "7"}.items():
        spreadsheet.Cell(db, name=name, typed=typed)
    assert [spreadsheet.shown(db, name) for name in ("c1", "d1")] == ["1", "7"]
    log.clear()
    spreadsheet.Cell(db, name="a1", typed="3")
    assert [spreadsheet.shown(db, name) for name in ("c1", "d1")] == ["1", "7"]
    assert_executed(log, "shown('a1')", "shown('b1')")


def test_lazy_files_reads_what_changed(tmp_path: Path) -> None:
    """First all, then none, then one; across restarts."""
    for name, text in {"a": "one two", "b": "three"}.items():
        (tmp_path / f"{name}.txt").write_text(text)
    database = tmp_path / "words.db"
    assert lazy_files.count(tmp_path, database) == (3, 2)
    assert lazy_files.count(tmp_path, database) == (3, 0)
    (tmp_path / "b.txt").write_text("three four five")
    assert lazy_files.count(tmp_path, database) == (5, 1)
    (tmp_path / "a.txt").unlink()
    assert lazy_files.count(tmp_path, database) == (3, 0)


def test_lazy_files_prints(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The second count reads nothing."""
    (tmp_path / "a.txt").write_text("one two")
    monkeypatch.setattr(sys, "argv", ["lazy_files", str(tmp_path)])
    lazy_files.main()
    assert capsys.readouterr().out.splitlines() == ["2 words; 1 files read", "2 words; 0 files read"]


MAKEFILE = "all: cat dog\ncat: cat.c\n\tcc cat.c\ndog : dog.c all.h # comment\nX := y\nall: bird\n"


def test_own_graph_writes_what_differs(tmp_path: Path) -> None:
    """A graph that no indexer made: all of it first, then nothing, then what an edit changed."""
    makefile = tmp_path / "Makefile"
    makefile.write_text(MAKEFILE)
    with IntelStore.open(tmp_path / "graph.db") as store:
        assert own_graph.store_makefile(store, "pets", makefile) == (8, 6)
        before = store.total_changes
        assert own_graph.store_makefile(store, "pets", makefile) == (0, 0)
        assert store.total_changes == before
        makefile.write_text(MAKEFILE.replace("cat.c\n\tcc", "\n\tcc") + "bird: egg\n")
        # bird becomes a target, egg comes, cat.c and the external bird go; with them two edges, and two come.
        assert own_graph.store_makefile(store, "pets", makefile) == (4, 2)
        names = [node.qualified_name for node in store.get_nodes_by_file("pets", "Makefile")]
        assert names == ["all", "all", "bird", "cat", "dog"]
        (bird,) = store.get_nodes_by_symbol("bird")
        assert len(store.get_edges_by_node(bird.id or 0)) == 2


def test_own_graph_prints(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written, and what uses each target."""
    (tmp_path / "Makefile").write_text("all: cat\ncat:\n")
    monkeypatch.setattr(sys, "argv", ["own_graph", str(tmp_path / "Makefile"), str(tmp_path / "graph.db")])
    own_graph.main()
    assert capsys.readouterr().out.splitlines() == [
        "2 nodes and 1 edges written",
        "all (line 1): used by nothing",
        "cat (line 2): used by all",
    ]


@pytest.mark.usefixtures("heap_aside")
def test_benchmark_your_queries_prints(capsys: pytest.CaptureFixture[str]) -> None:
    """The edit of its own, which changes no set of words, runs the words of one text and nothing above."""
    benchmark_your_queries.main(texts=3, edits=1, kinds=["same words"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "common words"
    executed = {line[12:].split("  ")[0].strip(): line.replace("█", "").split()[-3] for line in lines[2:6]}
    assert executed == {"full rebuild": "4", "in-process": "1", "reopened": "1", "unchanged": "0"}
    assert any(line.startswith("- all ways agreed") for line in lines)
