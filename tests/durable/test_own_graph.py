"""Own graph: a program's graph lies in the same file as the memos of the queries that made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage import Database, Input, Key, query
from lestockage.errors import NoFile, StoreClosed
from lestockage.graph import program_graph
from lestockage.store import Edge, IntelStore, Node

if TYPE_CHECKING:
    from pathlib import Path

RUNS: list[str] = []


class Page(Input):
    """A page that names others."""

    name: Key[str]
    text: str


@query
def links(db: Database, page: Page) -> tuple[str, ...]:
    """Return the names on a page."""
    RUNS.append(page.name)
    return tuple(page.text.split())


def write(db: Database) -> int:
    """Bring the graph in step with the pages, and return how many edges were written for it."""
    with IntelStore(db.file) as store, store.transaction():
        project = store.upsert_project("site")
        pages = list(Page.all(db))
        found = store.batch_upsert_nodes(Node(project_id=project.id, qualified_name=page.name, node_type="module") for page in pages)
        ids = dict(zip((page.name for page in pages), found.ids, strict=True))
        return store.batch_upsert_edges(
            Edge(caller_id=ids[page.name], callee_id=ids[link], edge_type="import") for page in pages for link in links(db, page)
        )


def test_a_graph_beside_its_memos(tmp_path: Path) -> None:
    """Queries and the graph made of them are in one file; reopened, nothing runs and no edge is written."""
    with Database(tmp_path / "site.db") as db:
        for name, text in (("a", "b"), ("b", "a c"), ("c", "")):
            Page(db, name=name, text=text)
        assert write(db) == 3
        graph = program_graph(db, "site")
    RUNS.clear()
    with Database(tmp_path / "site.db") as db:
        assert write(db) == 0
        assert RUNS == []
        names = program_graph(db).nodes(data="qualified_name")
        assert {(names[a], names[b]) for a, b, _ in program_graph(db).edges} == {("a", "b"), ("b", "a"), ("b", "c")}
        assert program_graph(db).edges == graph.edges
        assert db.check() == []
    with pytest.raises(StoreClosed):
        IntelStore(db.file).get_projects()


def test_memory_has_no_file() -> None:
    """A database in memory says that there is no file, and how to have one."""
    with pytest.raises(NoFile, match="path"):
        _ = Database().file
