"""Command line: commands over one database file.

`plain` reads the command lines that people and hooks write all day without the parser's library, `app` is the whole interface as Typer
knows it, and `perform` runs a command and turns what happened into text and an exit status. Each command has a module that returns its
answer as text.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from lestockage.cli.plain import read_plain

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (the process's own by default) and return its exit status.

    0: done. 1: unknown or ambiguous symbol. 2: bad usage, a path that cannot be read, a database that cannot be used. 130: interrupted.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        line = read_plain(given)
        if line is None:
            from lestockage.cli.app import run  # noqa: PLC0415  # Typer costs three times what an unchanged run does

            return run(given)
        from lestockage.cli.perform import perform  # noqa: PLC0415  # not before an interrupt can be answered

        return perform(line.command, line.arguments)
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)  # noqa: T201  # this is the command line
        return 130
