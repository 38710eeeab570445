"""Project commands: what is asked of several projects in one file, declared for Typer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lestockage.cli.parameters import Db, Json, Project, Symbol

if TYPE_CHECKING:
    from collections.abc import Callable


def register(app: typer.Typer, end: Callable[..., None]) -> None:
    """Add the commands to the interface; `end` runs a command by name with its arguments."""

    @app.command()
    def projects(*, db: Db = None, as_json: Json = False) -> None:
        """List the projects: distribution, version, the names by which they are imported."""
        end("projects", db=db, as_json=as_json)

    @app.command()
    def refs(
        *,
        symbol: Symbol,
        all_projects: Annotated[bool, typer.Option("--all-projects", help="Also uses in other projects than its own.")] = False,
        project: Project = None,
        db: Db = None,
        as_json: Json = False,
    ) -> None:
        """List who uses a symbol, and where."""
        end("refs", symbol=symbol, all_projects=all_projects, project=project, db=db, as_json=as_json)

    @app.command()
    def resolve(
        *,
        name: Annotated[str, typer.Argument(metavar="NAME", help="A dotted name as code would import it (networkx.Graph.add_edge).")],
        source: Annotated[str | None, typer.Option("--from", metavar="PROJECT", help="In the code of this project.")] = None,
        db: Db = None,
        as_json: Json = False,
    ) -> None:
        """Tell what a dotted name means, in the code of a project or in every project that provides it."""
        end("resolve", name=name, source=source, db=db, as_json=as_json)

    @app.command()
    def deps(
        *,
        graph: Annotated[bool, typer.Option("--graph", help="As a graph in DOT.")] = False,
        project: Project = None,
        db: Db = None,
        as_json: Json = False,
    ) -> None:
        """List what projects need of each other: what they declare, and what they use."""
        end("deps", graph=graph, project=project, db=db, as_json=as_json)

    @app.command()
    def breakage(*, project: Project = None, db: Db = None, as_json: Json = False) -> None:
        """List what code uses of other projects that is not there, since when, and what it may be called now."""
        end("breakage", project=project, db=db, as_json=as_json)

    @app.command()
    def forget(
        *,
        project: Annotated[str, typer.Argument(metavar="PROJECT", help="The project's name.")],
        db: Db = None,
        as_json: Json = False,
    ) -> None:
        """Take a project out of the database; references to it fall back."""
        end("forget", project=project, db=db, as_json=as_json)
