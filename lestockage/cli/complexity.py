"""Complexity: the command that lists how hard symbols, files or projects are to follow, the hardest first."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.message import say
from lestockage.cli.node_text import place
from lestockage.cli.table import table
from lestockage.graph.complexity import complexity, file_complexity, project_complexity
from lestockage.languages.facts import is_anonymous
from lestockage.workspace.lookup import open_lookup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lestockage.workspace.lookup import Lookup

_SHOWN = ("cyclomatic", "mccabe", "cognitive", "nesting", "statements", "lines", "volume", "maintainability")
_GROUP_SHOWN = ("functions", "cyclomatic", "worst_cyclomatic", "cognitive", "worst_cognitive", "statements", "lines", "maintainability")
_BEST_IS_HIGH = frozenset({"maintainability"})


def answer(  # noqa: PLR0913  # what to list, in which order, and as what
    *,
    pattern: str | None = None,
    sort: str = "cyclomatic",
    by: str = "symbol",
    limit: int = 50,
    project: str | None = None,
    db: str | None = None,
    as_json: bool = False,
) -> str:
    """Return metrics, the worst first: of symbols that match a pattern, or `by` file or project. JSON lists all, text the first `limit`.

    Lambdas are listed by a pattern that has a `<`.
    """
    with open_lookup(database_path(db)) as lookup:
        rows = (_symbols if by == "symbol" else _groups)(lookup, by, project)
    if pattern is not None:
        rows = [row for row in rows if _matches(str(row["name"]), pattern)]
    if pattern is None or "<" not in pattern:
        rows = [row for row in rows if not is_anonymous(str(row["name"]))]
    if rows and sort not in rows[0]:
        sort = "cyclomatic"
    rows.sort(key=lambda row: (_number(row, sort) if sort in _BEST_IS_HIGH else -_number(row, sort), str(row["name"]), str(row["where"])))
    if as_json:
        return json_text(rows)
    if not rows:
        say("Nothing that matches is measured.")
        return ""
    shown = _SHOWN if by == "symbol" else _GROUP_SHOWN
    lines = [[*(f"{_number(row, name):,.0f}" for name in shown), str(row["name"]), str(row["where"])] for row in rows[:limit]]
    if len(rows) > limit:
        say(f"{len(rows) - limit:,} more: --limit N, or --json for all.")
    if by == "project":
        lines = [line[:-1] for line in lines]  # its name says all
    last = {"symbol": ["symbol", "where"], "file": ["file", "project"], "project": ["project"]}[by]
    return table([[*(name.replace("_", " ") for name in shown), *last], *lines])


def _number(row: Mapping[str, object], name: str) -> float:
    value = row[name]
    return float(value) if isinstance(value, (int, float)) else 0.0


def _symbols(lookup: Lookup, _by: str, project: str | None) -> list[dict[str, object]]:
    names = lookup.project_names()
    return [
        {
            "name": found.node.qualified_name,
            "where": place(found.node.file_path, found.node.start_line),
            "project": names[found.node.project_id],
            "node_type": found.node.node_type,
            **found.metrics._asdict(),
        }
        for found in complexity(lookup, *([] if project is None else [project]))
    ]


def _groups(lookup: Lookup, by: str, project: str | None) -> list[dict[str, object]]:
    names = lookup.project_names()
    chosen = [] if project is None else [project]
    if by == "project":
        return [{"name": names[key], "where": names[key], **found._asdict()} for key, found in project_complexity(lookup, *chosen).items()]
    return [{"name": path, "where": names[key], **found._asdict()} for (key, path), found in file_complexity(lookup, *chosen).items()]


def _matches(name: str, pattern: str) -> bool:
    """Tell whether a pattern means a name: it is all of it or its end; with wildcards, it fits all of it or its last part."""
    if set(pattern).isdisjoint("*?["):
        return name == pattern or name.endswith((f".{pattern}", f"/{pattern}"))
    return fnmatchcase(name if "." in pattern else name.rpartition(".")[2], pattern)
