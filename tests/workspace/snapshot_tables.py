"""Snapshot tables: what a snapshot holds, in the form in which `tables.current` tells what a fresh index holds."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from lestockage.store.connection import StoreFile
from lestockage.store.projects import get_project
from lestockage.store.snapshot_rows import find_snapshot, list_snapshots
from lestockage.store.snapshot_state import edges_in, files_in, nodes_of_file
from tests.workspace.tables import current

if TYPE_CHECKING:
    from pathlib import Path

_TABLES = ("snapshots", "snapshot_files", "snapshot_symbols", "snapshot_nodes", "snapshot_edges")


class State(NamedTuple):
    """Files, symbols and edges of one state of a project, by natural keys."""

    files: set[tuple[Any, ...]]
    nodes: set[tuple[Any, ...]]
    edges: Counter[tuple[Any, ...]]


def state_of(db: Path, project: str, name: str) -> State:
    """Return what a snapshot of a project holds."""
    with StoreFile.open(db, read_only=True) as store:
        snapshot = find_snapshot(store, get_project(store, project).id, name)
        files = files_in(store, snapshot)
        nodes = {
            (file.path, *tuple(node)[:5], *tuple(node)[12:16], node.complexity, node.content_hash)
            for file in files
            for node in nodes_of_file(store, snapshot, file.path)
        }
        edges = Counter(tuple(edge) for edge in edges_in(store, snapshot))
        assert (snapshot.files, snapshot.nodes, snapshot.edges) == (len(files), len(nodes), edges.total())
        return State({(file.path, file.digest, file.failure) for file in files}, nodes, edges)


def state_of_fresh(db: Path) -> State:
    """Return what an index holds of what can be read."""
    found = current(db)
    return State(
        {(path, digest, failure) for _, path, _, digest, failure in found.files},
        {(*row[1:4], row[5], *row[7:9], *row[9:13], row[13], row[14]) for row in found.nodes if row[1] is not None},
        Counter((*row[1:4], *row[5:8], *row[8:13]) for row in found.edges.elements()),
    )


def labels(db: Path, project: str) -> list[str]:
    """Return the labels of a project's snapshots in the order of recording."""
    with StoreFile.open(db, read_only=True) as store:
        return [row.label for row in list_snapshots(store, get_project(store, project).id)]


def row_counts(db: Path) -> dict[str, int]:
    """Return how many rows each table of snapshots has."""
    with StoreFile.open(db, read_only=True) as store:
        return {table: store.query(f"SELECT count(*) FROM {table}")[0][0] for table in _TABLES}  # noqa: S608  # constants
