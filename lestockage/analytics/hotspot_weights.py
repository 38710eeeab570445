"""Hotspot weights: how much each of the three sides of a hotspot counts."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass
from typing import Self

from lestockage.errors import BadWeights


@dataclass(frozen=True, slots=True)
class HotspotWeights:
    """Weights of 0 or more, of which one at least is above 0; only their ratios matter.

    Raises:
        BadWeights: they are not.
    """

    centrality: float = 1.0
    complexity: float = 1.0
    churn: float = 1.0

    def __post_init__(self) -> None:
        values = astuple(self)
        if not all(math.isfinite(value) and value >= 0 for value in values) or not any(values):
            raise BadWeights(self.text, "each must be 0 or more, and one above 0")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the weights that a text says: `centrality=2,churn=0.5`; those that are not named are 1.

        Raises:
            BadWeights: it says something else.
        """
        given: dict[str, float] = {}
        for part in text.split(","):
            name, sign, value = part.strip().partition("=")
            if name not in cls.__slots__ or not sign or name in given:
                raise BadWeights(text, f"{part.strip()!r} is none of {', '.join(f'{known}=NUMBER' for known in cls.__slots__)}")
            try:
                given[name] = float(value)
            except ValueError as error:
                raise BadWeights(text, f"{value!r} is no number") from error
        return cls(**given)

    @property
    def text(self) -> str:
        """What `parse` reads."""
        return f"centrality={self.centrality:g},complexity={self.complexity:g},churn={self.churn:g}"
