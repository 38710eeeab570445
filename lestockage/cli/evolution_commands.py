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

    @app.command()
    def history(  # noqa: PLR0913  # which commits of what, and where to
        *,
        revisions: Annotated[str, typer.Argument(metavar="REV1..REV2", help="Commits, the first one too; REV: all that leads to it.")],
        every: Annotated[int | None, typer.Option("--every", metavar="N", min=1, show_default="1", help="Only each N-th of them.")] = None,
        path: Annotated[str | None, typer.Option("--path", metavar="FOLDER", help="A folder in a git tree; else this one.")] = None,
        jobs: Annotated[int | None, typer.Option("--jobs", metavar="N", min=1, show_default="1", help="Processes that read code.")] = None,
        project: Annotated[str | None, typer.Option("--project", metavar="NAME", help="Name of the project; else the folder's.")] = None,
        db: Db = None,
        as_json: Json = False,
    ) -> None:
        """Record a snapshot of each commit of a range, read from git without touching the work tree."""
        end("history", revisions=revisions, every=every, path=path, jobs=jobs, project=project, db=db, as_json=as_json)
