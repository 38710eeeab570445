"""Offers: what a file offers to other projects: its symbols that can be reached by a dotted name, and the names its imports pass on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lestockage.languages.facts import is_anonymous
from lestockage.queries.classes import bases
from lestockage.queries.file_facts import file_facts
from lestockage.queries.imported import absolute_module
from lestockage.queries.modules import module_name
from lestockage.queries.namespace import namespace
from lestockage.queries.outline import outline
from lestockage.store.global_publication import Offer, OfferedSymbol
from lestockage.store.global_symbols import ModuleNames
from lestockage.workspace.given import NOTHING, given

if TYPE_CHECKING:
    from lestockage.database import Database
    from lestockage.languages.facts import Import, Symbol
    from lestockage.queries.inputs import SourceFile
    from lestockage.queries.meaning import Meaning

_REACHABLE = frozenset({"module", "class"})


def offer(db: Database, file: SourceFile) -> Offer:
    """Return what a file that can be read offers; what functions define cannot be reached from outside, and no name leads to a lambda."""
    module = module_name(db, file)
    found = outline(db, file).symbols
    gives = given(db, file)
    reachable: list[bool] = []
    symbols: dict[tuple[str, int], OfferedSymbol] = {}
    for symbol in found:
        container = found[symbol.container] if symbol.container >= 0 else None
        is_offered = container is None or (reachable[symbol.container] and container.kind in _REACHABLE)
        reachable.append(is_offered and not is_anonymous(symbol.name))
        if reachable[-1]:
            name = f"{module}.{symbol.name}" if symbol.name else module
            symbols[name, symbol.ordinal] = OfferedSymbol(
                symbol.body_hash,
                _bases(db, file, symbol) if symbol.kind == "class" else None,
                *gives.get((symbol.name, symbol.ordinal), NOTHING),
            )
    return Offer(_names(db, file, module), symbols)


def _bases(db: Database, file: SourceFile, symbol: Symbol) -> str:
    """Return for each base of a class the dotted names that it may be; none for one that is not known."""
    meant = bases(db, file, symbol.name, symbol.ordinal)
    return json.dumps([[_dotted(db, value) for value in meanings.values] for _, meanings in meant.bases])


def _dotted(db: Database, meaning: Meaning) -> str:
    return meaning.name if meaning.file is None else f"{module_name(db, meaning.file)}.{meaning.name}"


def _names(db: Database, file: SourceFile, module: str) -> ModuleNames:
    space = namespace(db, file, "", 0)
    if space is None:
        return ModuleNames(file.path, module, "{}", "[]", None, is_dynamic=0)
    imports: dict[str, str] = {}
    for bound, statements in sorted(space.imports.items()):
        target = _target(db, file, statements[-1])
        if target is not None and target != f"{module}.{bound}":
            imports[bound] = target
    stars = [dotted for dotted in (absolute_module(db, file, statement) for statement in space.stars) if dotted is not None]
    exports = space.facts.exports
    offered = None if exports is None else json.dumps(sorted(set(exports)))
    return ModuleNames(file.path, module, json.dumps(imports), json.dumps(stars), offered, int(_is_dynamic(db, file)))


def _is_dynamic(db: Database, file: SourceFile) -> bool:
    """Tell whether code of a file gets hold of its module's names as a dictionary, or runs code that is no part of it."""
    return any(facts.is_dynamic for facts in file_facts(db, file) if facts is not None)


def _target(db: Database, file: SourceFile, statement: Import) -> str | None:
    """Return the dotted name of what an import binds its name to, None where it climbs above the tree."""
    if statement.name is None:
        dotted = statement.module or ""
        return dotted if statement.asname is not None else dotted.partition(".")[0]
    source = absolute_module(db, file, statement)
    if source is None:
        return statement.name if statement.level and statement.module is None else None
    return f"{source}.{statement.name}"
