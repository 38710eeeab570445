"""Origin: where a module comes from: the standard library, an installed distribution, or the program itself.

What the program itself holds is walked; the rest counts by its name and version.
"""

from __future__ import annotations

import os
import re
import sys
from typing import Any

__all__ = ["module_of", "origin", "spec_of", "top_of"]

_INSTALLED = ("site-packages", "dist-packages")
_DISTRIBUTION = re.compile(r"(.+?)-(\d[^-]*)(?:-.*)?\.(?:dist|egg)-info")

_origins: dict[str, str | None] = {}
"""Top-level package → its label, or None for the program's own."""
_installed: dict[str, dict[str, str]] = {}
"""Folder of installed packages → normalised name of each distribution → its version."""


def top_of(module: str) -> str:
    """Return the top-level package of a dotted module name."""
    return module.partition(".")[0]


def module_of(cls: type) -> str:
    """Return the module that a class says it is from; classes made in C may keep something else under that name."""
    name = cls.__module__
    return name if isinstance(name, str) else "builtins"


def origin(module: str) -> str | None:
    """Return the label of the library that a module belongs to (`python`, or `name version`), or None for the program's own modules."""
    top = top_of(module)
    try:
        return _origins[top]
    except KeyError:
        _origins[top] = label = _origin(top)
        return label


def _origin(top: str) -> str | None:
    if top in sys.stdlib_module_names and top != "__main__":
        return "python"  # its version is part of every fingerprint
    spec = spec_of(top)
    places = [getattr(spec, "origin", None), *(getattr(spec, "submodule_search_locations", None) or ())]
    for place in places:
        parts = str(place).split(os.sep)
        for name in _INSTALLED:
            if name in parts:
                folder = os.sep.join(parts[: len(parts) - parts[::-1].index(name)])
                version = _version(top, folder)
                return None if version is None else f"{top} {version}"
    return None if spec is not None or top not in sys.builtin_module_names else "python"


def spec_of(module: str) -> Any:
    """Return the import system's spec of a module without importing anything, or None when it has none."""
    loaded = sys.modules.get(module)
    spec = getattr(loaded, "__spec__", None)
    if spec is not None or module == "__main__":
        return spec
    package = module.rpartition(".")[0]
    path = None
    if package:
        above = spec_of(package)
        path = getattr(above, "submodule_search_locations", None)
        if path is None:
            return None
    for finder in sys.meta_path:
        find = getattr(finder, "find_spec", None)
        found = find(module, path, None) if find is not None else None
        if found is not None:
            return found
    return None


def _version(top: str, folder: str) -> str | None:
    """Return the version of the distribution that installed a package, or None when nothing says so and its code must be walked.

    Distributions are found by the names of their folders; only a package that is called otherwise than its distribution takes importlib.metadata,
    which is slow to import and to ask.
    """
    known = _installed.get(folder)
    if known is None:
        _installed[folder] = known = {}
        for name in os.listdir(folder):
            match = _DISTRIBUTION.fullmatch(name)
            if match:
                known[_normal(match[1])] = match[2]
    version = known.get(_normal(top))
    if version is not None:
        return version
    import importlib.metadata  # noqa: PLC0415  # 10 to 20 ms, and rarely needed

    names = importlib.metadata.packages_distributions().get(top)
    return None if not names else ", ".join(f"{name} {importlib.metadata.version(name)}" for name in sorted(set(names)))


def _normal(name: str) -> str:
    """Return a distribution's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()
