"""Distributions: who a project is to others, by which names it is imported, and what it says it needs."""

# ruff: noqa: S608  # SQL is put together from constants of this package; values are always parameters

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lestockage.store.connection import StoreFile


class DistributionRow(NamedTuple):
    """A project's distribution; name and version are None where no metadata says them. `digest` is that of the metadata.

    `compiled` are the dotted names of its modules that have no source, as JSON.
    """

    project_id: int
    distribution: str | None
    version: str | None
    is_library: int
    compiled: str
    digest: bytes


class Requirement(NamedTuple):
    """One distribution that a project says it needs; `installed` is the version that its environment has, if one was looked at."""

    distribution: str
    requirement: str
    installed: str | None


class Provider(NamedTuple):
    """A project that a name may be imported from."""

    project_id: int
    project: str
    distribution: str | None
    version: str | None
    is_declared: int


_ROW: Final = f"SELECT {', '.join(DistributionRow._fields)} FROM project_distributions"


def find_distribution(store: StoreFile, project_id: int) -> DistributionRow | None:
    """Return a project's distribution, None for a project that was never published."""
    row = store.row(f"{_ROW} WHERE project_id = ?", (project_id,))
    return None if row is None else DistributionRow._make(row)


def is_library(store: StoreFile, project_id: int) -> bool:
    """Tell whether a project was indexed as one version of a distribution."""
    found = find_distribution(store, project_id)
    return found is not None and bool(found.is_library)


def projects_of_distribution(store: StoreFile, distribution: str) -> list[DistributionRow]:
    """Return every project that is a version of a distribution, by project."""
    return [DistributionRow._make(row) for row in store.query(f"{_ROW} WHERE distribution = ? ORDER BY project_id", (distribution,))]


def write_distribution(store: StoreFile, row: DistributionRow) -> None:
    """Write who a project is."""
    store.execute(
        f"INSERT INTO project_distributions ({', '.join(row._fields)}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (project_id) DO UPDATE SET"
        " distribution = excluded.distribution, version = excluded.version, is_library = excluded.is_library, compiled = excluded.compiled,"
        " digest = excluded.digest",
        row,
    )


def requirements(store: StoreFile, project_id: int) -> list[Requirement]:
    """Return what a project says it needs, by distribution."""
    found = store.query(
        "SELECT distribution, requirement, installed FROM project_deps WHERE project_id = ? ORDER BY distribution", (project_id,)
    )
    return [Requirement._make(row) for row in found]


def replace_requirements(store: StoreFile, project_id: int, wanted: Iterable[Requirement]) -> bool:
    """Make what a project needs those that are wanted, and tell whether that was a change."""
    new = {each.distribution: each for each in wanted}
    old = {each.distribution: each for each in requirements(store, project_id)}
    if new == old:
        return False
    store.executemany(
        "DELETE FROM project_deps WHERE project_id = ? AND distribution = ?", [(project_id, name) for name in old if name not in new]
    )
    store.executemany(
        "INSERT INTO project_deps (project_id, distribution, requirement, installed) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET requirement = excluded.requirement, installed = excluded.installed",
        [(project_id, *each) for name, each in new.items() if old.get(name) != each],
    )
    return True


def import_names(store: StoreFile, project_id: int) -> dict[str, int]:
    """Return the first parts of the names of a project's modules, each with whether its metadata says so."""
    return dict(store.query("SELECT name, is_declared FROM project_imports WHERE project_id = ? ORDER BY name", (project_id,)))


def replace_import_names(store: StoreFile, project_id: int, wanted: Mapping[str, bool]) -> set[str]:
    """Make the names by which a project is imported those that are wanted, and return those that differ."""
    old = import_names(store, project_id)
    different = {name for name in old.keys() | wanted.keys() if old.get(name) != wanted.get(name)}
    store.executemany(
        "DELETE FROM project_imports WHERE project_id = ? AND name = ?", [(project_id, name) for name in different if name not in wanted]
    )
    store.executemany(
        "INSERT INTO project_imports (project_id, name, is_declared) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET is_declared = excluded.is_declared",
        [(project_id, name, int(wanted[name])) for name in different if name in wanted],
    )
    return different


def providers_of(store: StoreFile, name: str) -> list[Provider]:
    """Return the projects whose modules' names begin with `name`, by project name."""
    found = store.query(
        "SELECT i.project_id, p.name, d.distribution, d.version, i.is_declared FROM project_imports AS i"
        " JOIN projects AS p ON p.id = i.project_id LEFT JOIN project_distributions AS d ON d.project_id = i.project_id"
        " WHERE i.name = ? ORDER BY p.name",
        (name,),
    )
    return [Provider._make(row) for row in found]
