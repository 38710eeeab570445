"""Graph commands: what is asked of the symbols as a graph, declared for Typer."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from lestockage.cli.parameters import Db, Depth, Json, Project, Symbol

if TYPE_CHECKING:
    from collections.abc import Callable


class Kind(StrEnum):
    """Which relation a graph shows."""

    CALLS = "calls"
    IMPORTS = "imports"
    INHERITANCE = "inheritance"
    PROGRAM = "program"


class Format(StrEnum):
    """What a graph is written as."""

    DOT = "dot"
    GRAPHML = "graphml"
    JSON = "json"
    MERMAID = "mermaid"
    PARQUET = "parquet"


def register(app: typer.Typer, end: Callable[..., None]) -> None:
    """Add the commands to the interface; `end` runs a command by name with its arguments."""

    @app.command()
    def impact(*, symbol: Symbol, depth: Depth = None, project: Project = None, db: Db = None, as_json: Json = False) -> None:
        """List everything that a change of a symbol can reach, nearest first, and why."""
        end("impact", symbol=symbol, depth=depth, project=project, db=db, as_json=as_json)

    @app.command()
    def path(  # noqa: PLR0913  # two ends, and what every command takes
        *,
        source: Annotated[str, typer.Argument(metavar="FROM", help="The symbol that refers, as for other commands.")],
        target: Annotated[str, typer.Argument(metavar="TO", help="The symbol that is referred to.")],
        limit: Annotated[int | None, typer.Option("--limit", metavar="N", min=1, show_default="1", help="At most this many paths.")] = None,
        project: Project = None,
        db: Db = None,
        as_json: Json = False,
    ) -> None:
        """Show the shortest way along which one symbol refers to another."""
        end("path", source=source, target=target, limit=limit, project=project, db=db, as_json=as_json)

    @app.command()
    def cycles(*, project: Project = None, db: Db = None, as_json: Json = False) -> None:
        """List modules that import each other, and functions that call each other, in circles."""
        end("cycles", project=project, db=db, as_json=as_json)

    @app.command()
    def unused(*, project: Project = None, db: Db = None, as_json: Json = False) -> None:
        """List definitions that nothing in their project refers to, with how sure that is and why."""
        end("unused", project=project, db=db, as_json=as_json)

    @app.command()
    def affected(
        *,
        since: Annotated[
            str | None, typer.Option("--since", metavar="REV", help="A revision of git; else the last run of the index.")
        ] = None,
        project: Project = None,
        db: Db = None,
        as_json: Json = False,
    ) -> None:
        """List the tests that can reach what has changed, one a line, as pytest takes them."""
        end("affected", since=since, project=project, db=db, as_json=as_json)

    @app.command()
    def graph(  # noqa: PLR0913  # what to show, how much of it, and as what
        *,
        symbol: Annotated[str | None, typer.Argument(metavar="SYMBOL", help="Only what is around this symbol.")] = None,
        kind: Annotated[Kind | None, typer.Option("--type", show_default="program", help="Which relation.")] = None,
        depth: Annotated[int | None, typer.Option("--depth", metavar="N", min=0, show_default="1", help="Steps around SYMBOL.")] = None,
        form: Annotated[Format | None, typer.Option("--format", show_default="dot", help="What to write.")] = None,
        output: Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Where to; a folder for Parquet.")] = None,
        project: Project = None,
        db: Db = None,
        as_json: Json = False,
    ) -> None:
        """Write a project, or what is around a symbol, as a graph for other tools."""
        chosen = {"kind": kind and kind.value, "form": form and form.value}
        end("graph", symbol=symbol, **chosen, depth=depth, output=output, project=project, db=db, as_json=as_json)
