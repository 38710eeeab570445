"""Machine: what a result says of where and with what it was measured: kinds and versions, no names and no paths."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from lestockage import __version__
from lestockage.errors import IndexingError
from lestockage.testing.benchmark.results import Machine
from lestockage.workspace.git import GitTree


def this_machine() -> Machine:
    """Return what this machine is."""
    return Machine(system=platform.system(), architecture=platform.machine(), cores=os.cpu_count() or 1, python=platform.python_version())


def this_version() -> tuple[str, str | None]:
    """Return the version of this package, and the commit of the checkout it lies in (with a `+` when it was changed), if it lies in one."""
    folder = Path(__file__).parents[2]
    try:
        git = GitTree.open(folder)
        if "__init__.py" not in git.files():  # installed into a folder that some other repository ignores
            return __version__, None
        return __version__, git.commit_id() + ("" if git.is_clean() else "+")
    except IndexingError:
        return __version__, None
