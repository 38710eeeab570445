"""Extra packages: whether what a feature needs beyond the core is installed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from lestockage.errors import MissingExtra

if TYPE_CHECKING:
    from collections.abc import Sequence


def require(what: str, packages: Sequence[str], extra: str = "analytics") -> None:
    """Return when all packages can be imported.

    Raises:
        MissingExtra: one is missing; the error names the command that installs it.
    """
    if any(find_spec(package) is None for package in packages):
        raise MissingExtra(what, extra)
