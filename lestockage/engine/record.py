"""Record: what an execution made beside its value, as the bytes that are kept with its row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgpack  # type: ignore[import-untyped]  # it ships no types

from lestockage.engine import effects, sides

if TYPE_CHECKING:
    from lestockage.engine.node import Memo
    from lestockage.engine.runtime import Engine


def record(db: Engine, memo: Memo) -> bytes | None:
    """What the latest execution of a memo made, None when nothing."""
    run = db.facets.get(memo, {}).get(effects.RUN)
    if run is None or run.value is None:
        return None
    data: bytes = msgpack.packb({"run": run.value})
    return data


def restore(db: Engine, memo: Memo, data: bytes) -> None:
    """Give a memo that was loaded what its execution had made."""
    kept: dict[str, Any] = msgpack.unpackb(data)
    if "run" in kept:
        run = sides.facet_of(db, memo, b"run")
        assert run is not None  # noqa: S101  # made on first use
        run.value = kept["run"]
