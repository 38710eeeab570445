"""Imported: what import statements bind, and what attributes modules have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.queries import exports
from lestockage.queries.meaning import UNKNOWN, Meaning, Meanings, external, only
from lestockage.queries.modules import is_package, module_file, module_name
from lestockage.queries.namespace import namespace

if TYPE_CHECKING:
    from lestockage.database import Database
    from lestockage.languages.facts import Import
    from lestockage.queries.evaluation import Evaluation
    from lestockage.queries.inputs import SourceFile


def absolute_module(db: Database, file: SourceFile, statement: Import) -> str | None:
    """Return the dotted name of the module that an import names; None where a relative one climbs above the tree."""
    if not statement.level:
        return statement.module
    package = module_name(db, file)
    if not file.path.rpartition("/")[2].startswith("__init__."):
        package = package.rpartition(".")[0]
    elif package == "__init__":  # at an import root: it is no package of its own there
        package = ""
    for _ in range(statement.level - 1):
        if not package:
            return None
        package = package.rpartition(".")[0]
    return ".".join([part for part in (package, statement.module) if part]) or None


def module(db: Database, file: SourceFile, dotted: str) -> Meaning:
    """Return the module of that name: one of the file's project, or one outside."""
    found = module_file(db, file.project, dotted)
    if found is not None or is_package(db, file.project, dotted):
        return Meaning("module", found, dotted, 0)
    return external(dotted)


def imported(db: Database, file: SourceFile, statement: Import, own_name: str) -> Meanings:
    """Return what an import binds its name to. `own_name` is the name of the file's module that is being found out, if one is.

    A package that imports a module of its own by `from . import name` does not mean the attribute that this very statement binds.
    """
    if statement.name is None:
        dotted = statement.module or ""
        return only(module(db, file, dotted if statement.asname is not None else dotted.partition(".")[0]))
    source_name = absolute_module(db, file, statement)
    if source_name is None:
        # `from . import x` in an `__init__.py` at an import root means a module beside it.
        if not statement.level or statement.module is not None:
            return UNKNOWN
        return only(module(db, file, statement.name))
    source = module(db, file, source_name)
    if source.kind == "external":
        return only(external(f"{source_name}.{statement.name}"))
    if source.file is file and statement.name == own_name:
        return submodule(db, file, source_name, statement.name) or UNKNOWN
    return module_attribute(db, file, source_name, statement.name) or _absent(db, file, source_name, statement.name)


def module_attribute(db: Database, file: SourceFile, dotted: str, name: str) -> Meanings | None:
    """Return what an attribute of a module of the file's project is: what its code binds, or else a module inside it."""
    source = module_file(db, file.project, dotted)
    if source is not None:
        found = exports.exported(db, source, name)
        if found is not None:
            return found
    return submodule(db, file, dotted, name)


def submodule(db: Database, file: SourceFile, dotted: str, name: str) -> Meanings | None:
    """Return the module of that name inside a package of the file's project, None when there is none."""
    found = module(db, file, f"{dotted}.{name}")
    return only(found) if found.kind == "module" else None


def _absent(db: Database, file: SourceFile, dotted: str, name: str) -> Meanings:
    """Return what is missing from a package: a module that is not there (yet), so it is outside. A plain module's names are all known."""
    return only(external(f"{dotted}.{name}")) if is_package(db, file.project, dotted) else UNKNOWN


def absent_module(reader: Evaluation, dotted: str) -> Meanings:
    """Return a module by its dotted name if the code around imports it as such though the project has none; unknown otherwise."""
    spaces = [reader.space]
    for place in reader.space.unit.scopes:
        space = namespace(reader.db, reader.file, place.name, place.ordinal)
        if space is not None:
            spaces.append(space)
    for space in spaces:
        for statement in space.facts.imports:
            if statement.name is None and statement.module is not None and (statement.module + ".").startswith(dotted + "."):
                return only(external(dotted))
    return UNKNOWN
