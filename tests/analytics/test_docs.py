"""Docs: the page about analytics says what the views are."""

from __future__ import annotations

import re
from pathlib import Path

from lestockage.analytics import Analytics
from lestockage.analytics.catalogue import VIEWS

PAGE = (Path(__file__).parent.parent.parent / "docs" / "analytics.md").read_text(encoding="utf-8")
SQL_TYPES = {"int64": "BIGINT", "double": "DOUBLE", "string": "VARCHAR", "bool": "BOOLEAN", "timestamp[ms]": "TIMESTAMP_MS"}


def test_views_are_those_of_the_catalogue() -> None:
    """Each view has its section, with every column in order, its type and its meaning."""
    told = re.findall(r"### `(\w+)`\n(.*)\n\n\| column .*?\n\| --- .*?\n((?:\|.*\n)+)", PAGE)
    assert told == [
        (view.name, view.about, "".join(f"| `{each.name}` | {SQL_TYPES[str(each.type)]} | {each.about} |\n" for each in view.columns))
        for view in VIEWS
    ]


def test_functions_are_those_of_analytics() -> None:
    """The page names every public function."""
    named = set(re.findall(r"`(\w+)[`(]", PAGE)) | {"connect"}
    assert {name for name in dir(Analytics) if not name.startswith("_")} - {"file", "close"} <= named
