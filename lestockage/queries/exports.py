"""Exports: what a name of a module stands for, followed through imports, stars and re-exports to what defines it."""

# ruff: noqa: TC001  # the engine evaluates annotations when a query is declared

from __future__ import annotations

from typing import Final

from lestockage.database import Database
from lestockage.engine.query import query
from lestockage.languages.python.builtin_names import BUILTINS
from lestockage.queries import evaluation, imported
from lestockage.queries.circles import settled
from lestockage.queries.inputs import SourceFile
from lestockage.queries.meaning import UNKNOWN, Meanings, external, unite
from lestockage.queries.modules import module_file, module_name
from lestockage.queries.namespace import Namespace, namespace

ANY: Final = "*"
"""Stands for every name, among the hidden builtins."""


@query
def public_names(db: Database, file: SourceFile) -> tuple[str, ...]:
    """Return the names that `import *` takes from a module, sorted. Shields from private names and from what the names mean.

    Modules that star each other in a circle share their names: they are gone through here, each once.
    """
    names: set[str] = set()
    met = {file}
    pending = [file]
    while pending:
        source = pending.pop()
        space = namespace(db, source, "", 0)
        if space is None:
            continue
        if space.facts.exports is not None:
            names.update(space.facts.exports if source is file else [name for name in space.facts.exports if not name.startswith("_")])
            continue
        names.update([name for name, kinds in space.kinds.items() if kinds != ("deletion",) and not name.startswith("_")])
        for starred in _starred(db, source, space):
            if isinstance(starred, SourceFile) and starred not in met:
                met.add(starred)
                pending.append(starred)
    return tuple(sorted(names))


def _starred(db: Database, file: SourceFile, space: Namespace) -> list[SourceFile | str]:
    """Return the modules from which a namespace takes everything: files of the project, dotted names of others."""
    found: list[SourceFile | str] = []
    for statement in space.stars:
        dotted = imported.absolute_module(db, file, statement)
        if dotted is None:
            continue
        source = module_file(db, file.project, dotted)
        if source is not None:
            if source is not file:
                found.append(source)
        elif imported.module(db, file, dotted).kind == "external":
            found.append(dotted)
    return found


class Origins:
    """From where a module takes its starred names: the last star that has it wins; of the modules `outside` no name is known."""

    __slots__ = ("outside", "sources")

    def __init__(self, sources: dict[str, SourceFile], outside: tuple[str, ...]) -> None:
        self.sources = sources
        self.outside = outside

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Origins) and self.sources == other.sources and self.outside == other.outside

    __hash__ = None  # type: ignore[assignment]  # compared, never a key


@query(durable=False)
def origins(db: Database, file: SourceFile) -> Origins:
    """Return where a module's starred names come from. Shields from everything but the public names of the modules it stars."""
    space = namespace(db, file, "", 0)
    sources: dict[str, SourceFile] = {}
    outside: list[str] = []
    for source in _starred(db, file, space) if space is not None else ():
        if isinstance(source, SourceFile):
            sources.update(dict.fromkeys(public_names(db, source), source))
        else:
            outside.append(source)
    return Origins(sources, tuple(outside))


@query
def hidden_builtins(db: Database, file: SourceFile) -> tuple[str, ...]:
    """Return the builtin names that the module binds itself, and `ANY` if a star from outside may hide more. Shields from other names."""
    space = namespace(db, file, "", 0)
    if space is None:
        return ()
    hidden = {name for name in space.kinds if name in BUILTINS}
    if space.stars:
        found = origins(db, file)
        hidden.update([name for name in found.sources if name in BUILTINS])
        if found.outside:
            hidden.add(ANY)
    return tuple(sorted(hidden))


def _unknown(db: Database, file: SourceFile, name: str) -> Meanings | None:  # noqa: ARG001  # the query's shape
    return UNKNOWN  # and not None: a name can come back to itself only where it is bound


@query(cycle_initial=_unknown, cycle_fn=settled)
def exported(db: Database, file: SourceFile, name: str) -> Meanings | None:
    """Return what a name of the file's module stands for, None: it binds none. Shields from everything about all other names."""
    space = namespace(db, file, "", 0)
    if space is None:
        return None
    if name in space.kinds:
        return evaluation.Evaluation(db, file, space).own(name)
    if not space.stars:
        return None
    found = origins(db, file)
    source = found.sources.get(name)
    if source is not None:
        return exported(db, source, name) or imported.submodule(db, file, module_name(db, source), name) or UNKNOWN
    if found.outside and not name.startswith("_") and name not in BUILTINS:
        several = [
            Meanings((meaning,), (meaning,), len(found.outside) == 1)
            for meaning in map(external, (f"{dotted}.{name}" for dotted in found.outside))
        ]
        return unite(several)
    return None
