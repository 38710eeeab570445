"""Analysis cache: flow graphs and measures by content hash, as bytes whose meaning is the language's, and the lines that statements are on.

Rows are shared: equal code in another file or project has the same hash and the same row. They outlive what refers to them until `gc`.
Lines belong to a file as it stands: they are a MessagePack list of [qualified name, ordinal, bytes] in its row of `statement_lines`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import msgpack  # type: ignore[import-untyped]  # has no stubs

from lestockage.store.clock import now
from lestockage.store.json_lists import id_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lestockage.store.connection import StoreFile

_UPSERT: Final = """INSERT INTO analysis_cache (node_hash, language, version, cfg_data, complexity_metrics, timestamp)
    VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (node_hash) DO UPDATE SET language = excluded.language, version = excluded.version, cfg_data = excluded.cfg_data,
    complexity_metrics = excluded.complexity_metrics, timestamp = excluded.timestamp
    WHERE cfg_data IS NOT excluded.cfg_data OR complexity_metrics IS NOT excluded.complexity_metrics OR version <> excluded.version"""
_SAVE_LINES: Final = """INSERT INTO statement_lines (source_file_id, lines)
    SELECT id, ? FROM source_files WHERE project_id = ? AND path = ?
    ON CONFLICT (source_file_id) DO UPDATE SET lines = excluded.lines WHERE lines IS NOT excluded.lines"""


class AnalysisRow(NamedTuple):
    """What is kept of one body of code."""

    node_hash: bytes
    cfg_data: bytes
    complexity_metrics: bytes


class MeasuredNode(NamedTuple):
    """A node with the measures of its code, and where it stands in its file."""

    id: int
    project_id: int
    file_path: str
    qualified_name: str
    ordinal: int
    node_type: str
    start_line: int
    end_line: int
    complexity_metrics: bytes


class LinesOf(NamedTuple):
    """The encoded lines of one symbol's statements."""

    qualified_name: str
    ordinal: int
    lines: bytes


def save_analyses(store: StoreFile, rows: Iterable[AnalysisRow], *, language: str, version: int) -> int:
    """Keep analyses, in the transaction that is open, and return how many rows that wrote: what is kept already is not written again."""
    before = store.total_changes
    stamp = now()
    wanted = {row.node_hash: row for row in rows}
    # In the order of the key, so that neighbouring rows go to neighbouring pages.
    store.executemany(_UPSERT, [(key, language, version, wanted[key][1], wanted[key][2], stamp) for key in sorted(wanted)])
    return store.total_changes - before


def save_lines(store: StoreFile, project_id: int, path: str, lines: Iterable[LinesOf]) -> None:
    """Keep the lines of a file's statements; a file that has no row in `source_files` has no lines either."""
    packed = msgpack.packb([list(each) for each in lines], unicode_errors="surrogatepass")
    store.execute(_SAVE_LINES, (packed, project_id, path))


def load_analysis(store: StoreFile, node_hash: bytes) -> AnalysisRow | None:
    """Return what is kept of a body of code, None when nothing is."""
    row = store.row("SELECT node_hash, cfg_data, complexity_metrics FROM analysis_cache WHERE node_hash = ?", (node_hash,))
    return None if row is None else AnalysisRow(*row)


def load_lines(store: StoreFile, project_id: int, path: str, qualified_name: str, ordinal: int) -> bytes | None:
    """Return the encoded lines of one symbol's statements, None when they are not known."""
    row = store.row(
        "SELECT lines FROM source_files JOIN statement_lines ON source_file_id = id WHERE project_id = ? AND path = ?", (project_id, path)
    )
    if row is None:
        return None
    for name, place, lines in msgpack.unpackb(row[0], unicode_errors="surrogatepass"):
        if name == qualified_name and place == ordinal:
            return bytes(lines)
    return None


def measured_nodes(store: StoreFile, project_ids: Iterable[int]) -> Iterator[MeasuredNode]:
    """Yield the nodes of projects whose code is measured, file by file, each before what is nested in it and in the order of the file."""
    found = store.query(
        """SELECT n.id, n.project_id, n.file_path, n.qualified_name, n.ordinal, n.node_type, n.start_line, n.end_line, a.complexity_metrics
        FROM json_each(?) CROSS JOIN intel_nodes AS n ON n.project_id = json_each.value
        CROSS JOIN analysis_cache AS a ON a.node_hash = n.content_hash
        WHERE n.file_path IS NOT NULL AND a.complexity_metrics <> x''
        ORDER BY n.project_id, n.file_path, n.start_line, n.start_column, n.end_line DESC, n.id""",
        (id_list(project_ids),),
    )
    return map(MeasuredNode._make, found)
