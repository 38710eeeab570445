"""Commit: which memos can be written to the store, and their rows.

A memo is written when it is green, its arguments can be encoded, and everything that it read has, or gets, a row: so a clean row is valid
for the stored inputs. Side outputs and tracked structs live within the process, and what depends on them does too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.engine.effects import RUN
from lestockage.engine.memostore import Row
from lestockage.engine.node import Cell, Facet, Memo, Node

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from lestockage.engine.durable import Durable
    from lestockage.engine.stored import Stored

_HASHED_FROM = 32
"""Digests of this length stand for bytes kept apart; shorter ones are the bytes."""


def storable(durable: Durable, unsaved: Collection[Memo]) -> dict[Memo, bytes]:
    """The unsaved memos that can be written now, with their encoded keys."""
    memos: dict[Memo, bytes] = {}
    for memo in unsaved:
        if memo.suspects is None and memo.verified_at:
            key = durable.key(memo)
            if key is not None:
                memos[memo] = key
    while True:
        hanging = [memo for memo in memos if not _is_supported(durable, memo, memos, unsaved)]
        if not hanging:
            return memos
        for memo in hanging:
            del memos[memo]


def _is_supported(durable: Durable, memo: Memo, memos: dict[Memo, bytes], unsaved: Collection[Memo]) -> bool:
    for dep in _deps(memo):
        if dep in memos:
            continue
        stored = dep.stored
        if stored is not None and stored.id and dep not in unsaved:
            continue
        if type(dep) is Cell and durable.inputs.is_known(dep):
            continue
        if type(dep) is Facet and dep.name == RUN and (dep.owner in memos or (dep.owner.stored is not None and dep.owner not in unsaved)):
            continue
        return False
    return True


def _deps(memo: Memo) -> Iterable[Node]:
    deps = memo.deps
    if deps is None:
        return ()
    return deps if type(deps) is tuple else (deps,)  # type: ignore[return-value]  # a bare node, by exclusion


def write(durable: Durable, memos: dict[Memo, bytes]) -> None:
    """Write memos, what they read and has no row yet, and their values; inside a transaction."""
    store = durable.store
    durable.inputs.write_read({dep for memo in memos for dep in _deps(memo) if type(dep) is Cell and dep.stored is None})
    fresh = [memo for memo in memos if not memo.stored.id]
    for memo, number in zip(fresh, store.new_ids(len(fresh)) if fresh else (), strict=True):
        memo.stored.id = number
    durable.on_failure(lambda: _forget(fresh))
    is_fresh = set(fresh)
    fresh_rows, known_rows = _run_rows(durable, memos)
    name_edges: set[tuple[int, int]] = set()
    of_node = durable.names.of_node
    for memo, key in memos.items():
        name = of_node(memo)
        deps = [dep.stored.id for dep in _deps(memo)]
        name_edges.update([(name, of_node(dep)) for dep in _deps(memo)])
        stored = memo.stored
        row = Row(stored.id, name, key, stored.digest, memo.changed_at, memo.verified_at, False, tuple(deps))  # by position: many
        (fresh_rows if memo in is_fresh else known_rows).append(row)
    store.put_values([(memo.stored.digest, memo.stored.data) for memo in memos if _has_bytes(memo.stored)])
    store.insert(fresh_rows)
    store.update(known_rows)
    known_edges = durable.names.known_edges
    store.put_name_deps(sorted(name_edges - known_edges))
    added = name_edges - known_edges
    durable.on_failure(lambda: known_edges.difference_update(added))
    known_edges |= added


def _forget(fresh: Iterable[Memo]) -> None:
    """Take the ids of new rows back, which were not committed."""
    for memo in fresh:
        memo.stored.id = 0


def _has_bytes(stored: Stored) -> bool:
    return stored.data is not None and stored.digest is not None and len(stored.digest) == _HASHED_FROM


def _run_rows(durable: Durable, memos: dict[Memo, bytes]) -> tuple[list[Row], list[Row]]:
    """Rows, new ones and others, for the runs of cycle heads that a memo reads, or that ran again."""
    runs = {dep: None for memo in memos for dep in _deps(memo) if type(dep) is Facet}
    if durable.db.participants:
        runs.update({run: None for memo in memos if (run := durable.run_of(memo)) is not None})
    fresh = [run for run in runs if run.stored is None]
    durable.number(fresh, durable.store.new_ids(len(fresh)) if fresh else ())
    name = durable.names.run
    durable.store.put_name_deps([(name, durable.names.of_node(run.owner)) for run in fresh])
    rows = {
        run: Row(run.stored.id, name, owner.to_bytes(8, "big"), None, run.changed_at, run.verified_at, deps=(owner,))
        for run in runs
        for owner in (run.owner.stored.id,)
    }
    return [rows[run] for run in fresh], [row for run, row in rows.items() if run not in set(fresh)]
