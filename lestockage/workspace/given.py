"""Given: of which class calling a function, or reading a property, gives an object: the name in its annotation, as others can look it up.

Only what the file itself says is used, so what is said of a file changes with that file alone; where the name leads is found out by whoever
asks (`projects.resolver`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.languages.facts import AWAITED, ITEM, RESULT
from lestockage.queries.modules import module_name
from lestockage.queries.outline import outline
from lestockage.queries.reading import facts_of
from lestockage.queries.results import KEEPING

if TYPE_CHECKING:
    from lestockage.database import Database
    from lestockage.languages.facts import Symbol
    from lestockage.queries.inputs import SourceFile

_STEPS = frozenset({AWAITED, ITEM, RESULT})
_NOTHING = (None, None)


def given(db: Database, file: SourceFile, symbol: Symbol) -> tuple[str | None, str | None]:
    """Return of which class calling a symbol gives an object, and of which reading it does; None where the annotation does not tell."""
    if symbol.kind not in ("function", "method") or symbol.is_async or "->" not in (symbol.signature or ""):
        return _NOTHING
    if any(decorator.partition("(")[0].rpartition(".")[2] not in KEEPING for decorator in symbol.decorators):
        return _NOTHING
    returns = facts_of(db, file, symbol.content_hash).returns
    if returns is None or returns.root != "name" or not _STEPS.isdisjoint(returns.path):
        return _NOTHING
    found = outline(db, file)
    holder = found.symbols[symbol.container]
    children = {child.name: child.kind for child in found.children(symbol.container)}
    own = f"{holder.name}.{returns.name}"
    scope = f"{module_name(db, file)}.{holder.name}" if holder.name and own in children else module_name(db, file)
    dotted = ".".join((scope, returns.name, *returns.path))
    match next((child.kind for child in found.children(symbol.container) if child[:2] == symbol[:2]), None):
        case "property":
            return None, dotted
        case "overload":
            return _NOTHING
    return dotted, None
