"""Modules: which file a dotted module name stands for."""

# ruff: noqa: TC001  # the engine evaluates annotations when a query is declared

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.database import Database
from lestockage.engine.query import query
from lestockage.languages.python import module_names
from lestockage.queries.inputs import Project, SourceFile
from lestockage.queries.outline import file_failure

if TYPE_CHECKING:
    from collections.abc import Iterable


class Modules:
    """The module names of one project and the files behind them."""

    __slots__ = ("_files", "_names", "_packages")

    def __init__(self, files: tuple[SourceFile, ...], project_files: tuple[str, ...], prefix: str) -> None:
        paths = [file.path for file in files]
        roots = module_names.import_roots([*paths, *project_files])
        self._names = {path: module_names.module_name(path, roots, prefix) for path in paths}
        self._files: dict[str, list[SourceFile]] = {}
        self._packages: set[str] = set()
        for file in files:
            name = self._names[file.path]
            self._files.setdefault(name, []).append(file)
            package = name.rpartition(".")[0]
            while package and package not in self._packages:
                self._packages.add(package)
                package = package.rpartition(".")[0]
        for found in self._files.values():
            if len(found) > 1:
                found.sort(key=lambda file: preference(file.path))

    def name(self, path: str) -> str:
        """Return the module name of a file of the project."""
        return self._names[path]

    def files(self, name: str) -> tuple[SourceFile, ...]:
        """Return the files of a module name, the one that is imported first."""
        return tuple(self._files.get(name, ()))

    def is_package(self, name: str) -> bool:
        """Tell whether any module's name begins with `name` and a dot."""
        return name in self._packages


def preference(path: str) -> tuple[bool, bool, int, str]:
    """Order paths of one module name: source before stubs, a package before a module, as Python has it, then the one less deep."""
    return path.endswith(".pyi"), not path.rpartition("/")[2].startswith("__init__."), path.count("/"), path


def by_preference(paths: Iterable[str]) -> list[str]:
    """Return paths in the order in which files of one module name are preferred."""
    return sorted(paths, key=preference)


@query(durable=False)
def files(db: Database, project: str) -> tuple[SourceFile, ...]:
    """Return the files of a project that can be read, by path. Shields from their content; other projects are not looked at."""
    found = Project.get(db, name=project)
    several = [SourceFile.get(db, project=project, path=path) for path in found.files] if found is not None else []
    return tuple([file for file in several if file is not None])


@query(durable=False)
def modules(db: Database, project: str) -> Modules:
    """Return the project's module names. Shields from all content: only added and removed files, and their paths, count."""
    found = Project.get(db, name=project)
    if found is None:
        return Modules(files(db, project), (), "")
    return Modules(files(db, project), found.project_files, found.prefix)


@query
def module_name(db: Database, file: SourceFile) -> str:
    """Return the dotted name of the file's module. Shields from other files coming and going."""
    return modules(db, file.project).name(file.path)


@query
def module_file(db: Database, project: str, name: str) -> SourceFile | None:
    """Return the file that importing `name` runs, None when the project has none that can be read. Shields from all other modules."""
    for file in modules(db, project).files(name):
        if file_failure(db, file) is None:
            return file
    return None


@query
def is_package(db: Database, project: str, name: str) -> bool:
    """Tell whether the project has modules below `name`: with no file of its own it is a namespace package."""
    return modules(db, project).is_package(name)
