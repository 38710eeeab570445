"""Finished run: the generation of memos and inputs that the last index run left behind when it had written everything, and what from.

A run tells the engine of changed inputs before it writes the tables; where the generations differ, a run may have ended in between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile

_MADE_FROM = "made from "
"""With a project's id behind it, what its tables were made from beside its files: the first bytes of a digest."""
_STATE = "SELECT name, value FROM memo_state WHERE name IN ('generation', 'finished')"


def is_finished(store: StoreFile) -> bool:
    """Tell whether memos and inputs are those of the last finished run; a file without any is that too."""
    state: dict[str, int] = dict(store.query(_STATE))
    return state.get("generation", 0) == state.get("finished", 0)


def record_finished(store: StoreFile) -> None:
    """Record that memos, inputs and tables belong together now; nothing is written where that is known."""
    if not is_finished(store):
        store.execute(
            "INSERT INTO memo_state SELECT 'finished', value FROM memo_state WHERE name = 'generation'"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        )


def made_from(store: StoreFile, project_id: int) -> int | None:
    """Return what `record_made_from` recorded last for a project; None for nothing."""
    row = store.row("SELECT value FROM memo_state WHERE name = ?", (f"{_MADE_FROM}{project_id}",))
    return None if row is None else int(row[0])


def record_made_from(store: StoreFile, project_id: int, origin: int | None) -> None:
    """Record what the tables of a project were made from beside its files, None where that is not known; a change only is written."""
    if made_from(store, project_id) == origin:
        return
    name = f"{_MADE_FROM}{project_id}"
    with store.transaction():
        store.execute("DELETE FROM memo_state WHERE name = ?", (name,))
        if origin is not None:
            store.execute("INSERT INTO memo_state VALUES (?, ?)", (name, origin))
