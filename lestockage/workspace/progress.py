"""Progress: how a long run tells whoever is watching where it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called from time to time while work is under way; must be quick, and must not raise."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Tell that `done` of `total` pieces of a stage (`"reading"`, `"resolving"`, …) are done; 0 of 0 when that is not known."""
        ...


def silent(stage: str, done: int, total: int) -> None:  # the shape of `Progress`
    """Tell nobody."""
