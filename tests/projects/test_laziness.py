"""Laziness: what is asked about one project reads the rows of the answer; what is kept is bounded, and dropped when it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.projects import Catalogue, refs, resolve
from lestockage.projects.resolver import Resolver
from lestockage.store.connection import StoreFile
from lestockage.workspace.lookup import open_lookup
from lestockage.workspace.workspace import Workspace
from tests.projects.trees import index, plant

if TYPE_CHECKING:
    from pathlib import Path


def rows_for(db: Path, name: str, project: str) -> int:
    """Return how many rows it takes to resolve a name in a project's code."""
    with StoreFile.open(db, read_only=True) as store:
        catalogue = Catalogue(store)
        assert resolve(store, name, project=project, catalogue=catalogue)[0].state == "linked"
        return catalogue.rows_read


def padding(root: Path, count: int) -> Path:
    """Return a big project: many modules of many functions."""
    return plant(root, {f"pad/m{n}.py": "".join(f"def f{k}():\n    return {k}\n" for k in range(40)) for n in range(count)})


def test_rows_do_not_grow_with_the_projects(db: Path, lib: Path, app: Path, tmp_path: Path) -> None:
    """Resolving a name takes the same rows whether its library, and another project, are small or large."""
    index(db, lib)
    index(db, app)
    before = rows_for(db, "lib.Thing.method", "app")
    plant(lib, {f"lib/more{n}.py": "def f():\n    return 1\n" for n in range(30)})
    index(db, lib)
    index(db, padding(tmp_path / "pad", 10))
    assert rows_for(db, "lib.Thing.method", "app") == before < 20


def test_indexing_one_project_loads_no_other(db: Path, lib: Path, app: Path, tmp_path: Path) -> None:
    """An edit of the application in a new process, beside a large project, loads and runs what it does without that."""
    counts = []
    for database in (db, tmp_path / "other.db"):
        index(database, lib)
        if database != db:
            index(database, padding(tmp_path / "pad", 10))
        index(database, app)
    for database in (db, tmp_path / "other.db"):
        plant(app, {"app/main.py": "import lib\ndef main():\n    lib.make()\n"})
        report = index(database, app)
        counts.append((report.executed, report.reused, report.connected))
    assert counts[0] == counts[1]


def test_what_is_kept_is_bounded(db: Path, lib: Path, app: Path) -> None:
    """However much is asked, no more answers are kept than the bound says, and they are the same."""
    index(db, lib)
    index(db, app)
    with StoreFile.open(db, read_only=True) as store:
        small, large = Catalogue(store, bound=3), Catalogue(store)
        for name in ("lib.Thing.method", "lib.make", "lib.aliased", "lib.sub.old", "lib.nothing") * 2:
            assert Resolver(small).resolve(None, name)[0] == Resolver(large).resolve(None, name)[0]
            assert len(small) <= 3


def test_what_is_kept_is_dropped_when_it_changes(db: Path, lib: Path) -> None:
    """A catalogue that has answered answers anew after the library was changed by somebody else."""
    index(db, lib)
    with Workspace.open(db) as workspace:
        catalogue = Catalogue(workspace.file)
        assert resolve(workspace, "lib.sub.old", catalogue=catalogue)[0].state == "linked"
        read = catalogue.rows_read
        assert resolve(workspace, "lib.sub.old", catalogue=catalogue)[0].state == "linked"
        assert catalogue.rows_read == read
        plant(lib, {"lib/sub.py": "def starred(n):\n    return n\n"})
        index(db, lib)
        assert resolve(workspace, "lib.sub.old", catalogue=catalogue)[0].state == "missing"


def test_a_signature_re_resolves_exactly_its_references(db: Path, lib: Path, app: Path) -> None:
    """A changed public signature has those external names resolved again for which the symbol was looked up, and no others."""
    index(db, lib)
    index(db, app)
    asked: list[str] = []
    original = Resolver.resolve

    def noting(self: Resolver, project_id: int | None, name: str) -> object:
        asked.append(name)
        return original(self, project_id, name)

    plant(lib, {"lib/sub.py": "def starred(n):\n    return n\ndef old(a, b=1):\n    return a * 3\n"})
    try:
        Resolver.resolve = noting  # type: ignore[method-assign, assignment]  # counted, not changed
        index(db, lib)
    finally:
        Resolver.resolve = original  # type: ignore[method-assign]  # as above
    assert asked == ["lib.sub.old"]


def test_refs_read_what_they_answer(db: Path, lib: Path, app: Path) -> None:
    """Asking who uses a symbol gives the places in every project, and nothing of what uses others."""
    index(db, lib)
    index(db, app)
    with open_lookup(db) as lookup:
        found = refs(lookup, "lib.sub.starred", all_projects=True)
    assert {each.site.node.qualified_name for each in found} == {"app.main.main"}
    assert {each.name for each in found} == {"lib.sub.starred"}
