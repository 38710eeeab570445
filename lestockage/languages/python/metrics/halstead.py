"""Halstead: how many operators and operands a unit's own code is made of, counted in its normalised syntax.

Halstead, "Elements of Software Science", 1977. What counts is read off the tokens that a unit is hashed by (`digest`), so layout, comments
and docstrings count for nothing:

- operands are names, literals, the names that imports, patterns and keywords arguments say, and one for each nested definition;
- operators are everything else that a node of the syntax says: keywords, operators, calls, subscripts, displays, and each `.attribute`,
  which is one operator (the access) with the attribute as its name.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from lestockage.languages.python.digest import END, NONE

if TYPE_CHECKING:
    from collections.abc import Sequence


class Halstead(NamedTuple):
    """Distinct operators and operands, and how often they occur in all."""

    distinct_operators: int
    distinct_operands: int
    operators: int
    operands: int

    @property
    def volume(self) -> float:
        """Length times the binary logarithm of the vocabulary, in bits; 0 for no code."""
        vocabulary = self.distinct_operators + self.distinct_operands
        return (self.operators + self.operands) * math.log2(vocabulary) if vocabulary else 0.0

    @property
    def difficulty(self) -> float:
        """Half the distinct operators times how often an operand is used; 0 without operands."""
        return self.distinct_operators / 2 * self.operands / self.distinct_operands if self.distinct_operands else 0.0

    @property
    def effort(self) -> float:
        """Difficulty times volume."""
        return self.difficulty * self.volume


def count(tokens: Sequence[str]) -> Halstead:
    """Return the counts of a unit's tokens."""
    counts = Counter(tokens)
    said = len(tokens) - counts.pop(END, 0) - counts.pop(NONE, 0)
    operators = [number for token, number in counts.items() if token[0] in "{.=*"]
    total = sum(operators)
    return Halstead(len(operators), len(counts) - len(operators), total, said - total)
