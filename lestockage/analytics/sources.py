"""Sources: what the views of one moment are made from: the open file, the graph, churn, and the views that are made already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from lestockage.analytics.catalogue import view_of
from lestockage.analytics.extra_packages import require
from lestockage.analytics.hotspot_weights import HotspotWeights
from lestockage.store.adjacency_rows import stream_adjacency

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lestockage.analytics.churn import ChurnOf
    from lestockage.analytics.graph_metrics.compact_graph import CompactGraph, Integers
    from lestockage.store.connection import StoreFile
    from lestockage.store.projects import ProjectRow

REFERENCES = ("call", "inheritance", "data_dependency", "import")
"""The edge types that make one symbol depend on another: all but containment."""


class Sources:
    """One moment of a file; used within a snapshot."""

    def __init__(
        self,
        store: StoreFile,
        projects: Sequence[ProjectRow],
        churn: ChurnOf,
        *,
        weights: HotspotWeights | None = None,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> None:
        self.store = store
        self.projects = tuple(projects)
        self.churn = churn
        self.weights = weights or HotspotWeights()
        self._progress = progress
        self._tables: dict[str, pa.Table] = {}
        self._graphs: dict[tuple[tuple[str, ...], bool], CompactGraph] = {}

    def report(self, stage: str, done: int, total: int) -> None:
        """Report progress, if anybody listens."""
        if self._progress is not None:
            self._progress(stage, done, total)

    def batches(self, name: str) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a view: those of one that is made already, else as they are made.

        Raises:
            UnknownView: there is none of that name.
            MissingExtra: it needs packages that are not installed.
        """
        view = view_of(name)
        made = self._tables.get(view.name)
        if made is not None:
            yield from made.to_batches()
            return
        require(f"The view {view.name}", view.packages)
        yield from view.batches(self)

    def table(self, name: str) -> pa.Table:
        """Return a view as a table, made once. Raises as `batches`."""
        view = view_of(name)
        if view.name not in self._tables:
            self._tables[view.name] = pa.Table.from_batches(self.batches(view.name), schema=view.schema)
        return self._tables[view.name]

    def graph(self, edge_types: Sequence[str] = REFERENCES, *, external: bool = False) -> CompactGraph:
        """Return the projects' symbols and the edges of some types between them; `external` keeps symbols outside every project."""
        key = (tuple(edge_types), external)
        if key not in self._graphs:
            self._graphs[key] = self._read_graph(key[0], external=external)
        return self._graphs[key]

    def _read_graph(self, edge_types: tuple[str, ...], *, external: bool) -> CompactGraph:
        require("A graph", ("numpy", "scipy"))
        import numpy as np  # noqa: PLC0415  # part of an extra

        from lestockage.analytics.graph_metrics.compact_graph import CompactGraph  # noqa: PLC0415  # needs the extra

        ids: list[int] = []
        callers: list[int] = []
        counts: list[int] = []
        callees: list[Integers] = []
        done = 0
        for project in self.projects:
            for rows in stream_adjacency(self.store, project.id, edge_types):
                ids += [row[0] for row in rows if external or row[1] != "external"]
                found = [(row[0], row[2]) for row in rows if row[2] is not None]
                callers += [caller for caller, _ in found]
                counts += [text.count(",") + 1 for _, text in found]
                callees.append(np.fromstring(",".join([text for _, text in found]), dtype=np.int64, sep=","))
                done += len(callees[-1])
                self.report("reading edges", done, 0)
        rows_of_edges = np.repeat(np.array(callers, dtype=np.int64), counts)
        return CompactGraph.of_edges(ids, rows_of_edges, np.concatenate([np.zeros(0, dtype=np.int64), *callees]))
