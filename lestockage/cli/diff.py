"""Diff: the command that lists the symbols that differ between two states of a git tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.message import say
from lestockage.cli.table import quantity, table
from lestockage.workspace.symbol_diff import symbol_diff

if TYPE_CHECKING:
    from lestockage.languages.symbol_changes import Place, SymbolChange


def answer(*, old: str | None = None, new: str | None = None, path: str | None = None, db: str | None = None, as_json: bool = False) -> str:
    """Return the changes one a line, or as a JSON object; files that could not be read are named on standard error.

    For people, classes and modules are left out whose body differs no more than the members listed with them may account for.
    """
    found = symbol_diff(path or ".", old or "HEAD", new, database=database_path(db))
    for failure in found.failed:
        say(f"{failure.path} is left out: {failure.reason}.")
    if as_json:
        return json_text(
            {
                "old": found.old,
                "new": found.new,
                "files": found.files,
                "changes": [change_object(change) for change in found.changes],
                "failed": [failure._asdict() for failure in found.failed],
            }
        )
    shown = [change for change in found.changes if not change.is_from_members]
    until = f"and {new}" if new else "and the work tree"
    say(f"{quantity(len(shown), 'symbol')} in {quantity(found.files, 'file')} differ between {old or 'HEAD'} {until}.")
    return table(change_cells(change) for change in shown)


def change_cells(change: SymbolChange) -> tuple[str, str, str, str]:
    """Return a change as columns: what, of what kind, which, where; a modified symbol with what of it differs."""
    place = change.new or change.old
    assert place is not None  # noqa: S101  # a change has one of them
    name = place.qualified_name + (f" #{place.ordinal + 1}" if place.ordinal else "")
    if change.old is not None and change.new is not None and change.old.qualified_name != change.new.qualified_name:
        name = f"{change.old.qualified_name} -> {name}"
    if change.parts:
        name += f" ({', '.join(change.parts)})"
    return change.change, change.kind, name, f"{place.path}:{place.line}"


def change_object(change: SymbolChange) -> dict[str, object]:
    """Return a change as an object for JSON."""
    return {**change._asdict(), "old": _place(change.old), "new": _place(change.new)}


def _place(place: Place | None) -> dict[str, object] | None:
    return None if place is None else place._asdict()
