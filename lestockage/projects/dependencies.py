"""Dependencies: which projects a project says it needs, and which it uses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from lestockage.projects.handle import id_of, store_of
from lestockage.projects.preference import Preferences
from lestockage.store.distributions import find_distribution, import_names, projects_of_distribution, requirements
from lestockage.store.external_uses import count_uses
from lestockage.store.projects import list_projects

if TYPE_CHECKING:
    from lestockage.projects.handle import Handle
    from lestockage.store.connection import StoreFile

_NOTHING: Final = (0, 0, 0, 0)
_EXTRA: Final = re.compile(r";.*\bextra\s*==")


class Dependency(NamedTuple):
    """What one project needs of another.

    `provider` is the project in the file that provides it, None when it is not indexed. `requirement` is what the metadata says, None where
    only the code does; `installed` the version that its environment has. `names` counts the names that are used, `uses` the places;
    `missing` and `ambiguous` the names that the provider lacks, and those that another project provides as well.
    """

    project: str
    distribution: str | None
    requirement: str | None
    installed: str | None
    provider: str | None
    version: str | None
    names: int
    uses: int
    missing: int
    ambiguous: int

    @property
    def is_optional(self) -> bool:
        """Whether it is declared for those only who ask for an extra."""
        return self.requirement is not None and _EXTRA.search(self.requirement) is not None


def deps(handle: Handle, *, project: str | None = None) -> list[Dependency]:
    """Return what a project, or every one, needs of others: what it declares, and what it uses.

    Raises:
        UnknownProject: there is no project of that name.
    """
    store = store_of(handle)
    with store.snapshot():
        names = {each.id: each.name for each in list_projects(store)}
        chosen = id_of(store, project)
        found = []
        for project_id in names if chosen is None else [chosen]:
            found += _of_project(store, project_id, names)
        return found


def _of_project(store: StoreFile, project_id: int, names: dict[int, str]) -> list[Dependency]:
    used = count_uses(store, project_id)
    found = []
    preferences = Preferences(store, project_id)
    for need in requirements(store, project_id):
        provider_id = _provider(store, preferences, need.distribution)
        counts = _NOTHING if provider_id is None else used.pop(provider_id, _NOTHING)
        row = None if provider_id is None else find_distribution(store, provider_id)
        provider = None if provider_id is None else names[provider_id]
        found.append(
            Dependency(names[project_id], need.distribution, need.requirement, need.installed, provider, row and row.version, *counts)
        )
    for provider_id, counts in used.items():
        row = find_distribution(store, provider_id)
        found.append(Dependency(names[project_id], row and row.distribution, None, None, names[provider_id], row and row.version, *counts))
    return sorted(found, key=lambda each: (each.requirement is None, each.distribution or "", each.provider or ""))


def _provider(store: StoreFile, preferences: Preferences, distribution: str) -> int | None:
    """Return the project that a declared dependency is taken from: of several versions, the one that its names are asked of first."""
    candidates = [row.project_id for row in projects_of_distribution(store, distribution)]
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    for name in sorted({name for candidate in candidates for name in import_names(store, candidate)}):
        for choice in preferences.choices(name):
            if choice.provider.project_id in candidates:
                return choice.provider.project_id
    return candidates[0]


def dot(found: list[Dependency]) -> str:
    """Return dependencies as a graph in DOT: an edge for each, dashed where nothing is used, dotted where the provider is not indexed."""
    lines = ["digraph dependencies {", "  rankdir=LR;"]
    for each in found:
        target = each.provider or each.distribution or "?"
        style = "dotted" if each.provider is None else "solid" if each.uses else "dashed"
        label = f"{each.uses} uses" + (f", {each.missing} missing" if each.missing else "")
        lines.append(f'  "{_escaped(each.project)}" -> "{_escaped(target)}" [label="{label}", style={style}];')
    return "\n".join([*lines, "}"]) + "\n"


def _escaped(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"')
