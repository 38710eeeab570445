"""Origin: where a module comes from: the standard library, an installed distribution, or the program itself.

What the program itself holds is walked; the rest counts by its name and version. An installed package that declares queries of its own is
the program to them: the *home* of a walk is its top-level package, and is never a library.
"""

from __future__ import annotations

import opcode
import re
import sys
from typing import Any

__all__ = ["home_of", "module_of", "origin", "spec_of"]

_PLACE = re.compile(r"(.*)[\\/][^\\/]+")
"""The folder that a top-level package or module is in."""
_STANDARD = str(opcode.__file__).removesuffix("opcode.py")
"""The folder of the standard library."""
_DISTRIBUTION = re.compile(r"(.+?)-([^-]+)\.dist-info")

_origins: dict[str, str | None] = {}
"""Top-level package → its label, or None for the program's own."""
_installed: dict[str, dict[str, str]] = {}
"""Folder of installed packages → normalised name of each distribution → its version."""


def home_of(module: str) -> str:
    """Return the home of a walk that starts in `module`: its top-level package where that is a library to others, else nothing."""
    top = module.partition(".")[0]
    return top if _labelled(top) is not None else ""


def module_of(cls: type) -> str:
    """Return the module that a class says it is from; classes made in C may keep something else under that name."""
    name = cls.__module__
    return name if type(name) is str else "builtins"


def origin(module: str, home: str) -> str | None:
    """Return the label of the library that a module belongs to (`python`, or `name version`), or None for the program's own modules."""
    top = module.partition(".")[0]
    return None if top == home else _labelled(top)


def _labelled(top: str) -> str | None:
    """Return the label of a top-level package, found once."""
    try:
        return _origins[top]
    except KeyError:
        _origins[top] = label = _label(top)
        return label


def _label(top: str) -> str | None:
    spec = spec_of(top) if top else None
    if top in sys.stdlib_module_names and not _is_shadowed(spec):
        return "python"  # its version is part of every fingerprint
    for place in getattr(spec, "submodule_search_locations", None) or (getattr(spec, "origin", None),):
        match = _PLACE.fullmatch(str(place))
        version = None if match is None else _version(top, match[1])
        if version is not None:
            return f"{top} {version}"
    return None


def _is_shadowed(spec: Any) -> bool:
    """Return whether a module with the name of one of the standard library's is from elsewhere."""
    place = getattr(spec, "origin", None)
    return type(place) is str and _PLACE.fullmatch(place) is not None and not place.startswith(_STANDARD)


def spec_of(module: str) -> Any:
    """Return the import system's spec of a module without importing anything, or None when it has none."""
    loaded = sys.modules.get(module)
    spec = getattr(loaded, "__spec__", None)
    if spec is not None or module == "__main__":
        return spec
    path = None
    package = module.rpartition(".")[0]
    if package:
        path = getattr(spec_of(package), "submodule_search_locations", None)
        if path is None:
            return None
    for finder in sys.meta_path:
        find = getattr(finder, "find_spec", None)
        found = None if find is None else find(module, path, None)
        if found is not None:
            return found
    return None


def _version(top: str, folder: str) -> str | None:
    """Return the version of the distribution that put a package into a folder, or None when nothing says so and its code must be walked.

    Distributions are found by the names of their records in the folder. Only a package of site-packages that is called otherwise than its
    distribution takes importlib.metadata, which is slow to import and to ask.
    """
    known = _installed.get(folder)
    if known is None:
        from glob import glob  # noqa: PLC0415  # for code that is not of the standard library

        matches = map(_DISTRIBUTION.fullmatch, glob("*.dist-info", root_dir=folder))
        _installed[folder] = known = {_normal(match[1]): match[2] for match in matches if match}
    version = known.get(_normal(top))
    if version is not None or not folder.endswith(("site-packages", "dist-packages")):
        return version
    import importlib.metadata  # noqa: PLC0415  # 10 to 20 ms, and rarely needed

    names = sorted(set(importlib.metadata.packages_distributions().get(top, ())))
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names) or None


def _normal(name: str) -> str:
    """Return a distribution's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()
