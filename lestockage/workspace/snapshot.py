"""Snapshot: hands the state of a project, as the queries have it, to the writer of snapshots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.errors import DirtyTree
from lestockage.queries.inputs import SourceFile
from lestockage.queries.outline import outline
from lestockage.store.snapshot_writer import FileRows, FileState, NodeState, SnapshotLabel
from lestockage.workspace.file_rows import edge_facts, node_facts

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from lestockage.database import Database
    from lestockage.store.snapshot_writer import Recorded, SnapshotWriter
    from lestockage.store.source_files import SourceFileRow
    from lestockage.workspace.git import Commit


def commit_label(folder: str | os.PathLike[str]) -> SnapshotLabel:
    """Return the label of a snapshot of a clean git tree: the commit's id, with its facts.

    Raises:
        NoRepository: the folder lies in no git work tree.
        DirtyTree: the tree differs from its last commit.
    """
    from lestockage.workspace.git import GitTree  # noqa: PLC0415  # where it is asked for only

    tree = GitTree.open(folder)
    if not tree.is_clean():
        raise DirtyTree(tree.folder)
    return label_of(tree.commit())


def label_of(commit: Commit) -> SnapshotLabel:
    """Return the label of a commit's snapshot: its id."""
    return SnapshotLabel(commit.id, *commit)


def record_project(  # noqa: PLR0913, PLR0917  # where to, whose, and what
    writer: SnapshotWriter, db: Database, project: str, project_id: int, label: SnapshotLabel, files: Iterable[SourceFileRow]
) -> Recorded:
    """Record the state of a project; `files` are its files as the last run saw them.

    A file that cannot be read or parsed has no symbols in a snapshot, whatever its last good state was.
    """
    states = [FileState(file.path, file.digest, file.rows_digest, file.failure) for file in files]
    return writer.record(label, states, lambda path: file_rows(db, project, project_id, path))


def file_rows(db: Database, project: str, project_id: int, path: str) -> FileRows:
    """Return what a file adds to a snapshot: nothing if it cannot be read."""
    source = SourceFile.get(db, project=project, path=path)
    if source is None:
        return FileRows([], {})
    nodes = [
        NodeState(
            node.qualified_name,
            node.ordinal,
            node.node_type,
            node.signature,
            node.visibility,
            "\n".join(symbol.decorators),
            node.complexity,
            (node.end_line or 0) - (node.start_line or 0) + 1,
            symbol.content_hash,
            symbol.signature_hash,
            symbol.body_hash,
            symbol.docstring_hash,
            node.start_line or 0,
            node.start_column or 0,
            node.end_line or 0,
            node.end_column or 0,
        )
        for node, symbol in zip(node_facts(db, source), outline(db, source).symbols, strict=True)
    ]
    return FileRows(nodes, edge_facts(db, source, project_id))
