"""Report: what one run of the index found and did."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lestockage.store.snapshot_writer import Recorded
    from lestockage.workspace.walk import Failure


class IndexReport(NamedTuple):
    """One run: `nodes` and `edges` are all rows of the project now, `written` those that this run wrote.

    `connected` counts the references between projects, other projects' too, that this run wrote.

    `executed` counts the bodies run by query, `reused` the results taken from earlier runs, `seconds` is wall time, `recorded` the
    snapshot that was asked for.
    """

    project: str
    files: int
    nodes: int
    edges: int
    executed: dict[str, int]
    reused: int
    failed: tuple[Failure, ...]
    written: int
    connected: int
    seconds: float
    recorded: Recorded | None = None
