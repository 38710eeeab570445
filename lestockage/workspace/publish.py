"""Publish: after a run, what the project offers to others is in step with its files, and what others, and it, refer to is connected."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.projects.connect import concerned, connect
from lestockage.projects.versions import required_distribution
from lestockage.store.distributions import (
    DistributionRow,
    Requirement,
    find_distribution,
    import_names,
    replace_import_names,
    replace_requirements,
    requirements,
    write_distribution,
)
from lestockage.store.external_refs import externals_below, externals_of_project, missing_externals
from lestockage.store.global_symbols import modules_of
from lestockage.store.json_lists import sorted_list
from lestockage.workspace.distribution import import_names as names_provided

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lestockage.store.connection import StoreFile
    from lestockage.store.external_refs import External
    from lestockage.store.global_publication import Published
    from lestockage.workspace.distribution import Distribution


class Identity(NamedTuple):
    """Who a project is to others: its distribution, whether it is indexed as a library, and the versions that its environment has."""

    distribution: Distribution
    is_library: bool
    installed: Mapping[str, str] | None


class Connections(NamedTuple):
    """What a run connected: external names, of all projects, that were resolved, and references that were written."""

    resolved: int
    written: int


def publish(store: StoreFile, project_id: int, identity: Identity, published: Published, new: Iterable[External]) -> Connections:
    """Write who a project is, and connect all that this and `published` concern; `new` are external nodes that the run has made.

    Inside the transaction that is open.
    """
    concerning = set(published.changed)
    externals: dict[int, External] = {external[0]: external for external in new}
    before = find_distribution(store, project_id)
    distribution = identity.distribution
    compiled = sorted_list(distribution.compiled)
    row = DistributionRow(project_id, distribution.name, distribution.version, int(identity.is_library), compiled, distribution.digest)
    names = replace_import_names(store, project_id, names_provided(modules_of(store, project_id), distribution))
    if before is None or before[:-1] != row[:-1]:
        names |= set(import_names(store, project_id))
    if before != row:
        write_distribution(store, row)
    for name in names:
        externals.update([(external[0], external) for external in externals_below(store, name)])
    if replace_requirements(store, project_id, _needs(store, project_id, identity)):
        concerning.add(f"@{project_id}")
        externals.update([(external[0], external) for external in externals_of_project(store, project_id)])
    externals.update([(external[0], external) for external in missing_externals(store, project_id)])
    externals.update([(external[0], external) for external in concerned(store, concerning | names)])
    done = connect(store, externals.values(), published.lost)
    return Connections(done.resolved, done.written)


def _needs(store: StoreFile, project_id: int, identity: Identity) -> list[Requirement]:
    """Return what a project needs; without a look at an environment the versions stay those that were seen last."""
    installed = identity.installed
    if installed is None:
        installed = {each.distribution: each.installed for each in requirements(store, project_id) if each.installed is not None}
    found: dict[str, Requirement] = {}
    for text in identity.distribution.requires:
        name = required_distribution(text)
        if name is not None and name != identity.distribution.name:
            found.setdefault(name, Requirement(name, text, installed.get(name)))
    return list(found.values())
