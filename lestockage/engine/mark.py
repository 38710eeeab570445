"""Mark: push dirt from a changed node to everything above it, once, stopping at what is dirty already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.engine.node import STALE, Derived, Memo, Node, add, each

if TYPE_CHECKING:
    from lestockage.engine.runtime import Engine


def mark(db: Engine, source: Node) -> None:
    """Dirty the cone above `source`; each dependent remembers which of its dependencies made it dirty.

    Cost: the edges out of nodes that were green until now. Must run while no query does (`write.Exclusive` sees to it).
    """
    stack = [source]
    visited = 0
    store = db.store
    while stack:
        node = stack.pop()
        readers = node.dependents
        if readers is None:
            continue
        for reader in readers if type(readers) is dict else (readers,):
            assert isinstance(reader, Derived)  # noqa: S101  # only derived nodes read
            visited += 1
            suspects = reader.suspects
            if suspects is None:
                reader.suspects = node
                if type(reader) is Memo:
                    reader.value = STALE
                    if store is not None:
                        store.dirtied(reader)
                stack.append(reader)
            elif type(suspects) is dict:
                suspects[node] = None
            elif suspects is not node:
                reader.suspects = {suspects: None, node: None}  # type: ignore[dict-item]  # a bare node, by exclusion
    db.counts.marked += visited


def suspect(reader: Derived, node: Node) -> None:
    """Have a dirty node look at one more of its dependencies."""
    reader.suspects = add(reader.suspects, node)


def rewind(db: Engine, source: Node) -> None:
    """Dirty the cone above a node that changes a second time within one revision, so that whoever has seen the first value looks again.

    Happens to what a query makes (structs, specified values) when it runs again in the same revision: in a cycle, or after a failure.
    """
    mark(db, source)
    stack = [source]
    seen = set(stack)
    while stack:
        for reader in each(stack.pop().dependents):
            assert isinstance(reader, Derived)  # noqa: S101  # only derived nodes read
            if reader not in seen:
                seen.add(reader)
                reader.verified_at = min(reader.verified_at, db.revision - 1)
                stack.append(reader)
