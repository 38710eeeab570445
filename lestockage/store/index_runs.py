"""Index runs: what the last runs of the index did to each query, and because of what; a few runs of bounded size for each project."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgpack  # type: ignore[import-untyped]  # has no stubs

from lestockage.store.clock import now

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lestockage.store.connection import StoreFile

RUNS_KEPT: Final = 10
"""Runs of a project that are kept, the last ones."""
STEPS_KEPT: Final = 5_000
"""Steps of one run that are kept, some 40 KB: those that a change caused before those that are only new."""


class RunStep(NamedTuple):
    """What became of one query's call, or of an input's field, in one run.

    `outcome` is "set" for a field, else "new", "changed", "backdated" (ran, equal result), "validated" (did not run) or "recalled" (has
    the result of an earlier state again). `cause` is the index of the step that made it so, -1 where there is none. `path`, `name` and
    `ordinal` say which file and which symbol in it the call is about, None where it is about none.
    """

    call: str
    outcome: str
    cause: int
    path: str | None
    name: str | None
    ordinal: int | None


class IndexRun(NamedTuple):
    """A run that did something: when (milliseconds since 1970), how many calls had which outcome, its steps, how many are not kept."""

    at: int
    counts: dict[str, int]
    steps: tuple[RunStep, ...]
    omitted: int


def save_run(store: StoreFile, project_id: int, counts: Mapping[str, int], steps: Sequence[RunStep], *, omitted: int) -> None:
    """Keep a run, in the transaction that is open, and drop the oldest beyond `RUNS_KEPT`."""
    packed = zlib.compress(msgpack.packb([list(step) for step in steps], unicode_errors="surrogatepass"), zlib.Z_BEST_SPEED)
    store.execute(
        "INSERT INTO index_runs (project_id, at, counts, steps, omitted) VALUES (?, ?, ?, ?, ?)",
        (project_id, now(), msgpack.packb(dict(sorted(counts.items()))), packed, omitted),
    )
    store.execute(
        "DELETE FROM index_runs WHERE project_id = ?1 AND id NOT IN"
        " (SELECT id FROM index_runs WHERE project_id = ?1 ORDER BY id DESC LIMIT ?2)",
        (project_id, RUNS_KEPT),
    )


def load_runs(store: StoreFile, project_id: int) -> list[IndexRun]:
    """Return the runs of a project that are kept, the last one first."""
    rows = store.query("SELECT at, counts, steps, omitted FROM index_runs WHERE project_id = ? ORDER BY id DESC", (project_id,))
    return [
        IndexRun(at, msgpack.unpackb(counts), tuple(RunStep(*step) for step in _unpacked(steps)), omitted)
        for at, counts, steps, omitted in rows
    ]


def _unpacked(steps: bytes) -> list[list[Any]]:
    found: list[list[Any]] = msgpack.unpackb(zlib.decompress(steps), unicode_errors="surrogatepass")
    return found
