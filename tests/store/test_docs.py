"""Docs: the page about the store says what the tables are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from lestockage.store import IntelStore, NodeRow

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile

PAGE = (Path(__file__).parent.parent.parent / "docs" / "store.md").read_text(encoding="utf-8")


def test_columns_are_those_of_the_file(store: StoreFile) -> None:
    """Each table of columns has the columns of the file, in their order, and those that may be NULL marked so."""
    for table, rows in re.findall(r"### `(\w+)`\n\| column .*?\n\| --- .*?\n((?:\|.*\n)+)", PAGE):
        told = [
            (name, "NULL" in kind)
            for names, kind in re.findall(r"^\| (.*?) \| (.*?) \|", rows, flags=re.MULTILINE)
            for name in re.findall(r"`(\w+)`", names)
        ]
        # The primary key of a rowid table is never NULL, though SQLite does not say so.
        found = [(row[1], not row[3] and not row[5]) for row in store.query(f"PRAGMA table_info({table})")]
        assert told == found, table


def test_functions_are_those_of_the_store() -> None:
    """The page names every public function of the store."""
    named = set(re.findall(r"`(\w+)[`(]", PAGE))
    assert {name for name in dir(IntelStore) if not name.startswith("_")} - {"file", "path", "open", "close", "total_changes"} <= named
    assert ", ".join(NodeRow._fields) in " ".join(PAGE.split())
