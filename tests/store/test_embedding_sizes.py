"""Embedding sizes: SQL of any tool is refused a vector that is not of its project's size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage.errors import ConstraintError
from lestockage.store.embedding_tables import TRIGGERS
from lestockage.store.intel_writer import IntelWriter
from lestockage.store.projects import ensure_project
from tests.store.planting import node

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile

INSERT = (
    "INSERT INTO intel_nodes (project_id, symbol_name, qualified_name, node_type, created_at, updated_at, embedding)"
    " VALUES (?, 'f', 'f', 'external', 1, 1, ?)"
)


@pytest.mark.parametrize(("dimension", "size"), [(None, 4), (2, 4), (2, 0), (2, 9), (1, 8)])
@pytest.mark.parametrize("is_insert", [True, False])
def test_wrong_size_is_refused(store: StoreFile, project: int, dimension: int | None, size: int, *, is_insert: bool) -> None:
    """A vector of another size than the project's, or of a project that has none, is neither inserted nor set."""
    store.execute("UPDATE projects SET embedding_dimension = ?", (dimension,))
    with IntelWriter(store) as writer:
        writer.replace_nodes(project, "m.py", [node("m.f")])
    statement = (INSERT, (project, bytes(size))) if is_insert else ("UPDATE intel_nodes SET embedding = ?", (bytes(size),))
    with pytest.raises(ConstraintError, match="embedding size differs"):
        store.execute(*statement)
    assert store.query("SELECT count(*), count(embedding) FROM intel_nodes") == [(1, 0)]


def test_dimension_stands_while_there_are_embeddings(store: StoreFile, project: int) -> None:
    """A project's size changes only while none of its nodes has a vector; no vector may move to a project of another size."""
    store.execute("UPDATE projects SET embedding_dimension = 3")
    store.execute("UPDATE projects SET embedding_dimension = 2")
    store.execute(INSERT, (project, bytes(8)))
    store.execute("UPDATE projects SET embedding_dimension = 2, name = 'renamed'")
    with pytest.raises(ConstraintError, match="cannot change"):
        store.execute("UPDATE projects SET embedding_dimension = NULL")
    other = ensure_project(store, "ark", "/").id
    store.execute("UPDATE projects SET embedding_dimension = 3 WHERE id = ?", (other,))
    with pytest.raises(ConstraintError, match="embedding size differs"):
        store.execute("UPDATE intel_nodes SET project_id = ?", (other,))


@pytest.mark.parametrize("dimension", [0, -1])
def test_dimension_is_positive(store: StoreFile, project: int, dimension: int) -> None:
    """A vector without a component has no direction to compare."""
    with pytest.raises(ConstraintError, match="CHECK"):
        store.execute("UPDATE projects SET embedding_dimension = ? WHERE id = ?", (dimension, project))


def test_triggers_are_the_listed_ones(store: StoreFile) -> None:
    """The file has the triggers that this package knows of, and no other."""
    assert {name for (name,) in store.query("SELECT name FROM sqlite_schema WHERE type = 'trigger'")} == set(TRIGGERS)
