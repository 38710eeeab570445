"""Measures: how hard each symbol is to follow, from what is stored of its code."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import pyarrow as pa

from lestockage.analytics.row_batches import batches_of_rows
from lestockage.analytics.view import Column, View
from lestockage.queries.measured_symbols import measured_symbols
from lestockage.store.analysis_cache import measured_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.analytics.sources import Sources

_ROWS = 10_000


def _batches(sources: Sources) -> Iterator[pa.RecordBatch]:
    done = 0
    for project in sources.projects:
        found = measured_symbols(measured_nodes(sources.store, [project.id]))
        while rows := [
            (
                node.id,
                project.name,
                node.qualified_name,
                node.node_type,
                node.file_path,
                node.file_path.rpartition("/")[0],
                node.start_line,
                *told,
            )
            for node, told in islice(found, _ROWS)
        ]:
            done += len(rows)
            sources.report("reading measures", done, 0)
            yield from batches_of_rows(MEASURES.schema, [rows])


MEASURES = View(
    "measures",
    "Modules, classes, functions and methods with what is measured of their code ([rules](analysis.md)).",
    (
        Column("id", pa.int64(), "`nodes.id`"),
        Column("project", pa.string(), "name of the project"),
        Column("qualified_name", pa.string(), "dotted, from the import root"),
        Column("node_type", pa.string(), "module, class, function, method"),
        Column("file_path", pa.string(), "from the project's root"),
        Column("package", pa.string(), "the folder of the file"),
        Column("start_line", pa.int64(), "from 1"),
        Column("cyclomatic", pa.int64(), "by radon's rule, own code only"),
        Column("nesting", pa.int64(), "deepest level of blocks"),
        Column("statements", pa.int64(), "logical lines"),
        Column("unreachable", pa.int64(), "statements that no path leads to"),
        Column("lines", pa.int64(), "from the first to the last, what is nested included"),
        Column("mccabe", pa.int64(), "by the rule of ruff's C901, nested functions included"),
        Column("cognitive", pa.int64(), "SonarSource's cognitive complexity"),
        Column("volume", pa.float64(), "Halstead's, in bits"),
        Column("difficulty", pa.float64(), "Halstead's"),
        Column("effort", pa.float64(), "Halstead's"),
        Column("maintainability", pa.float64(), "0 to 100, 100 the best"),
    ),
    _batches,
)
