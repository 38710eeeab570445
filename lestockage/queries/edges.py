"""Edges: what one unit imports, inherits from, reads and writes, without places (what it calls is linked)."""

# ruff: noqa: TC001  # the engine evaluates annotations when a query is declared

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.database import Database
from lestockage.engine.query import query
from lestockage.queries.classes import bases
from lestockage.queries.data_edges import DATA, data_edges
from lestockage.queries.evaluation import Evaluation
from lestockage.queries.imported import absolute_module, imported, module
from lestockage.queries.inputs import SourceFile
from lestockage.queries.meaning import Meaning, has_node
from lestockage.queries.namespace import Namespace
from lestockage.queries.reading import facts_of
from lestockage.queries.unit import unit

if TYPE_CHECKING:
    from lestockage.languages.facts import Import

CALL = "call"
IMPORT = "import"
INHERITANCE = "inheritance"


Edge = tuple[str, int, int, bool, str]
"""One outgoing edge: its type, the callee's index in `Edges.callees`, the ordinal of its site, whether it is the only candidate, the rule
that found it. Plain, for there are very many."""


class Edges(NamedTuple):
    """What a unit's own code refers to. `unresolved` counts the calls, imports and bases of which no target is known."""

    callees: tuple[Meaning, ...]
    edges: tuple[Edge, ...]
    unresolved: int


_NONE = Edges((), (), 0)

Found = list[tuple[Meaning, bool, str]]  # callee, is it exact, provenance


@query
def edges_of(db: Database, file: SourceFile, name: str, ordinal: int) -> Edges:
    """Return the edges that leave one unit. Shields from edits of every other unit that leave alone what this one refers to."""
    found = unit(db, file, name, ordinal)
    if found is None:
        return _NONE
    facts = facts_of(db, file, found.content_hash)
    if not facts.imports and not facts.bases and not facts.accesses:
        return _NONE
    reader = Evaluation(db, file, Namespace(name, ordinal, found, facts))
    edges: list[Edge] = []
    callees: dict[Meaning, int] = {}
    unresolved = 0
    for statement in facts.imports:
        targets, is_resolved = _imported(reader, statement)
        edges += [(IMPORT, callee, statement.ordinal, is_exact, IMPORT) for callee, is_exact, _ in _numbered(targets, callees)]
        unresolved += not is_resolved
    if facts.bases:
        for site, meant in bases(db, file, name, ordinal).bases:
            inherited = [(value, meant.is_exact and len(meant.values) == 1, "base") for value in meant.values]
            edges += [(INHERITANCE, callee, site, is_exact, rule) for callee, is_exact, rule in _numbered(inherited, callees)]
            unresolved += not inherited
    for variable, site, is_exact, mode in data_edges(reader, facts.accesses):
        edges.append((DATA, callees.setdefault(variable, len(callees)), site, is_exact, mode))
    return Edges(tuple(callees), tuple(edges), unresolved)


def _numbered(found: Found, callees: dict[Meaning, int]) -> list[tuple[int, bool, str]]:
    """Return what was found with each callee as its number, every callee once."""
    if len(found) == 1:
        callee, is_exact, provenance = found[0]
        return [(callees.setdefault(callee, len(callees)), is_exact, provenance)]
    numbered: dict[int, tuple[int, bool, str]] = {}
    for callee, is_exact, provenance in found:
        number = callees.setdefault(callee, len(callees))
        numbered.setdefault(number, (number, is_exact, provenance))
    return list(numbered.values())


def _imported(reader: Evaluation, statement: Import) -> tuple[Found, bool]:
    """Return what an import leads to, and whether it is known: the module it names, and what it takes from there, where that is defined.

    A namespace package is known and leads nowhere: no file stands for it.
    """
    db, file = reader.db, reader.file
    dotted = absolute_module(db, file, statement)
    if dotted is None:
        return [], False
    source = module(db, file, dotted)
    if statement.name is None or statement.name == "*":
        return [(source, True, IMPORT)] if has_node(source) else [], True
    own_name = statement.bound if reader.space.unit.kind == "module" else ""
    meant = imported(db, file, statement, own_name)
    is_exact = meant.is_exact and len(meant.symbols) == 1
    found = [(symbol, is_exact, IMPORT) for symbol in meant.symbols if has_node(symbol)]
    if source.file is not None and all(symbol.kind != "module" for symbol in meant.symbols):
        found.append((source, True, IMPORT))
    return found, bool(meant.symbols)
