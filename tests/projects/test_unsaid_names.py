"""Unsaid names: what a module has though its statements do not say so is no breakage: names that code puts there, compiled modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.projects import breakage, resolve
from lestockage.workspace.libraries import index_library
from lestockage.workspace.lookup import open_lookup
from lestockage.workspace.workspace import Workspace
from tests.projects.trees import index, links, plant

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = "def said():\n    return 1\n"
MAKING = PLAIN + "def _fill():\n    names = globals()\n    names['made'] = said\n_fill()\n"
APPLICATION = {"main.py": "import lib\nfrom lib.fast import speed\ndef main():\n    return lib.said() + lib.made()\n"}


def test_a_module_that_fills_its_globals_may_have_any_name(db: Path, tmp_path: Path) -> None:
    """What it lacks is not known to be missing while it does so, and is as soon as it does not; the application is not indexed again."""
    library = plant(tmp_path / "lib", {"lib/__init__.py": MAKING, "lib/fast.py": "def speed():\n    pass\n"})
    index(db, library)
    index(db, plant(tmp_path / "app", APPLICATION))
    assert links(db)["lib.made"] == ("partial", "lib")
    plant(library, {"lib/__init__.py": PLAIN})
    index(db, library)
    assert links(db)["lib.made"][0] == "missing"
    plant(library, {"lib/__init__.py": MAKING})
    index(db, library)
    with open_lookup(db) as lookup:
        assert breakage(lookup) == []
        assert [each.state for each in resolve(lookup, "lib.said")] == ["linked"]


def test_a_getattr_may_be_imported(db: Path, tmp_path: Path) -> None:
    """A module has any name too whose `__getattr__` comes from elsewhere."""
    files = {"lib/__init__.py": "from lib.lazy import __getattr__\n", "lib/lazy.py": "def __getattr__(name):\n    return name\n"}
    index(db, plant(tmp_path / "lib", files))
    with open_lookup(db) as lookup:
        assert [each.state for each in resolve(lookup, "lib.anything")] == ["partial"]


def test_compiled_modules_are_there(db: Path, tmp_path: Path) -> None:
    """An installed distribution has modules without source: a use of one is no breakage, one of a module that is not installed is."""
    info = "Metadata-Version: 2.1\nName: lib\nVersion: 1\n"
    record = "lib/__init__.py,,\nlib/fast.cpython-311-x86_64-linux-gnu.so,,\n../../../bin/lib,,\n"
    site = plant(tmp_path / "site", {"lib/__init__.py": PLAIN, "lib-1.dist-info/METADATA": info, "lib-1.dist-info/RECORD": record})
    index(db, plant(tmp_path / "app", {**APPLICATION, "other.py": "from lib.slow import crawl\n"}))
    with Workspace.open(db) as workspace:
        index_library(workspace, str(site / "lib"))
    found = links(db)
    assert found["lib.fast.speed"] == ("partial", "lib")
    assert found["lib.slow.crawl"][0] == "missing"
