"""Bulk rows: a whole project as rows and as columns, whatever the size of the lists, and of one moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage.errors import StoreClosed
from lestockage.store.adjacency_rows import AdjacencyRow, stream_adjacency
from lestockage.store.arrow_tables import EDGE_SCHEMA, NODE_SCHEMA, read_edges, read_nodes
from lestockage.store.bulk_rows import stream_edge_rows, stream_node_rows
from lestockage.store.connection import StoreFile
from lestockage.store.intel_writer import IntelWriter
from lestockage.store.node_rows import NodeRow, nodes_of_file
from lestockage.store.projects import ensure_project
from tests.store.planting import edge, key, node

if TYPE_CHECKING:
    from pathlib import Path

    from lestockage.store.edge_rows import EdgeRow


@pytest.fixture
def ark(store: StoreFile, project: int) -> int:
    """Return a second project beside `project`; edges of each type lead within and between the two."""
    other = ensure_project(store, "ark", "/").id
    with IntelWriter(store) as writer:
        for owner in (project, other):
            writer.replace_nodes(owner, "m.py", [node(f"m.f{number}") for number in range(5)])
        for owner in (project, other):
            calls = [edge(key(project, "m.py", "m.f1")), edge(key(other, "m.py", "m.f2"), kind="import"), edge(key(owner, None, "os.sep"))]
            writer.replace_edges({key(owner, "m.py", "m.f0"): calls, key(owner, "m.py", "m.f3"): calls[:1]})
    return other


@pytest.mark.parametrize("size", [1, 4, 100])
def test_lists_hold_the_project(store: StoreFile, project: int, ark: int, size: int) -> None:
    """Every node and outgoing edge of the project, and no other, is in one of the lists, none of which is longer than asked."""
    for owner in (project, ark):
        lists = list(stream_node_rows(store, owner, size=size))
        assert {len(rows) for rows in lists[:-1]} <= {size}
        found = [NodeRow._make(row) for rows in lists for row in rows]
        assert [row for row in found if row.file_path] == nodes_of_file(store, owner, "m.py")
        assert [row.qualified_name for row in found if not row.file_path] == ["os.sep"]
        edges: list[EdgeRow] = [row for rows in stream_edge_rows(store, owner, size=size) for row in rows]
        ids = ", ".join(str(row.id) for row in found)
        assert sorted(edges) == sorted(store.query(f"SELECT * FROM intel_edges WHERE caller_id IN ({ids})"))  # noqa: S608  # ids of our own
        assert len(edges) == 4


def test_edge_types_restrict(store: StoreFile, project: int, ark: int) -> None:
    """Only edges of the types that are asked for are given, and only the columns."""
    rows = [row for rows in stream_edge_rows(store, project, ["import", "containment"], columns="e.callee_id, e.edge_type") for row in rows]
    wanted = store.query("SELECT id, 'import' FROM intel_nodes WHERE project_id = ? AND qualified_name = 'm.f2'", (ark,))
    assert rows == wanted


def test_columns_equal_the_rows(store: StoreFile, project: int, ark: int) -> None:
    """Tables of Arrow have the documented schema and the same values as the rows; a project without any has empty tables."""
    nodes, edges = read_nodes(store, project), read_edges(store, project)
    assert (nodes.schema, edges.schema) == (NODE_SCHEMA, EDGE_SCHEMA)
    assert nodes.schema.names == list(NodeRow._fields)
    assert list(zip(*nodes.to_pydict().values(), strict=True)) == [row for rows in stream_node_rows(store, project) for row in rows]
    assert list(zip(*edges.to_pydict().values(), strict=True)) == [row for rows in stream_edge_rows(store, project) for row in rows]
    assert (read_nodes(store, 99).num_rows, read_edges(store, 99).schema) == (0, EDGE_SCHEMA)


def test_stream_is_of_one_moment(store: StoreFile, path: Path, project: int, ark: int) -> None:
    """What others write, and delete, while lists are taken is not seen; nor does it fail."""
    lists = stream_node_rows(store, project, size=1)
    first = next(lists)
    with StoreFile.open(path, timeout=0.1) as other:
        other.execute("DELETE FROM projects")
    assert len([*first, *(row for rows in lists for row in rows)]) == 6
    assert list(stream_node_rows(store, ark)) == []


def test_stream_of_a_closed_store_is_told(store: StoreFile, project: int, ark: int) -> None:
    """Closing the store ends the stream with the error of a closed store."""
    lists = stream_node_rows(store, project, size=1)
    next(lists)
    store.close()
    with pytest.raises(StoreClosed):
        next(lists)


@pytest.mark.parametrize("edge_types", [(), ("call",), ("import", "call"), ("containment",)])
def test_adjacency_is_that_of_the_edges(store: StoreFile, project: int, ark: int, edge_types: tuple[str, ...]) -> None:
    """Every node of the project has one row, with the callees of its edges of these types, once for each edge."""
    for owner in (project, ark):
        rows = [AdjacencyRow._make(row) for rows in stream_adjacency(store, owner, edge_types, size=2) for row in rows]
        assert [(row.id, row.node_type) for row in rows] == [(row[0], row[6]) for rows in stream_node_rows(store, owner) for row in rows]
        found = sorted((row.id, int(callee)) for row in rows for callee in (row.callees or "").split(",") if callee)
        assert found == sorted(edge[:2] for rows in stream_edge_rows(store, owner, edge_types) for edge in rows)
