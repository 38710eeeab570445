"""Git history: a world of files that goes from commit to commit of a repository, as it happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.errors import UnknownRevision
from lestockage.testing.benchmark.index_session import IndexSession
from lestockage.testing.benchmark.tree_state import is_wanted, read_state, state_digest, state_facts, write_state
from lestockage.testing.benchmark.way import four_ways
from lestockage.testing.benchmark.world import Edit
from lestockage.workspace.git import GitTree

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from pathlib import Path

    from lestockage.testing.benchmark.way import Session, Way

_SEPARATOR = ".."


def revisions(text: str, source: str | os.PathLike[str]) -> tuple[str, str]:
    """Return the ids of the two commits that `REV1..REV2` names; a missing one is `HEAD`.

    Raises:
        UnknownRevision: there are no two, or git knows one of them not.
        NoRepository: the tree lies in no repository.
    """
    older, dots, newer = text.partition(_SEPARATOR)
    if not dots:
        raise UnknownRevision(f"{text} (give two: REV1..REV2)", source)
    git = GitTree.open(source)
    return git.commit_id(older or "HEAD"), git.commit_id(newer or "HEAD")


class GitHistory:
    """The files of a tree at commits from `older` to `newer`, along first parents, in a folder of their own (`root`)."""

    def __init__(self, name: str, source: str | os.PathLike[str], folder: Path, older: str, newer: str) -> None:
        self.name = name
        self.root = folder / "tree"
        self.root.mkdir(parents=True)
        self._git = GitTree.open(source)
        self._commits = [older, *self._git.commits(older, newer)]
        self._at = 0
        self._blobs: dict[str, bytes] = {}
        self._go_to(0)
        self.edits: Sequence[Edit] = (
            Edit("commit", self._next),
            Edit("branch switch", self._switch, None, lambda: self._go_to(len(self._commits) - 1)),
        )

    def ways(self) -> tuple[Way, ...]:
        """The ways in which the index brings its tables in step."""
        return four_ways(self.open)

    def open(self, folder: Path) -> Session:
        """Open a database file in a folder."""
        return IndexSession(self.name, self.root, folder)

    def reset(self) -> None:
        """Go back to the older commit."""
        self._go_to(0)

    def digest(self) -> str:
        """The digest of all files."""
        return state_digest(read_state(self.root))

    def facts(self) -> dict[str, int]:
        """How many files and lines there are, and commits to go through."""
        return {**state_facts(read_state(self.root)), "commits": len(self._commits) - 1}

    def _next(self) -> str | None:
        """Check the next commit out that changes what the index looks at; None after the last."""
        before = self._files(self._commits[self._at])
        while self._at + 1 < len(self._commits):
            self._at += 1
            if self._files(self._commits[self._at]) != before:
                self._go_to(self._at)
                return f"commit {self._commits[self._at][:12]}"
        return None

    def _switch(self) -> str | None:
        """Check out the end of the history that is not checked out; None where it has one end."""
        if len(self._commits) < 2:
            return None
        self._go_to(0 if self._at else len(self._commits) - 1)
        return f"to {self._commits[self._at][:12]}"

    def _files(self, commit: str) -> dict[str, str]:
        return {path: blob for path, blob in self._git.files(commit).items() if is_wanted(path)}

    def _go_to(self, number: int) -> None:
        files = self._files(self._commits[number])
        missing = sorted({blob for blob in files.values() if blob not in self._blobs})
        self._blobs.update(zip(missing, self._git.contents(missing), strict=True))
        write_state(self.root, {path: self._blobs[blob] for path, blob in files.items()})
        self._at = number
