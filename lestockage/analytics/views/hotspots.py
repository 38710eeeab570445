"""Hotspots: functions that much depends on, that are hard to follow, and that keep changing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from lestockage.analytics.view import Column, View
from lestockage.analytics.views.symbol_ages import SYMBOL_AGES
from lestockage.analytics.views.symbol_columns import SYMBOL_COLUMNS
from lestockage.store.snapshot_rows import list_snapshots

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lestockage.analytics.hotspot_weights import HotspotWeights
    from lestockage.analytics.sources import Sources

# Lambdas are left out: what they decide counts in what holds them.
# Of symbols with equal names in one file, the one that changed most speaks for the name. One snapshot alone knows of no change.
_MEASURED = """
    WITH own AS (SELECT project, file_path, qualified_name, max(changes) AS changes FROM symbol_ages
        WHERE list_contains(?::VARCHAR[], project) GROUP BY ALL)
    SELECT m.id, m.project, m.qualified_name, m.node_type, m.file_path, m.start_line, m.complexity, m.pagerank,
        own.changes, coalesce(c.commits, 0) AS commits
    FROM metrics AS m LEFT JOIN file_churn AS c ON c.project = m.project AND c.file_path = m.file_path
        LEFT JOIN own ON own.project = m.project AND own.file_path = m.file_path AND own.qualified_name = m.qualified_name
    WHERE m.node_type IN ('function', 'method') AND m.complexity IS NOT NULL AND NOT contains(m.qualified_name, '<')"""
_DIFFER = """
    SELECT count(DISTINCT pagerank) > 1, count(DISTINCT complexity) > 1, count(DISTINCT (coalesce(changes, 0), commits)) > 1
    FROM measured"""
# percent_rank: the share of the others that lie below, so the least of all scores 0, and ties are one. What is known of the symbol itself
# goes before what is known of its file, which tells those apart that changed equally often.
_RANKED = """
    SELECT *, percent_rank() OVER (ORDER BY pagerank) AS centrality_percentile,
        percent_rank() OVER (ORDER BY complexity) AS complexity_percentile,
        CASE WHEN ? THEN percent_rank() OVER (ORDER BY coalesce(changes, 0), commits) END AS churn_percentile
    FROM measured"""
_SCORED = f"""
    SELECT *, pow(centrality_percentile, ?::DOUBLE) * pow(complexity_percentile, ?::DOUBLE)
        * pow(coalesce(churn_percentile, 0.0), ?::DOUBLE) AS score
    FROM ({_RANKED}) ORDER BY score DESC, qualified_name, id"""  # noqa: S608  # constants of this module


def _batches(sources: Sources) -> Iterator[pa.RecordBatch]:
    compared = [project.name for project in sources.projects if len(list_snapshots(sources.store, project.id)) > 1]
    ages = sources.table("symbol_ages") if compared else SYMBOL_AGES.schema.empty_table()
    with duckdb.connect(":memory:") as connection:
        connection.register("metrics", sources.table("metrics"))
        connection.register("file_churn", sources.table("file_churn"))
        connection.register("symbol_ages", ages)
        connection.execute(f"CREATE TEMP TABLE measured AS {_MEASURED}", [compared])
        ((*differ,),) = connection.sql(_DIFFER).fetchall()
        found = connection.sql(_SCORED, params=[*_shares(sources.weights, differ), differ[-1]])
        yield from found.to_arrow_table().cast(HOTSPOTS.schema).to_batches()


def _shares(weights: HotspotWeights, differ: Sequence[bool]) -> list[float]:
    """Return how much each side counts, 1 in all: one on which all functions are equal tells nothing, and is left out of the mean."""
    given = (weights.centrality, weights.complexity, weights.churn)
    used = [weight if differs else 0.0 for weight, differs in zip(given, differ, strict=True)]
    if not any(used):
        used = list(given)
    return [weight / sum(used) for weight in used]


HOTSPOTS = View(
    "hotspots",
    "Functions and methods, the hottest first: centrality, complexity and churn, each as a percentile, and their weighted geometric mean.",
    (
        *SYMBOL_COLUMNS,
        Column("pagerank", pa.float64(), "as in `metrics`"),
        Column("changes", pa.int64(), "how often its content changed between snapshots; null where no two are recorded, or it is in none"),
        Column("commits", pa.int64(), "commits that touch its file; 0 when no history is known"),
        Column("centrality_percentile", pa.float64(), "share of the other functions whose pagerank is smaller, 0 to 1"),
        Column("complexity_percentile", pa.float64(), "the same of complexity"),
        Column(
            "churn_percentile",
            pa.float64(),
            "the same of changes, then of commits; null when no function differs in them",
        ),
        Column("score", pa.float64(), "geometric mean of the percentiles by their weights, 0 to 1, without sides on which all are equal"),
    ),
    _batches,
    packages=("numpy", "scipy"),
)
