"""The command `status`: what a database holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lestockage.store.connection import StoreFile
from lestockage.store.schema import SCHEMA_VERSION
from tests.cli.zoo import build_farm

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


def test_everything_is_counted(run: Run, zoo: Path) -> None:
    """Files, symbols by kind, edges by type, the most called functions, and what failed."""
    first, *lines = run("status").out.splitlines()
    assert first == f"{zoo}: 1 project, {zoo.stat().st_size:,} bytes"
    assert lines == [
        "",
        "zoo (/src/zoo): 3 files",
        "symbols",
        "  4  function",
        "  3  method",
        "  3  module",
        "  2  class",
        "  2  external",
        "  1  variable",
        "edges",
        "  5  containment",
        "  4  call",
        "  2  inheritance",
        "most called, by call sites",
        "  2  zoo.cat.Cat.purr  zoo/cat.py:5",
        "  1  zoo.cat.Cat.name  zoo/cat.py:13",
        "failed: 1 file; 4 symbols of their last good state are kept, marked stale",
        "  zoo/dog.py  line 3: invalid syntax",
    ]


def test_json_has_the_same(run: Run, zoo: Path) -> None:
    """For programs: the file, its schema, and each project's counts."""
    status = json.loads(run("status", "--json").out)
    assert (status["database"], status["schema_version"], status["bytes"]) == (str(zoo), SCHEMA_VERSION, zoo.stat().st_size)
    (project,) = status["projects"]
    assert (project["project"], project["root"], project["files"]) == ("zoo", "/src/zoo", 3)
    assert (project["nodes"]["function"], project["edges"]["call"]) == (4, 4)
    assert project["most_called"][0] == {"qualified_name": "zoo.cat.Cat.purr", "sites": 2, "callers": 1}
    assert (project["failed"], project["stale"]) == ([{"path": "zoo/dog.py", "reason": "line 3: invalid syntax"}], {"zoo/dog.py": 4})


def test_every_project_is_told(run: Run, zoo: Path) -> None:
    """Projects come by name; one without calls and failures has no lines about them."""
    build_farm(zoo)
    out = run("status").out
    farm = out[out.index("farm (") : out.index("zoo (")]
    assert "failed" not in farm
    assert "edges" not in farm


def test_an_empty_database_says_what_to_do(run: Run, tmp_path: Path) -> None:
    """A file without projects is told as such."""
    StoreFile.open(tmp_path / "new.db").close()
    assert (
        run("status", "--db", str(tmp_path / "new.db")).out == f"{tmp_path}/new.db: no project yet; index a folder: lestockage index PATH\n"
    )


def test_failures_without_stale_symbols(run: Run, zoo: Path) -> None:
    """A file that never was good leaves nothing stale."""
    with StoreFile.open(zoo) as store:
        store.execute("UPDATE intel_nodes SET stale = 0")
    assert "failed: 1 file\n" in run("status").out
