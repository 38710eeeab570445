"""Flow commands: what is asked about the code within symbols, declared for Typer."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from lestockage.cli.parameters import Db, Json, Project, Symbol

if TYPE_CHECKING:
    from collections.abc import Callable


class Drawing(StrEnum):
    """What the graph of a symbol's statements is written as."""

    DOT = "dot"
    JSON = "json"
    MERMAID = "mermaid"


class Metric(StrEnum):
    """What symbols are sorted by."""

    COGNITIVE = "cognitive"
    CYCLOMATIC = "cyclomatic"
    LINES = "lines"
    MAINTAINABILITY = "maintainability"
    MCCABE = "mccabe"
    NESTING = "nesting"
    STATEMENTS = "statements"
    UNREACHABLE = "unreachable"
    VOLUME = "volume"


class Group(StrEnum):
    """What is measured as one."""

    FILE = "file"
    PROJECT = "project"
    SYMBOL = "symbol"


def register(app: typer.Typer, end: Callable[..., None]) -> None:
    """Add the commands to the interface; `end` runs a command by name with its arguments."""

    @app.command()
    def flow(  # noqa: PLR0913  # which symbol, what of it, and as what
        *,
        symbol: Symbol,
        pdg: Annotated[bool, typer.Option("--pdg", help="What statements depend on, instead of the control flow.")] = False,
        form: Annotated[Drawing | None, typer.Option("--format", show_default="text", help="What to write.")] = None,
        project: Project = None,
        db: Db = None,
        as_json: Json = False,
    ) -> None:
        """Show the control flow within a symbol, or the dependences of its statements."""
        end("flow", symbol=symbol, pdg=pdg, form=form and form.value, project=project, db=db, as_json=as_json)

    @app.command()
    def complexity(  # noqa: PLR0913  # what to list, in which order, and as what
        *,
        pattern: Annotated[
            str | None, typer.Argument(metavar="PATTERN", help="A name, the end of one, or a pattern (*, ?, [...]).")
        ] = None,
        sort: Annotated[Metric | None, typer.Option("--sort", show_default="cyclomatic", help="The worst of it first.")] = None,
        by: Annotated[Group | None, typer.Option("--by", show_default="symbol", help="What is measured as one.")] = None,
        limit: Annotated[
            int | None, typer.Option("--limit", metavar="N", min=1, show_default="50", help="At most this many lines.")
        ] = None,
        project: Project = None,
        db: Db = None,
        as_json: Json = False,
    ) -> None:
        """List how hard code is to follow: complexity, nesting, size, maintainability."""
        chosen = {"sort": sort and sort.value, "by": by and by.value}
        end("complexity", pattern=pattern, **chosen, limit=limit, project=project, db=db, as_json=as_json)
