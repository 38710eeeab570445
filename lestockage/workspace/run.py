"""Run: what one run of the index is told, and whether that alone makes it write."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from lestockage.store.distributions import find_distribution, requirements
from lestockage.workspace.distribution import metadata_digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lestockage.store.connection import StoreFile
    from lestockage.store.projects import ProjectRow
    from lestockage.store.snapshot_writer import SnapshotLabel
    from lestockage.workspace.distribution import Distribution
    from lestockage.workspace.progress import Progress
    from lestockage.workspace.walk import Tree


def project_name(tree: Tree, given: str | None) -> str:
    """Return the name of a tree's project: the one that is given, else that of the folder."""
    return given if given is not None else os.path.basename(tree.root) or "root"


class Run(NamedTuple):
    """A tree, the name of its project, and how it is to be indexed; `distribution` is None where it is to be read at the tree's root."""

    tree: Tree
    name: str
    jobs: int
    progress: Progress
    started: float
    distribution: Distribution | None = None
    as_library: bool = False
    installed: Mapping[str, str] | None = None
    snapshot: SnapshotLabel | None = None

    def is_moved(self, row: ProjectRow | None) -> bool:
        """Tell whether the project is new, or lies elsewhere than at the last run."""
        return row is None or row.root != self.tree.root

    def is_other(self, store: StoreFile, row: ProjectRow | None) -> bool:
        """Tell whether the project is something else to other projects than at the last run."""
        published = None if row is None else find_distribution(store, row.id)
        if row is None or published is None:
            return True
        digest = metadata_digest(self.tree.root) if self.distribution is None else self.distribution.digest
        if published.digest != digest or (self.as_library and not published.is_library):
            return True
        if self.installed is None:
            return False
        return any(self.installed.get(each.distribution) != each.installed for each in requirements(store, row.id))
