"""App: the whole interface of the command line as Typer knows it: help, defaults, and what to say about a mistake.

Declarations only: every command hands what it was given to `perform`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from lestockage.cli import (
    analytics_commands,
    bench_commands,
    evolution_commands,
    explain_commands,
    flow_commands,
    graph_commands,
    project_commands,
    report_commands,
    symbol_commands,
    upkeep_commands,
    watch_commands,
)
from lestockage.cli.parameters import Db, Json, Project, Symbol
from lestockage.cli.perform import perform

if TYPE_CHECKING:
    from collections.abc import Sequence

app = typer.Typer(
    name="lestockage",
    help="Index the symbols of Python code into one SQLite file, and ask that file. Nothing is computed twice.",
    add_completion=True,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Kind(StrEnum):
    """What a symbol is; the values are the store's node types."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"
    METHOD = "method"
    VARIABLE = "variable"
    EXTERNAL = "external"


def run(arguments: Sequence[str]) -> int:
    """Read a command line, run it, and return the exit status."""
    try:
        app(list(arguments), prog_name="lestockage")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    raise AssertionError("Typer ends every line by leaving the process")


def _print_version(value: bool) -> None:
    """Print the installed version and end."""
    if value:
        from importlib.metadata import version  # noqa: PLC0415  # seldom asked

        typer.echo(f"lestockage {version('lestockage')}")
        raise typer.Exit


@app.callback()
def _lestockage(
    *, version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")] = False
) -> None:
    """Take the options that stand before a command."""


@app.command()
def index(  # noqa: PLR0913  # what to index, how, and what to keep of it
    *,
    path: Annotated[str, typer.Argument(metavar="PATH", help="A folder of Python code, or one file.")],
    db: Db = None,
    project: Annotated[str | None, typer.Option("--project", metavar="NAME", help="Name of the project; else the folder's.")] = None,
    jobs: Annotated[int | None, typer.Option("--jobs", metavar="N", min=1, show_default="1", help="How many processes read code.")] = None,
    snapshot: Annotated[str | None, typer.Option("--snapshot", metavar="LABEL", help="Record the state as a snapshot.")] = None,
    snapshot_commit: Annotated[
        bool, typer.Option("--snapshot-commit", help="Record it under its commit's id; the git tree must be clean.")
    ] = False,
    as_library: Annotated[bool, typer.Option("--as-library", help="As one version of a distribution, beside other versions.")] = False,
    with_dependencies: Annotated[bool, typer.Option("--with-dependencies", help="Also the installed dependencies it declares.")] = False,
    environment: Annotated[
        str | None, typer.Option("--environment", metavar="FOLDER", show_default="this one", help="Where they are installed.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Bring the database in step with a source tree; what did not change costs nothing."""
    recording = {"snapshot": snapshot, "snapshot_commit": snapshot_commit}
    across = {"as_library": as_library, "with_dependencies": with_dependencies, "environment": environment}
    _end("index", path=path, db=db, project=project, jobs=jobs, **recording, **across, as_json=as_json)


@app.command()
def symbols(
    *,
    pattern: Annotated[
        str | None, typer.Argument(metavar="PATTERN", help="A name, the end of one, or a pattern (*, ?, [...]); lambdas by '<*'.")
    ] = None,
    kind: Annotated[Kind | None, typer.Option("--kind", help="Only symbols of this kind.")] = None,
    project: Project = None,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """List symbols."""
    _end("symbols", pattern=pattern, kind=kind and kind.value, project=project, db=db, as_json=as_json)


@app.command()
def show(*, symbol: Symbol, project: Project = None, db: Db = None, as_json: Json = False) -> None:
    """Show what is known of one symbol."""
    _end("show", symbol=symbol, project=project, db=db, as_json=as_json)


@app.command()
def callers(*, symbol: Symbol, project: Project = None, db: Db = None, as_json: Json = False) -> None:
    """List who calls a symbol, and where."""
    _end("callers", symbol=symbol, project=project, db=db, as_json=as_json)


@app.command()
def callees(*, symbol: Symbol, project: Project = None, db: Db = None, as_json: Json = False) -> None:
    """List what a symbol calls, and where."""
    _end("callees", symbol=symbol, project=project, db=db, as_json=as_json)


@app.command()
def status(*, db: Db = None, as_json: Json = False) -> None:
    """Tell what the database holds: projects, symbols by kind, edges by type, most called functions, failures."""
    _end("status", db=db, as_json=as_json)


def _end(command: str, **arguments: object) -> None:
    """Run a command with what was given and end with its status; what was not given is left to the command's own defaults."""
    raise typer.Exit(perform(command, {name: value for name, value in arguments.items() if value is not None and value is not False}))


analytics_commands.register(app, _end)
bench_commands.register(app, _end)
evolution_commands.register(app, _end)
explain_commands.register(app, _end)
flow_commands.register(app, _end)
graph_commands.register(app, _end)
report_commands.register(app, _end)
project_commands.register(app, _end)
symbol_commands.register(app, _end)
upkeep_commands.register(app, _end)
watch_commands.register(app, _end)
