"""Hotspots: functions that much depends on, that are hard to follow, and that keep changing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from lestockage.analytics.view import Column, View
from lestockage.analytics.views.symbol_columns import SYMBOL_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.analytics.sources import Sources

# Lambdas are left out: what they decide counts in what holds them.
# percent_rank: the share of the others that lie below, so the least of all scores 0, and ties are one.
_RANKED = """
    SELECT m.id, m.project, m.qualified_name, m.node_type, m.file_path, m.start_line, m.complexity, m.pagerank,
        coalesce(c.commits, 0) AS commits,
        percent_rank() OVER (ORDER BY m.pagerank) AS centrality_percentile,
        percent_rank() OVER (ORDER BY m.complexity) AS complexity_percentile,
        CASE WHEN ? THEN percent_rank() OVER (ORDER BY coalesce(c.commits, 0)) END AS churn_percentile
    FROM metrics AS m LEFT JOIN file_churn AS c ON c.project = m.project AND c.file_path = m.file_path
    WHERE m.node_type IN ('function', 'method') AND m.complexity IS NOT NULL AND NOT contains(m.qualified_name, '<')"""
_SCORED = f"""
    SELECT *, pow(centrality_percentile, ?::DOUBLE) * pow(complexity_percentile, ?::DOUBLE)
        * pow(coalesce(churn_percentile, 1.0), ?::DOUBLE) AS score
    FROM ({_RANKED}) ORDER BY score DESC, qualified_name, id"""  # noqa: S608  # constants of this module


def _batches(sources: Sources) -> Iterator[pa.RecordBatch]:
    metrics, churn = sources.table("metrics"), sources.table("file_churn")
    weights = sources.weights
    has_history = bool(churn.num_rows)
    used = (weights.centrality, weights.complexity, weights.churn if has_history else 0.0)
    shares = [weight / (sum(used) or 1.0) for weight in used]
    with duckdb.connect(":memory:") as connection:
        connection.register("metrics", metrics)
        connection.register("file_churn", churn)
        found = connection.sql(_SCORED, params=[*shares, has_history])
        yield from found.to_arrow_table().cast(HOTSPOTS.schema).to_batches()


HOTSPOTS = View(
    "hotspots",
    "Functions and methods, the hottest first: centrality, complexity and churn, each as a percentile, and their weighted geometric mean.",
    (
        *SYMBOL_COLUMNS,
        Column("pagerank", pa.float64(), "as in `metrics`"),
        Column("commits", pa.int64(), "commits that touch its file; 0 when no history is known"),
        Column("centrality_percentile", pa.float64(), "share of the other functions whose pagerank is smaller, 0 to 1"),
        Column("complexity_percentile", pa.float64(), "the same of complexity"),
        Column("churn_percentile", pa.float64(), "the same of commits; null when no history is known"),
        Column("score", pa.float64(), "geometric mean of the percentiles by their weights, 0 to 1; without history, of the other two"),
    ),
    _batches,
    packages=("numpy", "scipy"),
)
