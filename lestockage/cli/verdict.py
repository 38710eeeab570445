"""Verdict: the answer of a command whose exit status says what it found."""

from __future__ import annotations

from typing import NamedTuple


class Verdict(NamedTuple):
    """An answer, and the exit status that goes with it: 0 for nothing wrong, 1 for findings."""

    text: str
    status: int
