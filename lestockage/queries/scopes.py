"""Scopes: what names mean in a class or function body, as the code further in sees them."""

# ruff: noqa: TC001  # the engine evaluates annotations when a query is declared

from __future__ import annotations

from lestockage.database import Database
from lestockage.engine.query import query
from lestockage.queries import evaluation
from lestockage.queries.circles import settled
from lestockage.queries.inputs import SourceFile
from lestockage.queries.meaning import UNKNOWN, Meanings
from lestockage.queries.namespace import namespace


def _unknown(db: Database, file: SourceFile, scope: str, ordinal: int, name: str) -> Meanings | None:  # noqa: ARG001  # the query's shape
    return UNKNOWN  # and not None: a name can come back to itself only where it is bound


@query(cycle_initial=_unknown, cycle_fn=settled)
def bound(db: Database, file: SourceFile, scope: str, ordinal: int, name: str) -> Meanings | None:
    """Return what a class or function body itself binds a name to, None: nothing. Shields from the body's other names and its calls."""
    space = namespace(db, file, scope, ordinal)
    return None if space is None else evaluation.Evaluation(db, file, space).own(name)
