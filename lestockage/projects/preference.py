"""Preference: in which order projects are asked for a name: the project's own, those it declares that it needs, all others."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.projects.versions import newest_first, satisfies
from lestockage.store.distributions import providers_of, requirements

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile
    from lestockage.store.distributions import Provider, Requirement

OWN, DECLARED, OTHER = range(3)


class Choice(NamedTuple):
    """A project that a name may come from; equal `rank`s mean that nothing but their names decides between two."""

    rank: tuple[int, ...]
    provider: Provider


class Preferences:
    """The order of one project, or that of nobody (None), for whom all projects are others."""

    __slots__ = ("_needs", "_store", "project_id")

    def __init__(self, store: StoreFile, project_id: int | None) -> None:
        self._store = store
        self.project_id = project_id
        self._needs: dict[str, Requirement] | None = None

    @property
    def needs(self) -> dict[str, Requirement]:
        """What the project says it needs, by distribution."""
        if self._needs is None:
            self._needs = (
                {} if self.project_id is None else {each.distribution: each for each in requirements(self._store, self.project_id)}
            )
        return self._needs

    def choices(self, name: str) -> list[Choice]:
        """Return the projects that provide an import name (its first part), the one to ask first first.

        Own project; then declared dependencies: the version that is installed, versions that the requirement allows, the newest of them;
        then others. Within each, projects whose metadata names the import before those that merely have such a module.
        """
        found = providers_of(self._store, name)
        ages = _ages(found)
        return sorted([Choice(self._rank(each, ages), each) for each in found], key=lambda choice: (choice.rank, choice.provider.project))

    def _rank(self, provider: Provider, ages: dict[tuple[str | None, str | None], int]) -> tuple[int, ...]:
        if provider.project_id == self.project_id:
            return (OWN,)
        need = None if provider.distribution is None else self.needs.get(provider.distribution)
        age = ages.get((provider.distribution, provider.version), 0)
        if need is None:
            return OTHER, 1 - provider.is_declared, 0, 0, age
        is_installed = need.installed is not None and need.installed == provider.version
        # Where one version only is there, it is taken whatever the requirement says.
        is_allowed = (provider.distribution, provider.version) not in ages or satisfies(provider.version, need.requirement)
        return DECLARED, 1 - provider.is_declared, 1 - is_installed, 1 - is_allowed, age


def _ages(found: list[Provider]) -> dict[tuple[str | None, str | None], int]:
    """Return how old each version is of distributions that are there in several: 0 for the newest."""
    versions: dict[str, list[str | None]] = {}
    for each in found:
        if each.distribution is not None:
            versions.setdefault(each.distribution, []).append(each.version)
    return {
        (distribution, version): age
        for distribution, several in versions.items()
        if len(several) > 1
        for age, version in enumerate(newest_first(set(several)))
    }
