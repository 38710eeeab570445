"""Held: memos that were found to hold without being loaded, brought into memory for those who tell what has happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.engine.node import Memo

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from lestockage.engine.declaration import Declaration
    from lestockage.engine.durable import Durable


def load_held(durable: Durable, ids: Iterable[int]) -> list[Memo]:
    """Load memos that hold by their rows, causes first, and note what each was told by."""
    with durable.lock:
        causes = durable.sweeping.dirt.causes
        found: dict[Memo, None] = {}
        for node in durable.nodes.nodes_of([each for number in ids for each in (causes[number], number)]):
            cause = None if node.stored is None else durable.nodes.by_id.get(causes.get(node.stored.id, 0))
            if isinstance(node, Memo) and cause is not None:
                durable.db.reasons.setdefault(node, (0, cause))
                found[node] = None
        return list(found)


def load_held_call(durable: Durable, declaration: Declaration, args: Any) -> None:
    """Load a call, and what led to it, if it is one that was found to hold."""
    name, key = durable.names.of_query(declaration), durable.encoded(declaration, args)
    row = None if name is None or key is None else durable.store.find(name, key)
    number = 0 if row is None else row.id
    dirt = durable.sweeping.dirt
    ids: list[int] = []
    while number in dirt.held:
        ids.append(number)
        number = dirt.causes[number]
    load_held(durable, reversed(ids))
