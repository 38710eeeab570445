"""Symbol commands: what is asked of the symbols of a source tree as it stands or stood, declared for Typer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lestockage.cli.parameters import Db, Json

if TYPE_CHECKING:
    from collections.abc import Callable


def register(app: typer.Typer, end: Callable[..., None]) -> None:
    """Add the commands to the interface; `end` runs a command by name with its arguments."""

    @app.command()
    def diff(
        *,
        old: Annotated[str | None, typer.Argument(metavar="REV1", show_default="HEAD", help="A revision of git.")] = None,
        new: Annotated[str | None, typer.Argument(metavar="REV2", help="Another one; else the work tree.")] = None,
        path: Annotated[str | None, typer.Option("--path", metavar="FOLDER", help="Only what is below; else the current folder.")] = None,
        db: Db = None,
        as_json: Json = False,
    ) -> None:
        """List the symbols that differ between two revisions: added, removed, modified, moved, renamed."""
        end("diff", old=old, new=new, path=path, db=db, as_json=as_json)
