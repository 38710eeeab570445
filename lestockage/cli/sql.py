"""Sql: the command that answers a SELECT over the views, or lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.analytics.export.json_text import json_value
from lestockage.cli.analytics_session import analytics_session
from lestockage.cli.json_text import json_text
from lestockage.cli.message import say
from lestockage.cli.table import table
from lestockage.cli.value_text import value_text

if TYPE_CHECKING:
    from lestockage.analytics import Analytics

SHOWN = 100
"""Rows of a table for people, unless it is said otherwise."""


def answer(
    *, query: str | None = None, limit: int = SHOWN, project: str | None = None, db: str | None = None, as_json: bool = False
) -> str:
    """Return the rows of a query, or without one the views and their columns. JSON lists all rows, text the first `limit`."""
    with analytics_session(db, project) as analytics:
        if query is None:
            return _views(analytics, as_json=as_json)
        columns, rows = analytics.rows(query)
    if as_json:
        return json_text([json_value(dict(zip(columns, row, strict=True))) for row in rows])
    if len(rows) > limit:
        say(f"{len(rows) - limit:,} more rows: --limit N, or --json for all.")
    return table([columns, *([value_text(value) for value in row] for row in rows[:limit])])


def _views(analytics: Analytics, *, as_json: bool) -> str:
    views = analytics.views()
    if as_json:
        return json_text(
            [
                {
                    "view": view.name,
                    "about": view.about,
                    "columns": [{**column._asdict(), "type": str(column.type)} for column in view.columns],
                }
                for view in views
            ]
        )
    return "\n".join(
        f"{view.name}: {view.about}\n" + table([(column.name, str(column.type), column.about) for column in view.columns], "  ")
        for view in views
    )
