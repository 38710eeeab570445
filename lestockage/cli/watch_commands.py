"""Watch commands: what runs until it is interrupted, declared for Typer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lestockage.cli.parameters import Db, Json

if TYPE_CHECKING:
    from collections.abc import Callable


def register(app: typer.Typer, end: Callable[..., None]) -> None:
    """Add the commands to the interface; `end` runs a command by name with its arguments."""

    @app.command()
    def watch(  # noqa: PLR0913  # one parameter an option
        *,
        path: Annotated[str, typer.Argument(metavar="PATH", help="A folder of Python code.")],
        run: Annotated[
            str | None,
            typer.Option(
                "--exec",
                metavar="COMMAND",
                help="Run this after each burst of saves, without a shell; $LESTOCKAGE_FILES, _SYMBOLS and _TESTS say what changed.",
            ),
        ] = None,
        project: Annotated[str | None, typer.Option("--project", metavar="NAME", help="Name of the project; else the folder's.")] = None,
        jobs: Annotated[int | None, typer.Option("--jobs", metavar="N", min=1, show_default="1", help="Processes that read code.")] = None,
        db: Db = None,
        as_json: Json = False,
    ) -> None:
        """Index on every save; say which symbols changed, what ran again and why, and what that can affect."""
        end("watch", path=path, run=run, project=project, jobs=jobs, db=db, as_json=as_json)
