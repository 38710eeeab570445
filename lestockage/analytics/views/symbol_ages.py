"""Symbol ages: how long each symbol of a project's last snapshot has its content, and how often that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from lestockage.analytics.evolution.symbol_ages import symbol_ages
from lestockage.analytics.evolution.timeline import Timeline
from lestockage.analytics.row_batches import batches_of_rows
from lestockage.analytics.view import Column, View
from lestockage.analytics.views.projects import TIME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.analytics.sources import Sources


def _batches(sources: Sources) -> Iterator[pa.RecordBatch]:
    for project in sources.projects:
        sources.report("reading snapshots", 0, 0)
        rows = [
            (project.name, *each[:6], each.born.label, each.born.at, each.changed.label, each.changed.at, each.changes, each.age)
            for each in symbol_ages(Timeline(sources.store, project.id))
        ]
        yield from batches_of_rows(SYMBOL_AGES.schema, [rows])


SYMBOL_AGES = View(
    "symbol_ages",
    "The symbols of each project's last snapshot, with when and how often their content changed over the snapshots.",
    (
        Column("project", pa.string(), "name of the project"),
        Column("file_path", pa.string(), "from the project's root"),
        Column("qualified_name", pa.string(), "dotted, from the import root"),
        Column("ordinal", pa.int64(), "tells symbols of one name in one file apart, from 0"),
        Column("node_type", pa.string(), "module, class, function, method, variable"),
        Column("complexity", pa.int64(), "cyclomatic; null for variables"),
        Column("lines", pa.int64(), "from its first to its last"),
        Column("born", pa.string(), "label of the first snapshot that has it"),
        Column("born_at", TIME, "UTC"),
        Column("changed", pa.string(), "label of the snapshot that gave it its present content"),
        Column("changed_at", TIME, "UTC"),
        Column("changes", pa.int64(), "how often its content changed"),
        Column("age_days", pa.float64(), "from `changed_at` to the last snapshot"),
    ),
    _batches,
)
