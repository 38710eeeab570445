"""Sides: how the facets of a memo are named and compared outside the process.

A facet has no row of its own. Whoever read it depends on a side of its memo's row, and on what that side came to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from blake3 import blake3

from lestockage.engine import effects

if TYPE_CHECKING:
    from lestockage.engine.node import Facet, Memo
    from lestockage.engine.runtime import Engine

RUN_SIDE = b"run"


def side_of(facet: Facet) -> bytes | None:
    """The name of a facet among those of its memo; None for one that exists within the process only."""
    return RUN_SIDE if facet.name == effects.RUN else None


def facet_of(db: Engine, memo: Memo, side: bytes) -> Facet | None:
    """The facet of that name; None when the memo has none such."""
    return effects.facet(db, memo, effects.RUN, None) if side == RUN_SIDE else None


def came_to(facet: Facet) -> bytes | None:
    """What a facet of a green memo came to, as bytes; None when that cannot be told."""
    return facet.value if facet.name == effects.RUN else None


def run_digest(memo: Memo, reads: tuple[bytes, ...], digest: bytes | None) -> bytes:
    """What the run of a cycle's head comes to: everything that any participant read from outside, by name and value, and the result."""
    deps = memo.deps if type(memo.deps) is tuple else (memo.deps,) if memo.deps is not None else ()
    hasher = blake3(digest or b"")
    for dep, read in zip(deps, reads, strict=True):
        hasher.update(dep.describe().encode("utf-8", "surrogatepass") + b"\0" + read + b"\0")  # type: ignore[union-attr]  # a node
    return hasher.digest(length=16)
