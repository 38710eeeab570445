"""Given: of which class calling a function, or reading a property, gives an object: the name in its annotation, as others can look it up.

Only what the file itself says is used, so what is said of a file changes with that file alone; where the name leads is found out by whoever
asks (`projects.resolver`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from lestockage.languages.facts import AWAITED, ITEM, RESULT
from lestockage.queries.file_facts import file_facts
from lestockage.queries.modules import module_name
from lestockage.queries.outline import outline
from lestockage.queries.results import KEEPING

if TYPE_CHECKING:
    from lestockage.database import Database
    from lestockage.languages.facts import Facts, Reference, Symbol
    from lestockage.queries.inputs import SourceFile

_STEPS = frozenset({AWAITED, ITEM, RESULT})


class Given(NamedTuple):
    """What a function gives when it is called, or a property when it is read."""

    call: str | None
    read: str | None


NOTHING: Final = Given(None, None)


def given(db: Database, file: SourceFile) -> dict[tuple[str, int], Given]:
    """Return of which class calling, or reading, a symbol of a file gives an object, by name and ordinal, where its annotation tells."""
    found = outline(db, file)
    module = module_name(db, file)
    kinds = {child[:2]: child.kind for place in range(-1, len(found.symbols)) for child in found.children(place)}
    names = {name for name, _ in kinds}
    answer = {}
    for symbol, facts in zip(found.symbols, file_facts(db, file), strict=True):
        returns = None if facts is None else _returned(symbol, facts)
        kind = kinds.get(symbol[:2])
        if returns is None or kind == "overload":
            continue
        holder = found.symbols[symbol.container].name
        scope = f"{module}.{holder}" if holder and f"{holder}.{returns.name}" in names else module
        dotted = ".".join((scope, returns.name, *returns.path))
        answer[symbol.name, symbol.ordinal] = Given(None, dotted) if kind == "property" else Given(dotted, None)
    return answer


def _returned(symbol: Symbol, facts: Facts) -> Reference | None:
    """Return what the annotation of a function says, where calling it gives an object of that."""
    if symbol.kind not in ("function", "method") or symbol.is_async or "->" not in (symbol.signature or ""):
        return None
    if any(decorator.partition("(")[0].rpartition(".")[2] not in KEEPING for decorator in symbol.decorators):
        return None
    returns = facts.returns
    return returns if returns is not None and returns.root == "name" and _STEPS.isdisjoint(returns.path) else None
