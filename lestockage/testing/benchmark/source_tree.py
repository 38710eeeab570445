"""Source tree: a world of files, copied from a tree of real source, that a seeded editor edits the way people do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.testing.benchmark.index_session import IndexSession
from lestockage.testing.benchmark.tree_state import read_state, settle, state_digest, state_facts, write_state
from lestockage.testing.benchmark.way import four_ways
from lestockage.testing.benchmark.world import Edit
from lestockage.testing.source_editor import SourceEditor

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from lestockage.testing.benchmark.way import Session, Way

_ATTEMPTS = 50
_BRANCH_EDITS = 12
_BRANCH_KINDS = ("add", "body", "body", "import", "inherit", "move", "remove", "rename", "signature")


class SourceTree:
    """The files of `source` in a folder of their own (`root`, made by this), edited with one seed for all kinds of edits."""

    def __init__(self, name: str, source: str | os.PathLike[str], folder: Path, *, seed: int = 0) -> None:
        self.name = name
        self.root = folder / "tree"
        self.root.mkdir(parents=True)
        self._base = read_state(source)
        self._other: Mapping[str, bytes] | None = None
        write_state(self.root, self._base)
        self.editor = SourceEditor(self.root, seed)
        functions = self.editor.count_functions()
        editor = self.editor
        self.edits: Sequence[Edit] = (
            Edit("one symbol", self._tried(lambda: editor.edit_bodies(0)), 1 / functions if functions else None),
            Edit("1 % of symbols", self._tried(lambda: editor.edit_bodies(0.01)), 0.01),
            Edit("10 % of symbols", self._tried(lambda: editor.edit_bodies(0.1)), 0.1),
            Edit("every symbol", self._tried(lambda: editor.edit_bodies(1)), 1.0),
            Edit("signature", self._tried(editor.edit_signature)),
            Edit("rename", self._tried(editor.rename_function)),
            Edit("add file", self._tried(editor.add_file)),
            Edit("remove file", self._tried(editor.remove_file)),
            Edit("whitespace", self._tried(editor.insert_blank_line)),
            Edit("branch switch", self._switch, None, self.make_branch),
        )

    def ways(self) -> tuple[Way, ...]:
        """The ways in which the index brings its tables in step."""
        return four_ways(self.open)

    def open(self, folder: Path) -> Session:
        """Open a database file in a folder."""
        return IndexSession(self.name, self.root, folder)

    def state(self) -> dict[str, bytes]:
        """The files as they are now."""
        return read_state(self.root)

    def reset(self) -> None:
        """Go back to the files as they were copied."""
        write_state(self.root, self._base)

    def digest(self) -> str:
        """The digest of all files."""
        return state_digest(self.state())

    def facts(self) -> dict[str, int]:
        """How many files, lines and functions there are."""
        return {**state_facts(self.state()), "functions": self.editor.count_functions()}

    def _tried(self, edit: Callable[[], str | None]) -> Callable[[], str | None]:
        """The same edit, tried where chance leads until a place is found that has what is to be edited."""

        def make() -> str | None:
            for _ in range(_ATTEMPTS):
                done = edit()
                if done is not None:
                    settle()
                    return done
            return None

        return make

    def make_branch(self) -> None:
        """Make the other branch, by a dozen edits of all kinds, and go there."""
        for number in range(_BRANCH_EDITS):
            self._tried(self.editor.kinds[_BRANCH_KINDS[number % len(_BRANCH_KINDS)]])()
        self._other = self.state()

    def _switch(self) -> str | None:
        """Go to the branch that is not checked out; None where nothing could be edited for another one."""
        if self._other is None or self._other == self._base:
            return None
        is_there = self.state() == self._other
        write_state(self.root, self._base if is_there else self._other)
        return "to the first branch" if is_there else "to the other branch"
