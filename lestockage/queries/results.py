"""Results: what calling a function gives, as far as its annotation tells."""

# ruff: noqa: TC001  # the engine evaluates annotations when a query is declared

from __future__ import annotations

from lestockage.database import Database
from lestockage.engine.query import query
from lestockage.queries import evaluation
from lestockage.queries.circles import settled
from lestockage.queries.inputs import SourceFile
from lestockage.queries.meaning import UNKNOWN, Meanings, instances
from lestockage.queries.namespace import namespace

KEEPING = frozenset(
    {
        "abstractmethod",
        "abstractproperty",
        "cache",
        "cached_property",
        "classmethod",
        "deprecated",
        "final",
        "getter",
        "lru_cache",
        "overload",
    }
    | {"override", "property", "setter", "staticmethod", "wraps"}
)
"""Last names of decorators that leave what a call returns as it is annotated."""


def _unknown(db: Database, file: SourceFile, name: str, ordinal: int) -> Meanings:  # noqa: ARG001  # the query's shape
    return UNKNOWN


@query(cycle_initial=_unknown, cycle_fn=settled)
def result(db: Database, file: SourceFile, name: str, ordinal: int) -> Meanings:
    """Return what a function or property gives when it is called. Shields from its body, its name and its parameters."""
    space = namespace(db, file, name, ordinal)
    if space is None or space.facts.returns is None:
        return UNKNOWN
    for decorator in space.unit.decorators:
        if decorator.partition("(")[0].rpartition(".")[2] not in KEEPING:
            return UNKNOWN
    reader = evaluation.Evaluation(db, file, space)
    found = instances(reader.evaluate(space.facts.returns, reader.heading))
    if space.unit.is_async:
        values = tuple([value._replace(kind=value.kind.replace("instance", "awaitable")) for value in found.values])
        return Meanings(values, (), found.is_exact)
    return found
