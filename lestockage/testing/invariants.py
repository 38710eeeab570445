"""Invariants: what must hold of a database's memory whenever no query runs and nothing is written.

`check_invariants(db)` raises an `AssertionError` that lists every violation; `violations(db)` returns them. They are:

* **mirrored**: a node is among the dependents of exactly its dependencies;
* **green**: the dependencies of a green node are green, and none has changed since the node was last known to hold;
* **suspected**: a dependency that is dirty, or changed since, is among the suspects of everything that read it; suspects are dependencies;
* **ordered**: `changed_at <= verified_at <= revision`;
* **served**: a memo serves its latest result exactly while it is green and holds one;
* **facets**: what an execution left behind is green exactly when the memo that owns it is;
* **filed**: a memo is in its table under the key of its arguments, an input in its table under its own; capacities count live memos only;
* **idle**: no claim, no waiting thread, no kept exception is left when nothing runs, and first executions may take the short way.

Memos that were loaded keep their dependencies in the store, whose own check covers them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.engine.handle import Handle
from lestockage.engine.keys import distinct
from lestockage.engine.node import MISSING, STALE, Derived, Facet, Memo, Node, each
from lestockage.engine.stored import UNLOADED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.engine.runtime import Engine


def check_invariants(db: Engine) -> None:
    """Assert that the database's memory is consistent; to be called while no query runs.

    Raises:
        AssertionError: listing every violation.
    """
    found = list(violations(db))
    if found:
        raise AssertionError("the database is inconsistent:\n" + "\n".join(f"  {line}" for line in found))


def violations(db: Engine) -> Iterator[str]:
    """Every violated invariant as one line; nothing for a consistent database."""
    nodes = _reachable(db)
    for node in nodes:
        yield from _mirrored(node)
        if isinstance(node, Derived) and node.verified_at and not is_gone(node):
            yield from _green(node)
            yield from _suspected(node)
            yield from _ordered(db, node)
        if isinstance(node, Memo):
            yield from _served(node)
        if node.changed_at > db.revision:
            yield f"ordered: {node.describe()} changed in revision {node.changed_at}, now is {db.revision}"
    yield from _facets(db)
    yield from _filed(db)
    yield from _idle(db)


def is_green(node: Node) -> bool:
    """Whether a node is known to hold now; cells always are."""
    return not isinstance(node, Derived) or (node.suspects is None and node.verified_at > 0 and not is_gone(node))


def is_gone(node: Node) -> bool:
    """Whether a node is a side of something that was discarded; only readers that have not looked since still lead to it."""
    return isinstance(node, Facet) and node.value is MISSING


def _reachable(db: Engine) -> dict[Node, None]:
    """Every node in memory: those that are filed, and those that edges lead to."""
    pending: list[Node] = [db.untracked]
    for table in db.ingredients:
        pending.extend(table.entries.values())
    for facets in db.facets.values():
        pending.extend(facets.values())
    for inputs in db.inputs.values():
        pending.append(inputs.members)
        pending.extend(inputs.presence.values())
        for handle in inputs.handles.values():
            pending.extend(handle._cells or ())  # noqa: SLF001  # the check looks inside
    seen: dict[Node, None] = dict.fromkeys(pending)
    while pending:
        node = pending.pop()
        near = [*each(node.dependents)]
        if isinstance(node, Derived):
            near.extend(each(node.deps))
        for other in near:
            if other not in seen:
                seen[other] = None
                pending.append(other)
    return seen


def _mirrored(node: Node) -> Iterator[str]:
    for reader in each(node.dependents):
        if not isinstance(reader, Derived):
            yield f"mirrored: {reader.describe()} is a dependent of {node.describe()} and can depend on nothing"
        elif node not in each(reader.deps):
            yield f"mirrored: {reader.describe()} is a dependent of {node.describe()}, which it does not depend on"
    if isinstance(node, Derived):
        deps = list(each(node.deps))
        if len(deps) != len(set(deps)):
            yield f"mirrored: {node.describe()} has a dependency twice"
        if not is_gone(node):
            for dep in deps:
                if node not in each(dep.dependents):
                    yield f"mirrored: {node.describe()} depends on {dep.describe()}, which does not know it"


def _green(node: Derived) -> Iterator[str]:
    if node.suspects is not None:
        return
    for dep in each(node.deps):
        if not is_green(dep):
            yield f"green: {node.describe()} is green over {dep.describe()}, which is not"
        elif dep.changed_at > node.verified_at and isinstance(node, Memo):
            since = f"verified in {node.verified_at}"
            yield f"green: {node.describe()}, {since}, is green over {dep.describe()}, which changed in {dep.changed_at}"


def _suspected(node: Derived) -> Iterator[str]:
    if node.suspects is None or node.suspects is UNLOADED:
        return
    suspects = list(each(node.suspects))
    deps = list(each(node.deps))
    if not suspects:
        yield f"suspected: {node.describe()} is dirty and suspects nothing"
    is_loaded = node.stored is not None and not node.stored.is_linked
    for suspect in suspects:
        if suspect not in deps and not is_loaded:
            yield f"suspected: {node.describe()} suspects {suspect.describe()}, on which it does not depend"
    for dep in deps:
        is_due = not is_green(dep) or (dep.changed_at > node.verified_at and isinstance(node, Memo))
        if is_due and dep not in suspects:
            yield f"suspected: {node.describe()} does not suspect {dep.describe()}, which is dirty or has changed"


def _ordered(db: Engine, node: Derived) -> Iterator[str]:
    if not node.changed_at <= node.verified_at <= db.revision:
        yield f"ordered: {node.describe()} changed in {node.changed_at}, was verified in {node.verified_at}, now is {db.revision}"


def _served(memo: Memo) -> Iterator[str]:
    if not is_green(memo):
        if memo.value is not STALE:
            yield f"served: {memo.describe()} serves {memo.value!r} and is not green"
    elif memo.last is MISSING:
        if memo.value is not STALE:
            yield f"served: {memo.describe()} was evicted and serves {memo.value!r}"
    elif memo.value is not memo.last:
        yield f"served: {memo.describe()} is green and serves {memo.value!r} instead of {memo.last!r}"


def _facets(db: Engine) -> Iterator[str]:
    for owner, facets in db.facets.items():
        made = set(db.created.get(owner, {}).values())
        for key, facet in facets.items():
            if isinstance(key, tuple) and isinstance(key[0], Handle) and key[0] not in made:
                yield f"facets: {facet.describe()} belongs to {key[0]!r}, which is not made any more"
            if facet.deps is not owner:
                yield f"facets: {facet.describe()} is filed with {owner.describe()}"
            elif is_green(facet) != is_green(owner):
                yield f"facets: {facet.describe()} is {_state(facet)}, its owner {_state(owner)}"
    for owner, created in db.created.items():
        for handle in created.values():
            sides: tuple[Facet, ...] | None = handle._facets  # noqa: SLF001  # the check looks inside
            if sides is None:
                yield f"facets: {owner.describe()} keeps {handle!r}, which is gone"
            elif any(side not in db.facets.get(owner, {}).values() for side in sides):
                yield f"facets: a field of {handle!r} is not filed with {owner.describe()}"


def _state(node: Node) -> str:
    return "green" if is_green(node) else "not green"


def _filed(db: Engine) -> Iterator[str]:  # noqa: PLR0912  # one branch a rule
    for table in db.ingredients:
        for key, memo in table.entries.items():
            if memo.table is not table:
                yield f"filed: {memo.describe()} is in another query's table"
            elif not table.declaration.is_task and key not in (memo.args, table.key(memo.args)):
                yield f"filed: {memo.describe()} is filed under {key!r}"
        live = set(table.entries.values())
        for memo in table.used:
            if memo not in live:
                yield f"filed: {memo.describe()} is gone and counts for the capacity of {table.name}"
        if table.lru is not None:
            for memo in live:
                if memo.last is not MISSING and memo not in table.used:
                    yield f"filed: {memo.describe()} holds a value and does not count for the capacity of {table.name}"
    for cls, inputs in db.inputs.items():
        for identity, handle in inputs.handles.items():
            if type(handle) is not cls or distinct(handle._key) != identity:  # noqa: SLF001  # the check looks inside
                yield f"filed: {handle!r} is filed under {identity!r} of {cls.__name__}"
            elif handle._cells is None:  # noqa: SLF001
                yield f"filed: {handle!r} was deleted and is still filed"


def _idle(db: Engine) -> Iterator[str]:
    if db.readers:
        yield f"idle: {db.readers} outermost calls are registered"
    for memo in db.running:
        yield f"idle: {memo.describe()} is claimed"
    for memo in db.waiting.values():
        yield f"idle: somebody waits for {memo.describe()}"
    for memo in db.failed:
        yield f"idle: the exception of {memo.describe()} is kept"
    if db.exclusive.owner is not None:
        yield "idle: a write is going on"
    if db.store is None and db.is_open and not db.is_calm:
        yield "idle: first executions take the long way"
    if db.halts:
        yield f"idle: calls are halted {db.halts} times"


__all__ = ["check_invariants", "is_gone", "is_green", "violations"]
