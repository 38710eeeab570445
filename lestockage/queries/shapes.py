"""Shapes: what of a file the linker must know beside its units' summaries: units, classes' orders of bases, and where imports lead."""

# ruff: noqa: TC001  # the engine evaluates annotations when a query is declared

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import msgpack  # type: ignore[import-untyped]  # has no stubs
from blake3 import blake3

from lestockage.database import Database
from lestockage.engine.query import query
from lestockage.languages.python.linker.program import ClassShape, FileShape, Imported, Key, Place, UnitShape
from lestockage.queries.buckets import bucket_count, bucket_files
from lestockage.queries.classes import bases, order
from lestockage.queries.file_facts import file_facts
from lestockage.queries.imported import absolute_module, module
from lestockage.queries.inputs import Project, SourceFile
from lestockage.queries.meaning import Meaning
from lestockage.queries.modules import module_name
from lestockage.queries.outline import outline
from lestockage.queries.unit import unit

if TYPE_CHECKING:
    from lestockage.languages.facts import Import


@query(durable=False)
def file_shape(db: Database, file: SourceFile) -> FileShape:
    """Return the shape of a file; of one that can't be read, an empty one. Shields from places, and from what bodies refer to."""
    units: list[UnitShape] = []
    index: dict[int, int] = {-1: -1}
    imports: dict[tuple[str | None, str | None, int], Imported] = {}
    symbols = outline(db, file).symbols
    all_facts = file_facts(db, file)
    for place, (symbol, facts) in enumerate(zip(symbols, all_facts, strict=True)):
        if facts is None:
            continue
        found = unit(db, file, symbol.name, symbol.ordinal)
        assert found is not None  # noqa: S101  # the outline has it
        for statement in facts.imports:
            key = _key(statement)
            if key not in imports:
                imports[key] = _resolved(db, file, statement)
        index[place] = len(units)
        units.append(
            UnitShape(
                symbol.name,
                symbol.ordinal,
                symbol.kind,
                index[symbol.container],
                blake3(facts.flow).digest(),
                found.receiver_root if found.receiver else "",
                _inheritance(db, file, symbol.name, symbol.ordinal) if symbol.kind == "class" else None,
            )
        )
    exports = all_facts[0].exports if all_facts and all_facts[0] is not None else None
    return FileShape(file.path, module_name(db, file), tuple(units), tuple(imports.items()), exports)


def _key(statement: Import) -> tuple[str | None, str | None, int]:
    """Return an import as summaries name it: `import a.b as c` has the name "", `import a.b` none."""
    if statement.name is None and statement.asname is not None:
        return statement.module, "", statement.level
    return statement.module, statement.name, statement.level


def _resolved(db: Database, file: SourceFile, statement: Import) -> Imported:
    if statement.name is None:
        dotted = statement.module or ""
        return Imported(_place(module(db, file, dotted if statement.asname is not None else dotted.partition(".")[0])), None)
    dotted_or_none = absolute_module(db, file, statement)
    if dotted_or_none is None:
        # `from . import x` in an `__init__.py` at an import root means a module beside it.
        is_beside = statement.level > 0 and statement.module is None and statement.name != "*"
        return Imported(None, _place(module(db, file, statement.name)) if is_beside else None)
    source = module(db, file, dotted_or_none)
    if statement.name == "*":
        return Imported(_place(source), None)
    inside = module(db, file, f"{dotted_or_none}.{statement.name}") if source.kind == "module" else None
    return Imported(_place(source), None if inside is None or inside.kind != "module" else _place(inside))


def _place(meaning: Meaning) -> Place:
    return Place(meaning.name, None if meaning.file is None else meaning.file.path, meaning.kind == "external")


def _inheritance(db: Database, file: SourceFile, name: str, ordinal: int) -> ClassShape:
    classes: list[Key | str] = [_class(each) for each in order(db, file, name, ordinal).classes]
    metaclass = bases(db, file, name, ordinal).metaclass
    found = None if metaclass is None else next((_class(value) for value in metaclass.values if value.kind == "class"), None)
    return ClassShape(tuple(classes), found if isinstance(found, tuple) else None)


def _class(meaning: Meaning) -> Key | str:
    return meaning.name if meaning.file is None else (meaning.file.path, meaning.name, meaning.ordinal)


@query
def file_shape_digest(db: Database, file: SourceFile) -> bytes:
    """Return the 32 bytes of BLAKE3 over a file's shape: what linking is repeated for when it changes."""
    return blake3(msgpack.packb(file_shape(db, file), unicode_errors="surrogatepass")).digest()


@query
def bucket_shapes(db: Database, project: str, number: int) -> tuple[tuple[str, bytes], ...]:
    """Return path and `file_shape_digest` of every file in one bucket of a project."""
    return tuple([(file.path, file_shape_digest(db, file)) for file in bucket_files(db, project, number)])


@query(durable=False)
def project_shapes(db: Database, project: Project) -> tuple[tuple[str, bytes], ...]:
    """Return path and `file_shape_digest` of every file of the project, by path."""
    parts = [bucket_shapes(db, project.name, number) for number in range(bucket_count(db, project.name))]
    return tuple(sorted(chain.from_iterable(parts)))


@query
def project_shapes_digest(db: Database, project: Project) -> bytes:
    """Return the 32 bytes of BLAKE3 over `project_shapes`: equal ones need no linking."""
    return blake3(msgpack.packb(project_shapes(db, project), unicode_errors="surrogatepass")).digest()
