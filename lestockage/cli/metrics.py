"""Metrics: the command that ranks symbols or modules by what the graph of references says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.analytics.export.json_text import json_value
from lestockage.cli.analytics_session import analytics_session
from lestockage.cli.json_text import json_text
from lestockage.cli.message import say
from lestockage.cli.name_pattern import is_listed
from lestockage.cli.table import quantity, table
from lestockage.cli.value_text import value_text
from lestockage.errors import UnknownMetric

if TYPE_CHECKING:
    from lestockage.analytics import Analytics

_NO_METRICS = frozenset({"id", "project", "qualified_name", "node_type", "file_path", "start_line"})
_SHOWN = {
    "symbol": ("pagerank", "in_degree", "out_degree", "complexity", "layer"),
    "module": ("afferent", "efferent", "instability", "relational_cohesion", "circle_size", "layer"),
}
_VIEWS = {"symbol": ("metrics", "centralities"), "module": ("modules",)}


def answer(  # noqa: PLR0913  # what to list, in which order, and as what
    *,
    pattern: str | None = None,
    sort: str | None = None,
    by: str = "symbol",
    limit: int = 50,
    project: str | None = None,
    db: str | None = None,
    as_json: bool = False,
) -> str:
    """Return the symbols or modules that match a pattern, largest metric first. JSON lists all, text the first `limit`.

    Raises:
        UnknownMetric: there is none of that name to sort by.
    """
    with analytics_session(db, project) as analytics:
        chosen = sort or _SHOWN[by][0]
        found, columns = _ranked(analytics, by, chosen)
        graph = analytics.graph_summary()
    rows = [row for row in found if is_listed(str(row["qualified_name"]), pattern)]
    if as_json:
        return json_text({"graph": graph, f"{by}s": json_value(rows)})
    say(
        f"{quantity(int(graph['symbols']), 'symbol')}, {quantity(int(graph['references']), 'reference')}, density {graph['density']:.2g}, "
        f"{quantity(int(graph['components']), 'component')}, {quantity(int(graph['circles']), 'dependency circle')}"
    )
    if len(rows) > limit:
        say(f"{len(rows) - limit:,} more: --limit N, or --json for all.")
    shown = [chosen, *(name for name in _SHOWN[by] if name in columns and name != chosen), "qualified_name"]
    lines = [[value_text(row[name]) for name in shown] for row in rows[:limit]]
    return table([[name.replace("_", " ") for name in shown], *lines]) if lines else ""


def _ranked(analytics: Analytics, by: str, sort: str) -> tuple[list[dict[str, object]], list[str]]:
    """Return the rows of a view that has the metric, largest first, nulls last, and the names of its columns."""
    views = {view.name: [column.name for column in view.columns] for view in analytics.views()}
    known = [name for view in _VIEWS[by] for name in views[view] if name not in _NO_METRICS]
    if sort not in known:
        raise UnknownMetric(sort, known)
    view = next(view for view in _VIEWS[by] if sort in views[view])
    source = (
        view if view in {"metrics", "modules"} else "metrics JOIN (SELECT * EXCLUDE (project, qualified_name) FROM centralities) USING (id)"
    )
    # The name of the column is one of those that are known.
    columns, rows = analytics.rows(f"SELECT * FROM {source} ORDER BY {sort} DESC NULLS LAST, qualified_name, file_path")  # noqa: S608
    return [dict(zip(columns, row, strict=True)) for row in rows], columns
