"""Explain commands: what is asked of the last index runs, declared for Typer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lestockage.cli.parameters import Db, Json, Project

if TYPE_CHECKING:
    from collections.abc import Callable


def register(app: typer.Typer, end: Callable[..., None]) -> None:
    """Add the commands to the interface; `end` runs a command by name with its arguments."""

    @app.command()
    def explain(
        *,
        symbol: Annotated[str | None, typer.Argument(metavar="SYMBOL", help="As for other commands; else the whole last run.")] = None,
        last: Annotated[bool, typer.Option("--last", help="The whole last run.")] = False,
        project: Project = None,
        db: Db = None,
        as_json: Json = False,
    ) -> None:
        """Show why the analysis of a symbol last ran, or did not: from what was changed through each query."""
        end("explain", symbol=symbol, last=last, project=project, db=db, as_json=as_json)
