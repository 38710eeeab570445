"""Environment: the distributions that are installed for a project, and those of them that it needs, however indirectly."""

from __future__ import annotations

import glob
import os
from importlib.metadata import DistributionFinder, MetadataPathFinder, PathDistribution
from typing import TYPE_CHECKING

from lestockage.errors import PathNotFound
from lestockage.projects.versions import applies, extras_of, normalised, required_distribution
from lestockage.workspace.distribution import holds_distributions, python_files
from lestockage.workspace.walk import tree_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lestockage.workspace.walk import Tree


class Environment:
    """The distributions on some folders of site-packages; of several of one name the first on the path, as Python has it."""

    def __init__(self, folders: Sequence[str]) -> None:
        self.folders = tuple(folders)
        self._found: dict[str, PathDistribution] = {}
        for found in MetadataPathFinder.find_distributions(DistributionFinder.Context(path=list(folders))):
            name = found.metadata["Name"]
            if name and isinstance(found, PathDistribution):
                self._found.setdefault(normalised(name), found)

    @classmethod
    def at(cls, folder: str | None) -> Environment:
        """Return the environment in a folder: a virtual environment, or a folder of site-packages; None: the one that runs this.

        Raises:
            PathNotFound: there is no such folder.
        """
        import sys  # noqa: PLC0415  # the current environment only

        if folder is None:
            return cls([each or os.getcwd() for each in sys.path])
        if not os.path.isdir(folder):
            raise PathNotFound(folder)
        inside = sorted(glob.glob(os.path.join(glob.escape(folder), "lib", "python*", "site-packages")))
        inside += [each for each in (os.path.join(folder, "Lib", "site-packages"),) if os.path.isdir(each)]
        return cls(inside or [os.path.abspath(folder)])

    def find(self, name: str) -> PathDistribution | None:
        """Return an installed distribution by its normalised name."""
        return self._found.get(name)

    def needed(self, requires: Iterable[str]) -> dict[str, PathDistribution]:
        """Return what is installed of what is required, and of what that requires in turn, by normalised name.

        Markers are those of the environment that runs this. The requirements of an extra count where the extra is asked for.
        """
        found: dict[str, PathDistribution] = {}
        met: dict[str, set[str]] = {}
        pending = [(requirement, frozenset[str]()) for requirement in requires]
        while pending:
            requirement, extras = pending.pop()
            name = required_distribution(requirement)
            distribution = None if name is None else self._found.get(name)
            if name is None or distribution is None or not applies(requirement, extras):
                continue
            found[name] = distribution
            wanted = {"", *extras_of(requirement)}
            new = wanted - met.setdefault(name, set())
            met[name] |= new
            if new:
                pending += [(each, frozenset(new)) for each in distribution.requires or ()]
        return dict(sorted(found.items()))

    def absent(self, requires: Iterable[str]) -> tuple[str, ...]:
        """Return what is required here and not installed, by normalised name; what only an extra or another system needs is not."""
        missing = [requirement for requirement in requires if (required_distribution(requirement) or "") not in self._found]
        return tuple(sorted({required_distribution(requirement) or requirement for requirement in missing if applies(requirement)}))


def installed_tree(found: PathDistribution) -> Tree:
    """Return the source files of an installed distribution as a tree, which begins at the folder in which it is installed."""
    return tree_of(os.path.abspath(str(found.locate_file(""))), python_files(found))


def installed_around(path: str) -> PathDistribution | None:
    """Return the installed distribution that a folder or file in site-packages belongs to, None for any other path."""
    folder, name = os.path.split(os.path.abspath(path))
    if not holds_distributions(folder):
        return None
    for found in MetadataPathFinder.find_distributions(DistributionFinder.Context(path=[folder])):
        if isinstance(found, PathDistribution) and any(each == name or each.startswith(f"{name}/") for each in python_files(found)):
            return found
    return None
