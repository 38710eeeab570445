"""Docs: the page about analytics says what the views are, and its example prints what it says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from lestockage.analytics import Analytics
from lestockage.analytics.catalogue import VIEWS
from tests.analytics.shop import build_shop

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


def test_example_prints_what_it_says(tmp_path: Path) -> None:
    """The example runs as it stands over the shop and prints what its comments promise."""
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    build_shop(tmp_path / "index.db")
    (tmp_path / "example.py").write_text(example)
    ended = subprocess.run([sys.executable, "example.py"], cwd=tmp_path, capture_output=True, check=False, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.splitlines() == re.findall(r"print\(.*\)\s+# (.*)$", example, flags=re.MULTILINE)
