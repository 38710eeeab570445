"""Sections: what is said where there is little, and where there is too much."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage.errors import StoreError
from lestockage.report.html import html
from lestockage.report.markdown import markdown
from lestockage.report.of_database import report_of_database
from lestockage.report.sections.place import place
from lestockage.store.file_copy import copy_file
from lestockage.workspace.workspace import Workspace
from tests.report.conftest import AT

if TYPE_CHECKING:
    from pathlib import Path

    from lestockage.report.document import Document


def report_of(folder: Path, **files: str) -> Document:
    """Return the report of a project made of these modules."""
    root = folder / "small"
    root.mkdir()
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


def test_a_place_is_told_as_far_as_it_is_known() -> None:
    """A path with its line, a path alone, or that it is external."""
    assert (place("a.py", 3), place("a.py", None), place(None, None)) == ("a.py:3", "a.py", "external")


def test_a_copy_that_cannot_be_made_is_an_error_of_the_store(tmp_path: Path, hostile_index: Path) -> None:
    """A folder that is not there is told as an error of ours."""
    with pytest.raises(StoreError):
        copy_file(hostile_index, tmp_path / "missing" / "copy.db")
