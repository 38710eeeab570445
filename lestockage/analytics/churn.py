"""Churn: how often and how much files have changed; where that is known from is the caller's to say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias


class FileChurn(NamedTuple):
    """The changes of one file: commits that touch it, lines added and deleted in all, authors, the last commit's time (ms since 1970)."""

    commits: int
    added: int
    deleted: int
    authors: int
    last_commit: int


ChurnOf: TypeAlias = Callable[[str], Mapping[str, FileChurn]]
"""The churn of a project's files by path, from the project's root folder; empty where no history is known."""


def no_churn(_root: str) -> Mapping[str, FileChurn]:
    """Return that nothing is known."""
    return {}
