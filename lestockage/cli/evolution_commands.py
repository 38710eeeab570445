"""Evolution commands: what is asked of a project's snapshots, declared for Typer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lestockage.cli.parameters import Db, Json

if TYPE_CHECKING:
    from collections.abc import Callable

_Project = Annotated[str | None, typer.Option("--project", metavar="NAME", help="Whose; needed where there are several projects.")]


def register(app: typer.Typer, end: Callable[..., None]) -> None:
    """Add the commands to the interface; `end` runs a command by name with its arguments."""

    @app.command()
    def snapshots(
        *,
        drop: Annotated[str | None, typer.Option("--drop", metavar="LABEL", help="Delete this one.")] = None,
        project: _Project = None,
        db: Db = None,
        as_json: Json = False,
    ) -> None:
        """List the recorded states of a project."""
        end("snapshots", drop=drop, project=project, db=db, as_json=as_json)
