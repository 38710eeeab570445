"""Hotspots: the command that lists functions that much depends on, that are hard to follow, and that keep changing."""

from __future__ import annotations

from typing import Any

from lestockage.analytics import HotspotWeights
from lestockage.analytics.export.json_text import json_value
from lestockage.cli.analytics_session import analytics_session
from lestockage.cli.json_text import json_text
from lestockage.cli.message import say
from lestockage.cli.node_text import place
from lestockage.cli.table import table
from lestockage.cli.value_text import value_text
from lestockage.workspace.churn import COMMITS


def answer(  # noqa: PLR0913  # what counts, how many, and as what
    *,
    weights: str | None = None,
    commits: int = COMMITS,
    limit: int = 20,
    project: str | None = None,
    db: str | None = None,
    as_json: bool = False,
) -> str:
    """Return the hottest functions and methods. JSON lists all, text the first `limit`; `commits` 0 reads all of the history.

    Raises:
        BadWeights: the weights mean nothing.
    """
    chosen = HotspotWeights() if weights is None else HotspotWeights.parse(weights)
    with analytics_session(db, project, commits=commits or None, weights=chosen) as analytics:
        rows = analytics.table("hotspots").slice(0, None if as_json else limit).to_pylist()
        total = analytics.table("hotspots").num_rows
    if as_json:
        return json_text(json_value(rows))
    if not rows:
        say("Nothing is measured: no function is indexed.")
        return ""
    if rows[0]["churn_percentile"] is None:
        say("Churn does not count: neither a git history nor snapshots of these projects tell their functions apart.")
    if total > len(rows):
        say(f"{total - len(rows):,} more: --limit N, or --json for all.")
    head = ("score", "centrality", "complexity", "churn", "symbol", "where")
    lines = [
        [
            f"{row['score']:.3f}",
            f"{row['centrality_percentile']:.3f}",
            f"{row['complexity_percentile']:.3f} ({row['complexity']})",
            _churn(row),
            value_text(row["qualified_name"]),
            value_text(place(row["file_path"], row["start_line"])),
        ]
        for row in rows
    ]
    return table([head, *lines])


def _churn(row: dict[str, Any]) -> str:
    """Return a percentile with what it is of: commits of the file, after the changes of the symbol itself where they are known."""
    if row["churn_percentile"] is None:
        return "-"
    known = f"{row['commits']}" if row["changes"] is None else f"{row['changes']}; file {row['commits']}"
    return f"{row['churn_percentile']:.3f} ({known})"
