"""Constraints: what a real file of version 1 is refused after its migration, by SQL and by the store's functions."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lestockage.errors import ConstraintError, DuplicateRow, MissingNode, StoreError, UnknownType, WrongDimension, WrongProject
from lestockage.store import Edge, IntelStore, Node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FILE = Path(__file__).parent / "files" / "version_1" / "version-1.db.gz"

SQL = {
    "node of no project": "UPDATE intel_nodes SET project_id = 999",
    "edge from no node": "INSERT INTO intel_edges SELECT 999, callee_id, edge_type, 0, 0, 1.0, '' FROM intel_edges LIMIT 1",
    "edge to no node": "INSERT INTO intel_edges SELECT caller_id, 999, edge_type, 0, 0, 1.0, '' FROM intel_edges LIMIT 1",
    "file of no project": "UPDATE source_files SET project_id = 999",
    "unknown node type": "UPDATE intel_nodes SET node_type = 'verb'",
    "unknown edge type": "UPDATE intel_edges SET edge_type = 'calls'",
    "confidence beyond certainty": "UPDATE intel_edges SET confidence = 1.5",
    "node twice": "INSERT INTO intel_nodes SELECT 999, * FROM (SELECT {columns} FROM intel_nodes WHERE file_path IS NOT NULL LIMIT 1)",
    "external twice": "INSERT INTO intel_nodes (project_id, symbol_name, qualified_name, node_type, created_at, updated_at)"
    " SELECT projects.id, 'x', 'x', 'external', 1, 1 FROM projects CROSS JOIN json_each('[1, 2]')",
    "edge twice": "INSERT INTO intel_edges SELECT * FROM intel_edges LIMIT 1",
    "project twice": "INSERT INTO projects SELECT 999, name, root, 1, 1, NULL FROM projects LIMIT 1",
    "embedding without a size": "UPDATE intel_nodes SET embedding = zeroblob(4)",
    "text for a number": "UPDATE intel_nodes SET complexity = 'much'",
    "nothing for a name": "UPDATE intel_nodes SET symbol_name = NULL",
}


@pytest.fixture
def intel(tmp_path: Path) -> Iterator[IntelStore]:
    """Migrate a copy of the file of version 1."""
    path = tmp_path / "index.db"
    path.write_bytes(gzip.decompress(FILE.read_bytes()))
    with IntelStore.open(path) as opened:
        yield opened


def content(intel: IntelStore) -> list[Any]:
    """Return every row of the tables."""
    return [intel.file.query(f"SELECT * FROM {table}") for table in ("projects", "source_files", "intel_nodes", "intel_edges")]  # noqa: S608  # ours


def test_sql_is_refused(intel: IntelStore) -> None:
    """Orphans, unknown types, duplicates and vectors without a size are refused by the tables themselves; what is there stays."""
    before = content(intel)
    assert all(before)
    columns = ", ".join(row[1] for row in intel.file.query("PRAGMA table_info(intel_nodes)") if row[1] != "id")
    for what, statement in SQL.items():
        with pytest.raises(ConstraintError):
            intel.file.execute(statement.replace("{columns}", columns))
        assert content(intel) == before, what


def test_functions_refuse_with_their_own_errors(intel: IntelStore) -> None:
    """The same, asked of the functions, is told by an error for each; what is there stays."""
    (project, *_) = intel.get_projects()
    (node, other, *_) = intel.get_nodes_by_project(project)
    (edge, *_) = intel.iter_edges(project)
    assert node.id is not None
    assert other.id is not None
    intel.set_embedding(other.id, [1.0, 2.0])
    before = content(intel)
    refused: list[tuple[type[StoreError], Callable[[], object]]] = [
        (WrongProject, lambda: intel.insert_node(Node(project_id=999, qualified_name="x", node_type="class"))),
        (MissingNode, lambda: intel.insert_edge(Edge(caller_id=999, callee_id=other.id or 0, edge_type="call"))),
        (MissingNode, lambda: intel.insert_edge(Edge(caller_id=other.id or 0, callee_id=999, edge_type="call"))),
        (UnknownType, lambda: intel.update_node(node.id or 0, node_type="verb")),
        (UnknownType, lambda: intel.batch_insert_edges([(node.id, other.id, "calls", 0, 0, 1.0, "")])),
        (DuplicateRow, lambda: intel.insert_node(node.model_copy(update={"id": None}))),
        (DuplicateRow, lambda: intel.insert_edge(edge)),
        (DuplicateRow, lambda: intel.insert_project(project.name)),
        (WrongDimension, lambda: intel.set_embedding(node.id or 0, [1.0])),
    ]
    for kind, ask in refused:
        with pytest.raises(kind):
            ask()
        assert content(intel) == before


def test_deleting_a_project_leaves_nothing_of_it(intel: IntelStore) -> None:
    """Cascades reach the files, nodes and edges of a file that was migrated."""
    for project in intel.get_projects():
        intel.delete_project(project)
    assert content(intel) == [[], [], [], []]
