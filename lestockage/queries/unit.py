"""Unit: one module, class, function or method of a file, as far as it concerns nobody but itself."""

# ruff: noqa: TC001  # the engine evaluates annotations when a query is declared

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lestockage.database import Database
from lestockage.engine.query import query
from lestockage.languages.python.references import IMPLICIT_CLASS_METHODS
from lestockage.queries.inputs import SourceFile
from lestockage.queries.outline import Child, outline

if TYPE_CHECKING:
    from lestockage.languages.facts import Symbol

_FIRST_PARAMETER = re.compile(r"\(([^\W\d]\w*)")


class Place(NamedTuple):
    """A scope around a unit."""

    name: str
    ordinal: int
    kind: str


class Unit(NamedTuple):
    """What is known of a unit without its facts.

    `scopes` are what is around it, nearest first, the module last. `receiver` is the parameter through which a method gets its object
    ("self") or class ("cls"), empty when it has none; `receiver_root` says which of the two. `rebound` belongs to modules.
    """

    content_hash: bytes
    kind: str
    is_async: bool
    decorators: tuple[str, ...]
    receiver: str
    receiver_root: str
    scopes: tuple[Place, ...]
    children: tuple[Child, ...]
    rebound: tuple[str, ...]

    @property
    def enclosing_class(self) -> Place | None:
        """The class that `super()` and `__class__` mean here: the nearest around a unit that is a function."""
        if self.kind != "class":
            for place in self.scopes:
                if place.kind == "class":
                    return place
        return None


@query(traces=False)
def unit(db: Database, file: SourceFile, name: str, ordinal: int) -> Unit | None:
    """Return one unit of the file, None when there is none of that name and ordinal. Shields from edits of all other units."""
    found = outline(db, file)
    place = found.place(name, ordinal)
    if place is None:
        return None
    symbol = found.symbols[place]
    if not symbol.has_facts:
        return None
    scopes = []
    around = symbol.container
    while around >= 0:
        container = found.symbols[around]
        scopes.append(Place(container.name, container.ordinal, container.kind))
        around = container.container
    receiver, root = _receiver(symbol)
    return Unit(
        symbol.content_hash,
        symbol.kind,
        symbol.is_async,
        symbol.decorators,
        receiver,
        root,
        tuple(scopes),
        found.children(place),
        found.rebound if place == 0 else (),
    )


def _receiver(symbol: Symbol) -> tuple[str, str]:
    """Return the name and root of a method's first parameter, read from its signature: `*args` receives nothing by name."""
    if symbol.kind != "method":
        return "", "self"
    root = "cls" if symbol.name.rpartition(".")[2] in IMPLICIT_CLASS_METHODS else "self"
    for decorator in symbol.decorators:
        if decorator in ("staticmethod", "builtins.staticmethod"):
            return "", "self"
        if decorator in ("classmethod", "builtins.classmethod"):
            root = "cls"
    found = _FIRST_PARAMETER.search(symbol.signature or "")
    return (found[1] if found is not None and found.start() == (symbol.signature or "").find("(") else ""), root
