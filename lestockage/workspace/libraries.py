"""Libraries: installed distributions as projects, one for each version, shared by all projects that use it."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, NamedTuple

from lestockage.store.distributions import find_distribution
from lestockage.store.projects import find_project
from lestockage.workspace.distribution import of_installed, read_distribution
from lestockage.workspace.environment import Environment, installed_around, installed_tree
from lestockage.workspace.progress import silent
from lestockage.workspace.run import Run
from lestockage.workspace.walk import walk

if TYPE_CHECKING:
    from lestockage.workspace.distribution import Distribution
    from lestockage.workspace.progress import Progress
    from lestockage.workspace.report import IndexReport
    from lestockage.workspace.workspace import Workspace


class WithDependencies(NamedTuple):
    """What was indexed: the project, and the dependencies that were not known yet; `shared` names those that were.

    `absent` names what the project declares that is not installed; `is_declaring`: it declares anything.
    """

    project: IndexReport
    dependencies: tuple[IndexReport, ...]
    shared: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    is_declaring: bool = True


def index_with_dependencies(  # noqa: PLR0913  # what a run is told
    workspace: Workspace,
    path: str,
    *,
    project: str | None = None,
    environment: str | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> WithDependencies:
    """Index a project and what it needs of an environment (`Environment.at`); a version that the file has is not looked at again.

    What the project's metadata does not declare, and what is not installed, is left out, and so is what is nothing but compiled code. Each
    is committed by itself: a run that is ended begins with what is left.

    Raises:
        PathNotFound, UnreadableSource: there is no tree at `path`, or no environment where it should be.
        MissingExtra: `packaging` is not installed.
        StoreError: the file cannot be written; what was indexed before stands.
    """
    root = walk(path).root
    tell = progress or silent
    requires = read_distribution(root).requires
    installed_here = Environment.at(environment)
    needed = installed_here.needed(requires)
    reports = []
    shared = []
    for done, found in enumerate(needed.values()):
        tell("dependencies", done, len(needed))
        distribution = of_installed(found)
        name = distribution.project_name or found.metadata["Name"]
        if _is_known(workspace, name, distribution):
            shared.append(name)
            continue
        tree = installed_tree(found)
        if tree.files:
            run = Run(tree, name, jobs, tell, time.perf_counter(), distribution, as_library=True)
            reports.append(workspace.index_tree(run))
            workspace.forget()  # nothing of it is asked for again, and ten libraries in memory are a gigabyte
    tell("dependencies", len(needed), len(needed))
    installed = {name: found.version for name, found in needed.items()}
    report = workspace.index(path, project=project, jobs=jobs, installed=installed, progress=progress)
    return WithDependencies(report, tuple(reports), tuple(shared), installed_here.absent(requires), bool(requires))


def index_library(
    workspace: Workspace, path: str, *, project: str | None = None, jobs: int = 1, progress: Progress | None = None
) -> IndexReport:
    """Index one version of a distribution as a project of its own (`name==version`): the source tree at `path`, or what is installed there.

    A folder of site-packages stands for all that its distribution has installed.

    Raises:
        PathNotFound, UnreadableSource: there is no tree at `path`.
        StoreError: the file cannot be written; the last commit stands.
    """
    started = time.perf_counter()
    found = installed_around(path)
    tree = walk(path) if found is None else installed_tree(found)
    distribution = read_distribution(tree.root) if found is None else of_installed(found)
    name = project or distribution.project_name or os.path.basename(tree.root) or "root"
    return workspace.index_tree(Run(tree, name, jobs, progress or silent, started, distribution, as_library=True))


def _is_known(workspace: Workspace, name: str, distribution: Distribution) -> bool:
    """Tell whether the file has a version of a distribution as it is installed here."""
    row = find_project(workspace.file, name)
    known = None if row is None else find_distribution(workspace.file, row.id)
    return known is not None and known.digest == distribution.digest
