"""Parameters: what several commands take, as Typer knows it."""

from __future__ import annotations

from typing import Annotated

import typer

from lestockage.cli.database_path import DEFAULT, VARIABLE

Db = Annotated[str | None, typer.Option("--db", metavar="FILE", help=f"The database; else ${VARIABLE}, else {DEFAULT}.")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Project = Annotated[str | None, typer.Option("--project", metavar="NAME", help="Only symbols of this project.")]
Symbol = Annotated[str, typer.Argument(metavar="SYMBOL", help="Qualified name, or the end of one (Graph.add_edge), or FILE::NAME.")]
Depth = Annotated[int | None, typer.Option("--depth", metavar="N", min=1, help="At most this many steps.")]
