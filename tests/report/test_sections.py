"""Sections: what is said where there is little, and where there is too much."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage.errors import StoreError
from lestockage.report.charts.trend_line import Moment, trend_line
from lestockage.report.html import html
from lestockage.report.markdown import markdown
from lestockage.report.of_database import report_of_database
from lestockage.report.sections.place import place, share_text
from lestockage.store.connection import StoreFile
from lestockage.store.file_copy import copy_file
from lestockage.store.snapshot_rows import list_snapshots
from lestockage.store.snapshot_state import files_in, nodes_of_file
from lestockage.store.snapshot_writer import FileRows, SnapshotLabel, SnapshotWriter
from lestockage.workspace.workspace import Workspace
from tests.report.conftest import AT

if TYPE_CHECKING:
    from pathlib import Path

    from lestockage.report.document import Document


def report_of(folder: Path, **files: str) -> Document:
    """Return the report of a project made of these modules."""
    root = folder / "small"
    root.mkdir(parents=True)
    for name, text in files.items():
        (root / f"{name}.py").write_text(text)
    with Workspace.open(folder / "index.db") as workspace:
        workspace.index(root)
    return report_of_database(folder / "index.db", AT)


def test_a_project_without_functions_has_a_report(tmp_path: Path) -> None:
    """Nothing to rank, draw or complain of is said as such, in both formats; without snapshots there are no trends."""
    found = report_of(tmp_path, one="VALUE = 1\nprint(VALUE)\n")
    told = {section.key: section.lead[0] for section in found.sections}
    assert told["hotspots"] == told["complexity"] == "There are no functions."
    assert told["unused"].startswith("Nothing")
    assert "trends" not in told
    assert "There are no functions." in html(found)
    assert "# small" in markdown(found, limit=3)


def test_the_map_has_a_sample_of_many_functions(tmp_path: Path) -> None:
    """Of more than 300 functions, the 60 hottest and 240 of the others are drawn, and that is said."""
    found = report_of(tmp_path, many="\n".join(f"def f{number}():\n    return {number}\n" for number in range(330)))
    hotspots = next(section for section in found.sections if section.key == "hotspots")
    values = hotspots.charts[0].specification(1000)["data"]["values"]
    assert len(values) == len({value["about"] for value in values}) == 300
    assert "the first 60 of 330, and 240 of the others" in hotspots.note
    assert hotspots.tables[0].total == 330


def test_a_long_circle_is_cut(tmp_path: Path) -> None:
    """A shortest way round twelve functions names eight of them, and counts the rest."""
    found = report_of(tmp_path, ring="\n".join(f"def f{number}():\n    return f{(number + 1) % 12}()\n" for number in range(12)))
    cycles = next(section for section in found.sections if section.key == "cycles")
    assert cycles.tables[0].rows[0][0] == 12
    assert "… 4 more" in str(cycles.tables[0].rows[0][1])


def test_changes_between_snapshots_are_told_by_size(hostile_document: Document) -> None:
    """The function whose complexity differs most between the last two snapshots stands first, with the differences."""
    changes = next(section for section in hostile_document.sections if section.key == "changes")
    assert changes.tables[0].rows[0][:4] == ("shop.part0.part0", "modified (body)", 2, 0)


def snapshot(folder: Path, label: str, at: int, text: str) -> None:
    """Index a module as it is at a time, and record that."""
    (folder / "small").mkdir(exist_ok=True)
    (folder / "small" / "one.py").write_text(text)
    with Workspace.open(folder / "index.db") as workspace:
        workspace.index(folder / "small", snapshot=SnapshotLabel(label, f"{at:040d}", at, "someone", label))


def changes(folder: Path) -> tuple[tuple[str, ...], list[list[object]]]:
    """What the section on changes says, and the names in each of its tables."""
    found = report_of_database(folder / "index.db", AT)
    (section,) = [each for each in found.sections if each.key == "changes"]
    return section.lead, [[row[0] for row in table.rows] for table in section.tables]


def test_changes_are_those_since_the_last_snapshot(tmp_path: Path) -> None:
    """What was indexed since and is in no snapshot, and all since the first; nothing is recorded by that."""
    snapshot(tmp_path, "a", 1, "def f():\n    return 1\n")
    snapshot(tmp_path, "b", 2, "def f():\n    return 2\n")
    with Workspace.open(tmp_path / "index.db") as workspace:
        (tmp_path / "small" / "one.py").write_text("def f():\n    return 2\n\n\ndef g():\n    return f()\n")
        workspace.index(tmp_path / "small")
        before = workspace.file.query("SELECT count(*) FROM snapshots")
        lead, names = changes(tmp_path)
        assert workspace.file.query("SELECT count(*) FROM snapshots") == before
    assert lead == (
        "1 symbol differs in 1 file from b to the present state: 1 added.",
        "2 symbols differ in 1 file from a to the present state: 1 added, 1 modified.",
    )
    assert names == [["one.g"], ["one.g", "one.f"]]


def test_changes_of_a_recorded_state_are_those_since_the_one_before(tmp_path: Path) -> None:
    """The present state is the last snapshot: it is compared with the one before, and with the first."""
    snapshot(tmp_path, "a", 1, "def f():\n    return 1\n")
    snapshot(tmp_path, "b", 2, "def f():\n    return 2\n")
    assert changes(tmp_path) == (("1 symbol differs in 1 file from a to b: 1 modified.",), [["one.f"]])
    snapshot(tmp_path, "c", 3, "def f():\n    return 2  # the same\n")
    assert changes(tmp_path) == (
        ("No symbol differs from b to c.", "1 symbol differs in 1 file from a to c: 1 modified."),
        [["one.f"]],
    )


def test_the_last_snapshot_is_the_last_by_time(tmp_path: Path) -> None:
    """The present state was recorded before the past was: it is the last snapshot all the same."""
    snapshot(tmp_path, "past", 1, "def f():\n    return 1\n")
    past = tmp_path / "past.db"
    (tmp_path / "index.db").rename(past)
    snapshot(tmp_path, "now", 2, "def f():\n    return 2\n")
    with StoreFile.open(past, read_only=True) as other, StoreFile.open(tmp_path / "index.db") as store:
        (row,) = list_snapshots(other, 1)
        states = files_in(other, row)
        nodes = {each.path: nodes_of_file(other, row, each.path) for each in states}
        SnapshotWriter(store, 1).record(SnapshotLabel("past", "0" * 40, 1), states, lambda path: FileRows(nodes[path], {}))
    lead, names = changes(tmp_path)
    assert lead == ("1 symbol differs in 1 file from past to now: 1 modified.",)
    assert names == [["one.f"]]


def test_one_snapshot_is_compared_with_the_present(tmp_path: Path) -> None:
    """A single recorded state says something as soon as the index has gone on; before, there is nothing to compare."""
    snapshot(tmp_path, "the present state", 1, "def f():\n    return 1\n")
    assert "changes" not in {section.key for section in report_of_database(tmp_path / "index.db", AT).sections}
    with Workspace.open(tmp_path / "index.db") as workspace:
        (tmp_path / "small" / "one.py").write_text("def f():\n    return 3\n")
        workspace.index(tmp_path / "small")
    lead, names = changes(tmp_path)
    assert lead == ("1 symbol differs in 1 file from the present state to the present state': 1 modified.",)
    assert names == [["one.f"]]


def test_hotspots_tell_changes_of_functions_where_snapshots_know_them(tmp_path: Path) -> None:
    """A column of its own, and what churn is said to be; without snapshots neither."""
    branch = "    if x:\n        return {}\n    return 0\n"
    for number in (1, 2):
        text = f"def f(x):\n{branch.format(number)}\n\ndef g(x):\n{branch.format(1)}"
        snapshot(tmp_path, str(number), number, text)
    (section,) = [each for each in report_of_database(tmp_path / "index.db", AT).sections if each.key == "hotspots"]
    titles = [column.title for column in section.tables[0].columns]
    assert {row[0]: row[titles.index("changes")] for row in section.tables[0].rows} == {"one.f": 1, "one.g": 0}
    assert "churn (changes of the function between snapshots, then commits" in section.note
    (section,) = [each for each in report_of(tmp_path / "index.db.d", one=text).sections if each.key == "hotspots"]
    assert "changes" not in [column.title for column in section.tables[0].columns]
    assert "churn" not in section.note


def test_times_that_would_heap_the_points_give_way_to_their_order() -> None:
    """Thirty snapshots of an hour and one a week later are drawn one after the other; at even distances, along time."""

    def across(times: list[int]) -> str:
        chart = trend_line("k", "t", [Moment(at, str(at), 1.0) for at in times])
        field: str = chart.specification(300)["layer"][0]["encoding"]["x"]["field"]
        return field

    hour, week = 3_600_000, 7 * 86_400_000
    assert across([*range(0, hour, hour // 30), week]) == "number"
    assert across(list(range(0, week, week // 31))) == "at"
    assert across([0, 1, 2, 3, week]) == "at"
    assert across([5] * 9) == "at"


def test_little_is_not_told_as_nothing() -> None:
    """A share that would be rounded to nothing is less than a tenth of a per cent; none is none."""
    assert [share_text(share) for share in (0.0, 0.0001, 0.0005, 0.126, 1.0)] == ["0.0%", "<0.1%", "0.1%", "12.6%", "100.0%"]


def test_a_place_is_told_as_far_as_it_is_known() -> None:
    """A path with its line, a path alone, or that it is external."""
    assert (place("a.py", 3), place("a.py", None), place(None, None)) == ("a.py:3", "a.py", "external")


def test_a_copy_that_cannot_be_made_is_an_error_of_the_store(tmp_path: Path, hostile_index: Path) -> None:
    """A folder that is not there is told as an error of ours."""
    with pytest.raises(StoreError):
        copy_file(hostile_index, tmp_path / "missing" / "copy.db")


def test_counts_have_no_halves() -> None:
    """A number that went from 243 to 244 has no tick between; one that went far has four."""

    def ticks(values: list[float]) -> int:
        chart = trend_line("k", "t", [Moment(at, str(at), value) for at, value in enumerate(values)])
        found: int = chart.specification(300)["layer"][0]["encoding"]["y"]["axis"]["tickCount"]
        return found

    assert [ticks([243, 244]), ticks([5, 5]), ticks([0, 900])] == [1, 1, 4]
