"""Explain: why a query last ran, or did not, as a path from what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from lestockage.engine.node import Facet, Memo, Node

if TYPE_CHECKING:
    from lestockage.engine.runtime import Engine

FIRST_TIME: Final = "ran for the first time"
"""The outcome of a node that nothing was known of: no change is its cause."""


class Explanation(NamedTuple):
    """One step: what became of a node, in which revision, and the change that caused it; `str()` gives the whole path, a line a step."""

    node: str
    outcome: str
    revision: int
    cause: Explanation | None

    def __str__(self) -> str:
        lines: list[str] = []
        step: Explanation | None = self
        while step is not None:
            lines.append(f"{'  ' * len(lines)}{step.node}: {step.outcome} (revision {step.revision})")
            step = step.cause
        return "\n".join(lines)


def explain(db: Engine, memo: Memo | None, name: str) -> Explanation:
    """The path from a memo to the changed input, or the reason why it did not run."""
    if memo is None or not memo.verified_at:
        return Explanation(name, "was never asked", db.revision, None)
    return _of(db, memo, set())


def _of(db: Engine, node: Node, seen: set[Node]) -> Explanation:
    name = node.describe()
    if isinstance(node, Facet):
        return _of(db, node.owner, seen)
    if not isinstance(node, Memo):
        return Explanation(name, "was set" if node.changed_at > 1 else "was there from the start", node.changed_at, None)
    reason = db.reasons.get(node)
    if node in seen:
        return Explanation(name, "takes part in a cycle", node.verified_at, None)
    seen.add(node)
    if node.suspects is not None:
        return Explanation(name, "is dirty: something below it changed and nobody has asked since", node.verified_at, None)
    if reason is None:
        ran = FIRST_TIME if node.stored is None or node.stored.is_linked else "was taken from the store"
        return Explanation(name, ran, node.changed_at, None)
    revision, cause = reason
    if db.recalls.get(node) == node.verified_at:
        outcome = "has the result of an earlier state again (a trace): what it read came out as it did then"
        return Explanation(name, outcome, node.verified_at, _of(db, cause, seen))
    if revision < node.verified_at:
        return Explanation(name, "was validated without running: what it read came out equal", node.verified_at, _of(db, cause, seen))
    outcome = "ran, and its result changed" if node.changed_at >= revision else "ran, and its result came out equal (backdated)"
    return Explanation(name, outcome, revision, _of(db, cause, seen))
