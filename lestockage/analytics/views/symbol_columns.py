"""Symbol columns: what every view with one row for each symbol of the projects begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from lestockage.analytics.view import Column
from lestockage.store.bulk_rows import stream_node_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.analytics.sources import Sources

_SELECTED = "n.id, n.qualified_name, n.node_type, n.file_path, n.start_line, n.complexity"

SYMBOL_COLUMNS = (
    Column("id", pa.int64(), "`nodes.id`"),
    Column("project", pa.string(), "name of the project"),
    Column("qualified_name", pa.string(), "dotted, from the import root"),
    Column("node_type", pa.string(), "module, class, function, method, variable"),
    Column("file_path", pa.string(), "from the project's root"),
    Column("start_line", pa.int64(), "from 1, or null"),
    Column("complexity", pa.int64(), "cyclomatic, of its own code; null for variables and what is outside"),
)


class Symbols(NamedTuple):
    """Some symbols, as columns in the order of `SYMBOL_COLUMNS`."""

    columns: list[Any]


def symbols(sources: Sources) -> Iterator[Symbols]:
    """Yield the symbols that lie in the projects, by project, file and qualified name: the nodes of `sources.graph()`."""
    for project in sources.projects:
        for rows in stream_node_rows(sources.store, project.id, columns=_SELECTED):
            own = [row for row in rows if row[2] != "external"]
            if own:
                ids, *rest = zip(*own, strict=True)
                yield Symbols([ids, [project.name] * len(own), *rest])
