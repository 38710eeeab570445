"""Embedding tables: the SQL that keeps every embedding of a project at one size; a part of schema version 2.

A CHECK sees one row of one table, and the size belongs to the project: triggers compare the two, so that tools of other people cannot
store a vector that no search could read. An embedding is little-endian float32, `embedding_dimension` of them, without a header.
"""

from __future__ import annotations

from typing import Final

_WRONG_SIZE: Final = """
    WHEN new.embedding IS NOT NULL
     AND length(new.embedding) IS NOT 4 * (SELECT embedding_dimension FROM projects WHERE id = new.project_id)
    BEGIN SELECT RAISE(ABORT, 'embedding size differs from the project''s embedding_dimension'); END"""

EMBEDDING_TABLES: Final[tuple[str, ...]] = (
    "ALTER TABLE projects ADD COLUMN embedding_dimension INTEGER CHECK (embedding_dimension > 0)",
    # Finds the vectors of a project without a look at its other nodes; holds nothing where there are none.
    "CREATE INDEX intel_nodes_embedded ON intel_nodes (project_id) WHERE embedding IS NOT NULL",
    f"CREATE TRIGGER intel_nodes_embedding_inserted BEFORE INSERT ON intel_nodes{_WRONG_SIZE}",
    f"CREATE TRIGGER intel_nodes_embedding_updated BEFORE UPDATE OF embedding, project_id ON intel_nodes{_WRONG_SIZE}",
    """CREATE TRIGGER projects_embedding_dimension_updated BEFORE UPDATE OF embedding_dimension ON projects
    WHEN new.embedding_dimension IS NOT old.embedding_dimension
     AND EXISTS (SELECT 1 FROM intel_nodes WHERE project_id = new.id AND embedding IS NOT NULL)
    BEGIN SELECT RAISE(ABORT, 'embedding_dimension cannot change while the project has embeddings'); END""",
)
"""One statement each, in the order in which they are run."""

TRIGGERS: Final = ("intel_nodes_embedding_inserted", "intel_nodes_embedding_updated", "projects_embedding_dimension_updated")
"""The names of the triggers: a file that has others was not made by this package."""
