"""Analytics: SQL, tables, frames and exports over one database file, each answer of one moment and up to date."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

import duckdb

from lestockage.analytics.catalogue import BY_NAME, VIEWS, view_of
from lestockage.analytics.churn import no_churn
from lestockage.analytics.distribution import distribution_sql, histogram_sql, outliers_sql
from lestockage.analytics.export import write_view
from lestockage.analytics.extra_packages import require
from lestockage.analytics.locked_connection import locked_connection
from lestockage.analytics.sources import REFERENCES, Sources
from lestockage.errors import MissingIndex, PathNotFound, RefusedQuery
from lestockage.store.connection import StoreFile
from lestockage.store.projects import get_project, list_projects

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType
    from typing import Protocol

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from lestockage.analytics.churn import ChurnOf
    from lestockage.analytics.graph_metrics.compact_graph import CompactGraph
    from lestockage.analytics.hotspot_weights import HotspotWeights
    from lestockage.analytics.view import View

    class HoldsFile(Protocol):
        """Whatever has an open file: a `Workspace`, a `Lookup`, an `IntelStore`."""

        @property
        def file(self) -> StoreFile:
            """The open file."""
            ...


_READING = ("SELECT", "EXPLAIN")


class Analytics:
    """The views of a file; made by `Analytics.connect`, used as a context or closed.

    Views are read when they are first asked for and kept until somebody commits to the file: then all are made again, so no answer mixes
    two states of the file. What was given out (relations, tables, frames) stays as it was. One object is for one thread at a time.
    """

    def __init__(  # noqa: PLR0913  # one for each thing that a caller may decide
        self,
        file: StoreFile,
        *,
        projects: Sequence[str] = (),
        churn: ChurnOf = no_churn,
        weights: HotspotWeights | None = None,
        progress: Callable[[str, int, int], None] | None = None,
        is_owner: bool = False,
    ) -> None:
        self.file = file
        self._names = tuple(projects)
        self._churn = churn
        self._weights = weights
        self._progress = progress
        self._is_owner = is_owner
        self._moment: tuple[int, int] | None = None
        self._sources: Sources | None = None
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._registered: set[str] = set()

    @classmethod
    def connect(
        cls,
        database: str | os.PathLike[str] | StoreFile | HoldsFile,
        *,
        projects: Sequence[str] = (),
        churn: ChurnOf = no_churn,
        weights: HotspotWeights | None = None,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> Self:
        """Open a file for reading, or work over one that is open; all projects in it, or only some.

        `churn` says how often files changed (`workspace.churn.git_churn` asks git), `weights` what counts how much in a hotspot, and
        `progress` is called with a stage, how much of it is done, and of how much (0: not known).

        Raises:
            MissingIndex: there is no file.
            StoreError: it cannot be read, in one of the ways of `StoreFile.open`.
            UnknownProject: there is no project of a name.
        """
        is_owner = isinstance(database, str) or hasattr(database, "__fspath__")
        if is_owner:
            try:
                file = StoreFile.open(database, read_only=True)  # type: ignore[arg-type]  # a path, as was just seen
            except PathNotFound:
                raise MissingIndex(database) from None  # type: ignore[arg-type]
        else:
            file = database if isinstance(database, StoreFile) else database.file  # type: ignore[union-attr]
        made = cls(file, projects=projects, churn=churn, weights=weights, progress=progress, is_owner=is_owner)
        try:
            with made._at_one_moment():
                pass
        except BaseException:
            made.close()
            raise
        return made

    def views(self) -> list[View]:
        """Return the views, with their columns, in the order in which they are listed."""
        return list(VIEWS)

    def sql(self, query: str) -> duckdb.DuckDBPyRelation:
        """Return the answer to one SELECT (or EXPLAIN, DESCRIBE, SUMMARIZE) over the views, as DuckDB's relation: rows are not made yet.

        The views whose names occur in the query are read. It can change nothing, and sees nothing but the views: no file, no network, no
        variables.

        Raises:
            RefusedQuery: it is no single query, or DuckDB refuses it; the error has DuckDB's reason.
            MissingExtra: a view in it needs packages that are not installed.
        """
        try:
            statements = duckdb.extract_statements(query)
            kinds = [statement.type.name for statement in statements]
        except duckdb.Error as error:
            raise RefusedQuery(_reason(error)) from error
        if len(kinds) != 1 or kinds[0] not in _READING:
            raise RefusedQuery("it is not one SELECT statement" if len(kinds) == 1 else f"it has {len(kinds)} statements, not one")
        with self._at_one_moment() as sources:
            words = set(re.findall(r"\w+", query.lower()))
            for name in BY_NAME:
                if name in words:
                    self._register(sources, name)
            try:
                return self._duckdb().sql(query)
            except duckdb.Error as error:
                raise RefusedQuery(_reason(error)) from error

    def rows(self, query: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Return the names of the columns of a query's answer, and its rows. Raises as `sql`."""
        found = self.sql(query)
        try:
            return found.columns, found.fetchall()
        except duckdb.Error as error:
            raise RefusedQuery(_reason(error)) from error

    def relation(self, view: str) -> duckdb.DuckDBPyRelation:
        """Return a view as DuckDB's relation: `analytics.relation("nodes").filter("complexity > 10").count("*")`.

        Raises:
            UnknownView: the file has none of that name.
            MissingExtra: it needs packages that are not installed.
        """
        with self._at_one_moment() as sources:
            self._register(sources, view.lower())
            return self._duckdb().table(view.lower())

    def table(self, view: str) -> pa.Table:
        """Return a view as pyarrow's Table. Raises as `relation`."""
        with self._at_one_moment() as sources:
            return sources.table(view)

    def pandas(self, view: str) -> pd.DataFrame:
        """Return a view as a frame of pandas (pip install 'lestockage[frames]'). Raises as `relation`."""
        require("A frame of pandas", ("pandas",), "frames")
        return self.table(view).to_pandas()

    def polars(self, view: str) -> pl.DataFrame:
        """Return a view as a frame of polars (pip install 'lestockage[frames]'). Raises as `relation`."""
        require("A frame of polars", ("polars",), "frames")
        import polars  # noqa: PLC0415  # an extra; `pl` is for annotations here

        frame = polars.from_arrow(self.table(view))
        assert isinstance(frame, polars.DataFrame)  # noqa: S101  # from a table
        return frame

    def graph(self, edge_types: Sequence[str] = REFERENCES, *, external: bool = False) -> CompactGraph:
        """Return the projects' symbols and the edges of some types between them, for `lestockage.analytics.graph_metrics`.

        Raises:
            MissingExtra: numpy or scipy is not installed.
        """
        with self._at_one_moment() as sources:
            return sources.graph(edge_types, external=external)

    def distribution(self, metric: str = "cyclomatic", by: str = "project") -> pa.Table:
        """Return how a measure of functions and methods is distributed in each `project`, `package`, `file_path` or `node_type`.

        Columns: the group (with its project), `count`, `total`, `mean`, `deviation` (of the sample), `least`, `p25`, `p50`, `p75`, `p90`,
        `p95`, `p99` (interpolated), `most`, `fence` (p75 + 1.5 (p75 - p25): Tukey, "Exploratory Data Analysis", 1977) and `outliers`, how
        many lie above it. The measures are the numeric columns of `measures`.

        Raises:
            UnknownMetric: there is no such measure, or nothing to group by.
        """
        return self.sql(distribution_sql(metric, by)).to_arrow_table()

    def histogram(self, metric: str = "cyclomatic", by: str = "project", bins: int = 10) -> pa.Table:
        """Return how many functions and methods of each group lie in each of `bins` intervals of one width, from least to most of all.

        Columns: the group (with its project), `bin` (from 0), `low`, `high` (the last interval holds it), `count`; no row where there is
        none. Raises as `distribution`.
        """
        return self.sql(histogram_sql(metric, by, bins)).to_arrow_table()

    def outliers(self, metric: str = "cyclomatic", by: str = "project") -> pa.Table:
        """Return the functions and methods above the fence of their group, the farthest first.

        Columns: those of `measures`, and `fence`. Raises as `distribution`.
        """
        return self.sql(outliers_sql(metric, by)).to_arrow_table()

    def graph_summary(self) -> dict[str, float]:
        """Return what `graph()` is as a whole.

        `symbols`, `references` (parallel ones counted once), `density`, `components` (weakly connected), `circles` (strongly connected
        components of two symbols or more), `largest_circle` (symbols in it, 0 when there is none), `layers`.
        """
        graph = self.graph()
        from lestockage.analytics.graph_metrics import components, degrees, layers  # noqa: PLC0415  # they need the extra

        strong = components.strong_components(graph)
        sizes = components.component_sizes(strong)
        in_circle = strong[sizes > 1]
        return {
            "symbols": len(graph),
            "references": graph.edge_count,
            "density": degrees.density(graph),
            "components": len(set(components.weak_components(graph).tolist())),
            "circles": len(set(in_circle.tolist())),
            "largest_circle": int(sizes.max()) if len(in_circle) else 0,
            "layers": len(set(layers.layers(graph, strong).tolist())),
        }

    def export(self, view: str, form: str, output: str | os.PathLike[str]) -> int:
        """Write a view to a file as `csv`, `json`, `ndjson` or `parquet`, and return how many rows it has.

        Rows of `nodes` and `edges` go from the database to the file a few thousand at a time; other views are made in memory first.

        Raises:
            UnknownView, MissingExtra: as `relation`.
            UnwritableOutput: the file cannot be written; what was there before is left.
        """
        with self._at_one_moment() as sources:
            return write_view(view_of(view).schema, sources.batches(view), form, output)

    @contextmanager
    def batches(self, view: str) -> Iterator[tuple[pa.Schema, Iterator[pa.RecordBatch]]]:
        """Return a block with the schema and the rows of a view in batches, a few thousand at a time. Raises as `relation`."""
        with self._at_one_moment() as sources:
            yield view_of(view).schema, sources.batches(view)

    def close(self) -> None:
        """End the use, and close the file if this opened it; closing again does nothing."""
        if self._connection is not None:
            self._connection.close()
        self._forget()
        if self._is_owner:
            self.file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def _at_one_moment(self) -> Iterator[Sources]:
        """Hold the file to one state, and forget what was made from another one."""
        with self.file.snapshot():
            # Reading begins the snapshot; only then is it known which state it holds.
            projects = list_projects(self.file)
            moment = (self.file.foreign_commits(), self.file.total_changes)
            if self._sources is None or moment != self._moment:
                self._forget()
                chosen = [get_project(self.file, name) for name in dict.fromkeys(self._names)] if self._names else projects
                self._sources = Sources(self.file, chosen, self._churn, weights=self._weights, progress=self._progress)
                self._moment = moment
            yield self._sources

    def _register(self, sources: Sources, name: str) -> None:
        if name not in self._registered:
            self._duckdb().register(name, sources.table(name))
            self._registered.add(name)

    def _duckdb(self) -> duckdb.DuckDBPyConnection:
        if self._connection is None:
            self._connection = locked_connection()
        return self._connection

    def _forget(self) -> None:
        # Relations that were given out hold on to the old connection and its tables.
        self._connection = None
        self._sources = None
        self._registered.clear()


def _reason(error: duckdb.Error) -> str:
    """Return DuckDB's message in one line, without the drawing of the place."""
    return " ".join(str(error).partition("\n\nLINE")[0].split())
