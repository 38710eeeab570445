"""Upkeep commands: what is done to a database file as a whole, declared for Typer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lestockage.cli.parameters import Db, Json

if TYPE_CHECKING:
    from collections.abc import Callable


def register(app: typer.Typer, end: Callable[..., None]) -> None:
    """Add the commands to the interface; `end` runs a command by name with its arguments."""

    @app.command()
    def gc(
        *,
        max_age: Annotated[float | None, typer.Option("--max-age", metavar="DAYS", min=0, help="Drop results that are older.")] = None,
        max_traces: Annotated[int | None, typer.Option("--max-traces", metavar="N", min=0, help="Keep so many earlier results.")] = None,
        max_bytes: Annotated[int | None, typer.Option("--max-bytes", metavar="N", min=0, help="Drop until no more bytes are used.")] = None,
        db: Db = None,
        as_json: Json = False,
    ) -> None:
        """Take out of the database what its present state does not need."""
        end("gc", max_age=max_age, max_traces=max_traces, max_bytes=max_bytes, db=db, as_json=as_json)

    @app.command()
    def check(*, db: Db = None, as_json: Json = False) -> None:
        """Tell whether the database file is sound: structure, hashes, invariants; the exit status is 1 when it is not."""
        end("check", db=db, as_json=as_json)

    @app.command()
    def verify(
        *,
        sample: Annotated[
            float | None, typer.Option("--sample", metavar="F", min=0, max=1, show_default="1", help="Which share, from 0 to 1.")
        ] = None,
        db: Db = None,
        as_json: Json = False,
    ) -> None:
        """Run stored queries again and compare; the exit status is 1 when anything differs."""
        end("verify", sample=sample, db=db, as_json=as_json)
