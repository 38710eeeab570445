"""Bench commands: what measures this program itself, declared for Typer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable


def register(app: typer.Typer, end: Callable[..., None]) -> None:
    """Add the command to the interface; `end` runs a command by name with its arguments."""

    @app.command()
    def bench(  # noqa: PLR0913  # what to edit, and where results go
        *,
        tree: Annotated[str | None, typer.Argument(metavar="TREE", show_default=".", help="A folder of Python code; it is copied.")] = None,
        project: Annotated[str | None, typer.Option("--project", metavar="NAME", help="What to call it; else the folder's name.")] = None,
        edits: Annotated[int | None, typer.Option("--edits", metavar="N", min=1, show_default="5", help="Edits of each kind.")] = None,
        seed: Annotated[int | None, typer.Option("--seed", metavar="N", min=0, show_default="0", help="Which edits.")] = None,
        git: Annotated[str | None, typer.Option("--git", metavar="REV1..REV2", help="Real edits: the commits of a history.")] = None,
        no_peers: Annotated[bool, typer.Option("--no-peers", help="Leave memoizers out.")] = False,
        no_memory: Annotated[bool, typer.Option("--no-memory", help="Leave out what memory is used.")] = False,
        json_file: Annotated[str | None, typer.Option("--json", metavar="FILE", help="Write the result as JSON; - prints it.")] = None,
        report: Annotated[str | None, typer.Option("--report", metavar="FILE", help="Write a page: FILE.html or FILE.md.")] = None,
        check: Annotated[
            str | None, typer.Option("--check", metavar="FILE", help="Make the edits of an earlier JSON again; status 1 when worse.")
        ] = None,
        margin: Annotated[
            float | None, typer.Option("--margin", metavar="F", min=1, show_default="2", help="How much worse ratios may be.")
        ] = None,
    ) -> None:
        """Measure what edits cost: a full rebuild against staying open, opening again, and no change."""
        given = {"no_peers": no_peers, "no_memory": no_memory, "json_file": json_file, "report": report, "check": check, "margin": margin}
        end("bench", tree=tree, project=project, edits=edits, seed=seed, git=git, **given)
