"""Commit: which memos can be written to the store, and their rows.

A memo is written when its arguments can be encoded, and everything that it read has, or gets, a row: so a clean row is valid for the stored
inputs. A result that is dirty already is written as such: it holds again once what it read is back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lestockage.engine.mark import suspect
from lestockage.engine.memostore import HASH_LENGTH, Row
from lestockage.engine.node import Cell, Derived, Facet, Memo, Node, each
from lestockage.engine.sides import side_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from typing import Any

    from lestockage.engine.durable import Durable
    from lestockage.engine.memostore import Dep
    from lestockage.engine.stored import Stored
    from lestockage.engine.table import Table


_new: Final = tuple.__new__


def storable(durable: Durable, unsaved: Collection[Memo], known: dict[Memo, bytes]) -> dict[Memo, bytes]:
    """The unsaved memos that can be written now, with their encoded keys, some of which may be known."""
    memos: dict[Memo, bytes] = {}
    for memo in unsaved:
        if memo.verified_at and (memo.suspects is None or memo.stored.reads is not None):
            key = known.get(memo) or durable.encoded(memo.table.declaration, memo.args)
            if key is not None:
                memos[memo] = key
    while True:
        hanging = [memo for memo in memos if memo.deps is not None and not _is_supported(durable, memo, memos, unsaved)]
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
        if type(dep) is Facet and side_of(durable, dep) is not None:
            owner = dep.owner
            if owner in memos or (owner.stored is not None and owner.stored.id and owner not in unsaved):
                continue
        return False
    return True


def _deps(memo: Memo) -> Iterable[Node]:
    deps = memo.deps
    if deps is None:
        return ()
    return deps if type(deps) is tuple else (deps,)  # type: ignore[return-value]  # a bare node, by exclusion


def meet_rows(durable: Durable, memos: dict[Memo, bytes]) -> dict[Memo, int]:
    """Join memos with the rows that other processes have written for the same calls, inside the transaction that writes them.

    A result that differs from its row's has changed now, as far as the file can tell; one that is equal, when the row's has. Where memory
    says later than the row, it goes on so, but the row stays: what rests on it in the file is not newer. Returns what such rows say.
    """
    since: dict[Memo, int] = {}
    for memo in [found for found in memos if not found.stored.id]:
        row = durable.row_of(memo)
        if row is not None:
            memo.stored.id = row.id
            if not memo.table.declaration.is_task:
                durable.nodes.by_id[row.id] = memo
    known = {memo.stored.id: memo for memo in memos if memo.stored.id and not memo.table.declaration.is_task}
    for row in durable.store.rows(list(known)):
        memo = known[row.id]
        if row.digest != memo.stored.digest:
            memo.changed_at = durable.db.revision
        elif row.changed_at <= memo.changed_at:
            since[memo] = row.changed_at
            continue
        else:
            memo.changed_at = row.changed_at
        for reader in (memo, *each(memo.dependents)):
            assert isinstance(reader, Derived)  # noqa: S101  # only derived nodes read
            if reader.suspects is not None:
                suspect(reader, memo)
            elif reader.verified_at:
                reader.verified_at = durable.db.revision
    return since


def write(durable: Durable, memos: dict[Memo, bytes], since: dict[Memo, int]) -> None:
    """Write memos, what they read and has no row yet, and their values; inside a transaction.

    Green memos are known to hold now; of some, the row knows `since` when.
    """
    store = durable.store
    durable.inputs.write_read({dep for memo in memos for dep in _deps(memo) if type(dep) is Cell and dep.stored is None})
    fresh = [memo for memo in memos if not memo.stored.id]
    for memo, number in zip(fresh, store.new_ids(len(fresh)) if fresh else (), strict=True):
        memo.stored.id = number
    durable.on_failure(lambda: _forget(fresh))
    is_fresh = set(fresh)
    name_edges: set[tuple[int, int]] = set()
    codes: dict[Table, tuple[int, int]] = {}
    for memo in memos:
        if memo.table not in codes:
            name = durable.names.of_node(memo)
            codes[memo.table] = name, durable.names.put_code_of(name)
    store.put_values([(memo.stored.digest, memo.stored.data) for memo in memos if _has_bytes(memo.stored)])
    # New rows one by one: there may be very many.
    store.insert(_rows(durable, ((memo, memos[memo]) for memo in fresh), since, codes, name_edges))
    store.update(list(_rows(durable, ((memo, key) for memo, key in memos.items() if memo not in is_fresh), since, codes, name_edges)))
    known_edges = durable.names.known_edges
    store.put_name_deps(sorted(name_edges - known_edges))
    added = name_edges - known_edges
    durable.on_failure(lambda: known_edges.difference_update(added))
    known_edges |= added


def _rows(
    durable: Durable,
    memos: Iterable[tuple[Memo, bytes]],
    since: dict[Memo, int],
    codes: dict[Table, tuple[int, int]],
    name_edges: set[tuple[int, int]],
) -> Iterator[Row]:
    """Yield the rows of memos with their keys, noting which names read which."""
    of_node = durable.names.of_node
    dep_of: Callable[[Node], Any] = durable.dep
    met: set[tuple[int, Table]] = set()
    revision = durable.db.revision
    for memo, key in memos:
        name, code = codes[memo.table]
        deps: tuple[Dep, ...] = ()
        if memo.deps is not None:
            nodes = _deps(memo)
            deps = tuple([dep.stored.id if type(dep) is not Facet else dep_of(dep) for dep in nodes])
            for dep in nodes:
                if type(dep) is not Memo:
                    name_edges.add((name, of_node(dep)))
                elif (name, dep.table) not in met:
                    met.add((name, dep.table))
                    name_edges.add((name, of_node(dep)))
        stored = memo.stored
        changed_at = since.get(memo, memo.changed_at) if since else memo.changed_at
        verified_at = revision if memo.suspects is None else memo.verified_at
        # By position, and past the argument parsing of a named tuple: there are many.
        yield _new(
            Row, (stored.id, name, key, stored.digest, changed_at, verified_at, False, deps, stored.effects, code, stored.reads, None, True)
        )


def spread_dirt(durable: Durable, written: Collection[Memo], verified: Collection[Memo]) -> set[int]:
    """Dirty again what was just written clean over rows that are dirty: a sweep stops at those, and would not come to what is above.

    Memory knows of none of these dirty rows: others have dirtied them for inputs that they have yet to record. Returns the rows dirtied.
    """
    store = durable.store
    unlinked = [memo.stored.id for memo in verified if not memo.stored.is_linked]
    below = {dep if type(dep) is int else dep[0] for deps in store.deps(unlinked).values() for dep in deps}  # type: ignore[index]
    for memo in (*written, *verified):
        below.update([dep.stored.id if type(dep) is not Facet else dep.owner.stored.id for dep in _deps(memo)])
    below.difference_update([memo.stored.id for memo in (*written, *verified)])
    dirty = store.dirty(sorted(below))
    return {suspect.dependent for suspect in store.sweep(dirty)} if dirty else set()


def _forget(fresh: Iterable[Memo]) -> None:
    """Take the ids of new rows back, which were not committed."""
    for memo in fresh:
        memo.stored.id = 0


def _has_bytes(stored: Stored) -> bool:
    return stored.data is not None and stored.digest is not None and len(stored.digest) == HASH_LENGTH
