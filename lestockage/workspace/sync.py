"""Sync: brings the tables of one project in step with what the queries say, writing only rows that differ.

A file whose rows have the digest that was written last time is not looked at. Nodes of every changed file go first, then edges: an edge
may lead to a node of any of them. Of edges and analyses, no more is in memory than that of one file, or of one batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.languages.python.control_flow.encoding import VERSION
from lestockage.queries.inputs import SourceFile
from lestockage.queries.rows import file_analyses, file_failure, file_nodes, positions
from lestockage.store.analysis_cache import AnalysisRow, LinesOf, save_analyses, save_lines
from lestockage.store.global_publication import Offer, Publication
from lestockage.store.intel_writer import IntelWriter
from lestockage.store.source_files import SourceFileRow, delete_source_files, upsert_source_files
from lestockage.workspace.file_rows import LANGUAGE, edge_facts, node_facts
from lestockage.workspace.offers import offer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lestockage.database import Database
    from lestockage.store.connection import StoreFile
    from lestockage.store.external_refs import External
    from lestockage.store.global_publication import Published
    from lestockage.workspace.changes import Changes
    from lestockage.workspace.progress import Progress


_BATCH = 20_000
"""Analyses that are written together, in the order of their key."""


class Synced(NamedTuple):
    """What was written: how many rows of nodes and edges, what others see otherwise now, and the external nodes that are new."""

    rows: int
    published: Published
    externals: list[External]


def sync(  # noqa: PLR0913, PLR0917  # each is a part of what a run has found out
    db: Database,
    file: StoreFile,
    project_id: int,
    name: str,
    wanted: dict[str, bytes],
    unsynced: Sequence[str],
    known: dict[str, SourceFileRow],
    changes: Changes,
    progress: Progress,
) -> Synced:
    """Write what differs, inside the transaction that is open.

    `wanted` are the digests of every file's rows, `unsynced` the paths whose digest is not the one `known` has.
    """
    rows = {
        path: row._replace(rows_digest=wanted[path], failure=known[path].failure if path in known else None) if path in wanted else row
        for path, row in changes.rows.items()
    }
    offers: dict[str, Offer] = {}
    sound = [path for path in unsynced if file_failure(db, _source(db, name, path)) is None]
    publication = Publication(file, project_id, [*changes.removed, *sound])
    with IntelWriter(file) as writer:
        for path in changes.removed:
            writer.replace_nodes(project_id, path, ())
        for path in changes.unreadable:
            writer.mark_stale(project_id, path)
        for path in unsynced:
            source = _source(db, name, path)
            failure = file_failure(db, source)
            row = rows.get(path) or known[path]
            rows[path] = row._replace(failure=failure, rows_digest=wanted[path])
            if failure is not None:
                writer.mark_stale(project_id, path)
            else:
                writer.replace_nodes(project_id, path, node_facts(db, source))
        upsert_source_files(file, project_id, rows.values())
        delete_source_files(file, project_id, changes.removed)
        analyses: list[AnalysisRow] = []
        for done, path in enumerate(sound, 1):
            source = _source(db, name, path)
            writer.replace_edges(edge_facts(db, source, project_id))
            analyses += [AnalysisRow(*row) for row in file_analyses(db, source) if row[1]]
            if len(analyses) >= _BATCH or done == len(sound):
                save_analyses(file, analyses, language=LANGUAGE, version=VERSION)
                analyses.clear()
            save_lines(file, project_id, path, _lines(db, source))
            offers[path] = offer(db, source)
            progress("writing", done, len(sound))
    return Synced(writer.written.total, publication.finish(offers), writer.new_externals)


def _source(db: Database, name: str, path: str) -> SourceFile:
    source = SourceFile.get(db, project=name, path=path)
    assert source is not None  # noqa: S101  # the query that named it enumerates inputs
    return source


def _lines(db: Database, source: SourceFile) -> list[LinesOf]:
    """Return the lines of a file's statements, symbol by symbol."""
    placed = zip(file_nodes(db, source), positions(db, source).lines, strict=True)
    return [LinesOf(node.qualified_name, node.ordinal, lines) for node, lines in placed if lines]
