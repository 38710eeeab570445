"""Packages: whether what the reports need beyond the core is installed."""

from __future__ import annotations

from importlib.util import find_spec

from lestockage.errors import MissingExtra


def require(*packages: str) -> None:
    """Return when all packages can be imported.

    Raises:
        MissingExtra: one is missing; the error names the command that installs it.
    """
    if any(find_spec(package) is None for package in packages):
        raise MissingExtra("A report", "report")
