"""Module names: the package around the indexed folder, told from the folders above it; the rule is in `languages.python.module_names`."""

from __future__ import annotations

import os

from lestockage.languages.python.module_names import PACKAGE_FILES, STUBS


def package_prefix(folder: str | os.PathLike[str]) -> str:
    """Return the dotted name of `folder` as a package; empty when it holds no `__init__.py`. This one looks at the disk, above the tree."""
    names: list[str] = []
    current = os.path.abspath(folder)
    while any(os.path.isfile(os.path.join(current, name)) for name in PACKAGE_FILES):
        current, name = os.path.split(current)
        if not name:
            break
        names.append(name)
    return ".".join(name.removesuffix(STUBS) for name in reversed(names))
