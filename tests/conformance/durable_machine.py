"""Durable machine: the state machine on a database file that is committed, closed and opened again between the steps.

The model keeps its memos through a reopening: what it remembers, the store must bring back, and so what it remembers of earlier states.
No store holds a memo that read something untracked, or one above: programs have none where what runs is counted.
Closed without a commit, inputs and memos are those of the last one.
"""

from __future__ import annotations

import copy
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis.stateful import initialize, rule

from lestockage import Database
from lestockage.testing import DictData, DictStore, database_over
from tests.conformance import queries
from tests.conformance.durable_model import DurableModel
from tests.conformance.machine import Conformance, outcome
from tests.conformance.program import Rule, programs

STORED = ("plain", "loud", "evicting", "item", "parts", "parts", "fix", "fallback")


class DurableConformance(Conformance):
    """As `Conformance`, with a store."""

    is_pure = True

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="lestockage-"))
        super().__init__()

    def open(self) -> Database:
        """A database on this machine's file."""
        return Database(self.folder / "memo.db", on_event=self.note)

    @initialize(program=programs(flavours=STORED, is_pure=True))
    def begin(self, program: tuple[Rule, ...]) -> None:
        """Install a program and commit it."""
        super().begin(program)
        self.model: DurableModel = DurableModel(program)
        self.model.revision = self.db.revision
        self.db.commit()
        self._remember()

    @rule()
    def commit(self) -> None:
        """Make everything durable."""
        self.db.commit()
        self._remember()

    @rule()
    def reopen(self) -> None:
        """Close with a commit, and open again: every memo that holds is kept."""
        self.db.commit()
        self._remember()
        self._open_again()

    @rule()
    def drop(self) -> None:
        """Close without a commit: inputs, answers and memos are those of the last one."""
        self._open_again()

    def _remember(self) -> None:
        self.committed = copy.deepcopy(self.model)

    def _open_again(self) -> None:
        slots = queries.SLOTS.pop(id(self.db))
        self.db.close()
        self.db = self.open()
        queries.SLOTS[id(self.db)] = slots
        self.model = copy.deepcopy(self.committed)
        for cell in self.model.cells.values():
            cell.before = None  # going back to an earlier value is recognised within one process

    def teardown(self) -> None:
        """Close and remove the file."""
        super().teardown()
        shutil.rmtree(self.folder, ignore_errors=True)


class UntrackedConformance(DurableConformance):
    """The same for programs that read what no database sees: every answer is that from scratch, and consistent, after any reopening.

    What has to run is not counted: nothing that rests on an untracked read is stored, and what is above it may have rows of earlier states.
    """

    is_pure = False

    @initialize(program=programs(flavours=STORED))
    def begin(self, program: tuple[Rule, ...]) -> None:
        """Install a program and commit it."""
        super().begin(program)

    def _compare(self, real: Any, model: Any, what: str) -> None:
        got = outcome(real)
        expected = outcome(model, self.model.fresh())
        assert got == expected, f"{what}: got {got}, from scratch it is {expected}"

    def _open_again(self) -> None:
        super()._open_again()
        queries.SLOTS[id(self.db)].update(self.model.slots)


class DictConformance(DurableConformance):
    """The same over the dictionary store."""

    def __init__(self) -> None:
        self.data = DictData()
        super().__init__()

    def open(self) -> Database:
        """A database on this machine's dictionaries."""
        return database_over(DictStore(self.data), on_event=self.note)
