"""Versions: which of several versions of a distribution a requirement means (PEP 440, PEP 508).

Needed only where a file holds several versions of one distribution; `packaging` is imported then.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lestockage.errors import MissingExtra

if TYPE_CHECKING:
    from collections.abc import Iterable

_SEPARATORS = re.compile(r"[-_.]+")
_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


def normalised(distribution: str) -> str:
    """Return a distribution's name as it is compared: lower case, one dash between its words (PEP 503)."""
    return _SEPARATORS.sub("-", distribution).lower()


def required_distribution(requirement: str) -> str | None:
    """Return the normalised name of the distribution that a requirement asks for, None when it is none that can be read."""
    found = _NAME.match(requirement)
    return None if found is None else normalised(found[1])


def satisfies(version: str | None, requirement: str) -> bool:
    """Tell whether a version is one that a requirement allows; what has no version, or cannot be read, is allowed."""
    packaging = _packaging()
    try:
        specifier = packaging.requirements.Requirement(requirement).specifier
        return version is None or bool(specifier.contains(packaging.version.Version(version), prereleases=True))
    except (packaging.requirements.InvalidRequirement, packaging.version.InvalidVersion):
        return True


def newest_first(versions: Iterable[str | None]) -> list[str | None]:
    """Return versions in order, the newest first, those that cannot be read after all others."""
    packaging = _packaging()

    def age(version: str | None) -> tuple[bool, Any]:
        try:
            return True, packaging.version.Version(version or "")
        except packaging.version.InvalidVersion:
            return False, version or ""

    return sorted(versions, key=age, reverse=True)


def extras_of(requirement: str) -> set[str]:
    """Return the extras that a requirement asks for."""
    packaging = _packaging()
    try:
        return set(packaging.requirements.Requirement(requirement).extras)
    except packaging.requirements.InvalidRequirement:
        return set()


def applies(requirement: str, extras: Iterable[str] = ()) -> bool:
    """Tell whether a requirement's marker holds in this environment, with one of some extras or without any."""
    packaging = _packaging()
    try:
        marker = packaging.requirements.Requirement(requirement).marker
    except packaging.requirements.InvalidRequirement:
        return False
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras))


def _packaging() -> Any:  # noqa: ANN401  # a module that may be missing
    """Return the package `packaging` with the modules that are used here.

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        import packaging.requirements  # noqa: PLC0415  # needed for several versions of one distribution only
        import packaging.version  # noqa: PLC0415
    except ImportError:
        raise MissingExtra("comparing versions of distributions", "projects") from None
    return packaging
