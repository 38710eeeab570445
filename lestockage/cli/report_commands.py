"""Report commands: pages for people, declared for Typer."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from lestockage.cli.parameters import Db, Json

if TYPE_CHECKING:
    from collections.abc import Callable


class Format(StrEnum):
    """What a report is written as."""

    HTML = "html"
    MD = "md"


def register(app: typer.Typer, end: Callable[..., None]) -> None:
    """Add the commands to the interface; `end` runs a command by name with its arguments."""

    @app.command()
    def report(  # noqa: PLR0913  # of what, since when, how much of it, and as what
        *,
        output: Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Where to; else standard output.")] = None,
        form: Annotated[Format | None, typer.Option("--format", help="Else by the name of FILE, else html.")] = None,
        since: Annotated[
            str | None, typer.Option("--since", metavar="REV", help="Tell what the work since a revision of git did to the design.")
        ] = None,
        limit: Annotated[int | None, typer.Option("--limit", metavar="N", min=1, show_default="100", help="Rows of a table.")] = None,
        project: Annotated[
            str | None, typer.Option("--project", metavar="NAME", help="Which; needed where there are several projects.")
        ] = None,
        db: Db = None,
        as_json: Json = False,
    ) -> None:
        """Write a report of a project for people: one HTML page that needs no network, or Markdown for a pull request."""
        end("report", output=output, form=form and form.value, since=since, limit=limit, project=project, db=db, as_json=as_json)
