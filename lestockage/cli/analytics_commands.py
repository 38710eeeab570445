"""Analytics commands: SQL, exports and rankings over the views of a database, declared for Typer."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from lestockage.cli.parameters import Db, Json, Project

if TYPE_CHECKING:
    from collections.abc import Callable


class Format(StrEnum):
    """What a view is written as."""

    CSV = "csv"
    JSON = "json"
    NDJSON = "ndjson"
    PARQUET = "parquet"


class Group(StrEnum):
    """What is ranked."""

    MODULE = "module"
    SYMBOL = "symbol"


def _views(incomplete: str) -> list[str]:
    """Return the names of views that begin so, for the shell."""
    from lestockage.analytics.catalogue import VIEWS  # noqa: PLC0415  # only when somebody presses the key

    return [view.name for view in VIEWS if view.name.startswith(incomplete)]


def register(app: typer.Typer, end: Callable[..., None]) -> None:
    """Add the commands to the interface; `end` runs a command by name with its arguments."""

    @app.command()
    def sql(
        *,
        query: Annotated[str | None, typer.Argument(metavar="QUERY", help="One SELECT over the views; without it they are listed.")] = None,
        limit: Annotated[
            int | None, typer.Option("--limit", metavar="N", min=1, show_default="100", help="At most this many lines.")
        ] = None,
        project: Project = None,
        db: Db = None,
        as_json: Json = False,
    ) -> None:
        """Ask the symbols and edges in SQL (DuckDB's), reading only."""
        end("sql", query=query, limit=limit, project=project, db=db, as_json=as_json)

    @app.command()
    def export(  # noqa: PLR0913  # what to write, where, and as what
        *,
        view: Annotated[
            str,
            typer.Argument(
                metavar="VIEW", help="Name of a view: nodes, edges, metrics, hotspots (all: lestockage sql).", autocompletion=_views
            ),
        ],
        form: Annotated[Format | None, typer.Option("--format", show_default="csv", help="What to write.")] = None,
        output: Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Where to; else standard output.")] = None,
        project: Project = None,
        db: Db = None,
        as_json: Json = False,
    ) -> None:
        """Write a whole view for other tools."""
        end("export", view=view, form=form and form.value, output=output, project=project, db=db, as_json=as_json)

    @app.command()
    def metrics(  # noqa: PLR0913  # what to list, in which order, and as what
        *,
        pattern: Annotated[
            str | None, typer.Argument(metavar="PATTERN", help="A name, the end of one, or a pattern (*, ?, [...]).")
        ] = None,
        sort: Annotated[
            str | None, typer.Option("--sort", metavar="METRIC", show_default="pagerank or afferent", help="The largest of it first.")
        ] = None,
        by: Annotated[Group | None, typer.Option("--by", show_default="symbol", help="What is ranked.")] = None,
        limit: Annotated[
            int | None, typer.Option("--limit", metavar="N", min=1, show_default="50", help="At most this many lines.")
        ] = None,
        project: Project = None,
        db: Db = None,
        as_json: Json = False,
    ) -> None:
        """Rank symbols or modules: degrees, PageRank, betweenness, layers, coupling, cohesion."""
        end("metrics", pattern=pattern, sort=sort, by=by and by.value, limit=limit, project=project, db=db, as_json=as_json)

    @app.command()
    def hotspots(  # noqa: PLR0913  # what counts, how many, and as what
        *,
        weights: Annotated[
            str | None,
            typer.Option("--weights", metavar="WEIGHTS", show_default="centrality=1,complexity=1,churn=1", help="What counts how much."),
        ] = None,
        commits: Annotated[
            int | None, typer.Option("--commits", metavar="N", min=0, show_default="1000", help="How much of the git history; 0 for all.")
        ] = None,
        limit: Annotated[
            int | None, typer.Option("--limit", metavar="N", min=1, show_default="20", help="At most this many lines.")
        ] = None,
        project: Project = None,
        db: Db = None,
        as_json: Json = False,
    ) -> None:
        """List functions that much depends on, that are hard to follow, and that keep changing."""
        end("hotspots", weights=weights, commits=commits, limit=limit, project=project, db=db, as_json=as_json)
