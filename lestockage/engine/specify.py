"""Specify: the value of a query for a struct, given by the query that makes the struct, instead of running the body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.engine.effects import UNSPECIFIED
from lestockage.engine.fetch import find_or_make
from lestockage.engine.frame import current
from lestockage.engine.mark import rewind
from lestockage.engine.node import STALE, Facet, add
from lestockage.engine.publish import publish
from lestockage.errors import DuplicateStruct

if TYPE_CHECKING:
    from lestockage.engine.declaration import Declaration
    from lestockage.engine.frame import Frame
    from lestockage.engine.node import Memo
    from lestockage.engine.runtime import Engine


def specify(db: Engine, declaration: Declaration, args: Any, value: Any) -> None:
    """Give a call's value for this execution of the running query. A value that was computed before in this revision stays.

    Raises:
        DuplicateStruct: outside of a query, twice in one execution, or for a key that the running query did not make.
    """
    frame = current()
    name = declaration.describe(args)
    if frame is None:
        raise DuplicateStruct(f"{name} was specified outside of a query: only the query that makes its key may.")
    left = frame.left()
    own = set(left.created.values())
    if not any(argument in own for argument in declaration.tupled(args)):
        raise DuplicateStruct(
            f"{name} was specified by {frame.memo.describe()}, which has not made any of its arguments in this execution."
        )
    memo = find_or_make(db, declaration.index, declaration.key(args), args)
    if memo in left.specified:
        raise DuplicateStruct(f"{name} was specified twice by {frame.memo.describe()}. Specify it once.")
    give(db, frame, memo, value)


def give(db: Engine, frame: Frame, memo: Memo, value: Any) -> None:
    """Let a memo have its value from the execution of a frame."""
    left = frame.left()
    facets = db.facets.setdefault(frame.memo, {})
    key = ("specified", memo)
    facet = facets.get(key)
    if memo.value is not STALE and (facet is None or memo.deps is not facet):
        if memo.verified_at == db.revision:
            return  # its body ran in this revision: the first value wins
        rewind(db, memo)  # it ran in an earlier one, and whoever has been served its result since looks again
    kept = value if memo.table.copy is None else memo.table.copy(value)
    with db.lock:
        if facet is None:
            facet = facets[key] = Facet(frame.memo, f"specified {memo.describe()}", kept, db.revision, memo)
            frame.memo.dependents = add(frame.memo.dependents, facet)
        elif facet.value is UNSPECIFIED or not memo.table.is_equal(facet.value, value):
            if facet.changed_at == db.revision:
                rewind(db, facet)
            facet.value = kept
            facet.digest = None
            facet.changed_at = db.revision
        facet.suspects = None
        facet.verified_at = db.revision
    left.specified[memo] = facet
    publish(db, memo, {facet: None}, value)
