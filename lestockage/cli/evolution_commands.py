"""Evolution commands: what is asked of a project's snapshots, declared for Typer."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from lestockage.cli.parameters import Db, Json

if TYPE_CHECKING:
    from collections.abc import Callable

_Project = Annotated[str | None, typer.Option("--project", metavar="NAME", help="Whose; needed where there are several projects.")]


class AgeOrder(StrEnum):
    """What symbols are sorted by."""

    CHANGES = "changes"
    OLDEST = "oldest"
    NEWEST = "newest"


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
        path: Annotated[str | None, typer.Option("--path", metavar="FOLDER", help="A folder in a git tree; else the project's.")] = None,
        jobs: Annotated[int | None, typer.Option("--jobs", metavar="N", min=1, show_default="1", help="Processes that read code.")] = None,
        project: Annotated[str | None, typer.Option("--project", metavar="NAME", help="Name of the project; else the folder's.")] = None,
        db: Db = None,
        as_json: Json = False,
    ) -> None:
        """Record a snapshot of each commit of a range, read from git without touching the work tree."""
        end("history", revisions=revisions, every=every, path=path, jobs=jobs, project=project, db=db, as_json=as_json)

    @app.command()
    def compare(
        *,
        old: Annotated[str, typer.Argument(metavar="OLD", help="A snapshot: its label, or the start of its commit's id.")],
        new: Annotated[str, typer.Argument(metavar="NEW", help="Another one.")],
        project: _Project = None,
        db: Db = None,
        as_json: Json = False,
    ) -> None:
        """Tell how two snapshots differ: totals, and symbols added, removed, modified, moved, renamed, measured before and after."""
        end("compare", old=old, new=new, project=project, db=db, as_json=as_json)

    @app.command()
    def trend(
        *,
        coupling: Annotated[bool, typer.Option("--coupling", help="The snapshots that coupled most files, first.")] = False,
        limit: Annotated[int | None, typer.Option("--limit", metavar="N", min=1, help="Only the last (or first) N.")] = None,
        project: _Project = None,
        db: Db = None,
        as_json: Json = False,
    ) -> None:
        """Show how size, complexity and coupling went, snapshot by snapshot."""
        end("trend", coupling=coupling, limit=limit, project=project, db=db, as_json=as_json)

    @app.command()
    def ages(
        *,
        sort: Annotated[AgeOrder | None, typer.Option("--sort", show_default="changes", help="What comes first.")] = None,
        limit: Annotated[int | None, typer.Option("--limit", metavar="N", min=1, show_default="20", help="How many.")] = None,
        project: _Project = None,
        db: Db = None,
        as_json: Json = False,
    ) -> None:
        """List symbols by how often they changed over the snapshots (churn), or by how long they have not (age)."""
        end("ages", sort=sort and sort.value, limit=limit, project=project, db=db, as_json=as_json)
