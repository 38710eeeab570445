"""Shared machine: several databases on one file, written and asked in any order, each with changes of its own in flight.

What a database answers must be what its program gives from scratch over the inputs that it sees, whoever has set them and whoever has
computed what it was answered from. When all have committed and looked again, all see the same.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from lestockage import Database
from lestockage.testing.invariants import check_invariants
from tests.conformance import queries
from tests.conformance.machine import CHANGES, outcome
from tests.conformance.model import Cell, Model
from tests.conformance.program import ARGS, Rule, bodies, programs

DATABASES = 2


class SharedConformance(RuleBasedStateMachine):
    """Two databases on one file, in one process."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="lestockage-"))
        self.dbs: list[Database] = []

    def _open(self) -> Database:
        db = Database(self.folder / "memo.db")
        queries.SLOTS[id(db)] = {0: 0, 1: 0}
        return db

    @initialize(program=programs(is_pure=True))
    def begin(self, program: tuple[Rule, ...]) -> None:
        """Install a program through the first; the second finds it in the file, or is open already."""
        self.program = program
        self.dbs = [self._open() for _ in range(DATABASES)]
        queries.install(self.dbs[0], program)
        self.dbs[0].commit()
        for db in self.dbs:
            db.refresh()

    @rule(which=st.integers(0, DATABASES - 1), changes=st.lists(CHANGES, min_size=1, max_size=3))
    def change(self, which: int, changes: list[tuple[Any, ...]]) -> None:
        """Change inputs in one of them."""
        db = self.dbs[which]
        with db.write():
            for kind, *rest in changes:
                item = queries.Item.get(db, key=rest[0]) if kind in ("set", "delete") else None
                match kind:
                    case "set" if item is None:
                        queries.Item(db, key=rest[0], **{"x": 0, "y": 0, rest[1]: rest[2]})
                    case "set":
                        setattr(item, rest[1], rest[2])
                    case "delete" if item is not None:
                        item.delete()

    @rule(which=st.integers(0, DATABASES - 1), data=st.data())
    def edit(self, which: int, data: st.DataObject) -> None:
        """Give a rule another body, in one of them."""
        number = data.draw(st.integers(0, len(self.program) - 1))
        text = data.draw(bodies(number, tuple(each.flavour for each in self.program), is_pure=True))
        queries.Body(self.dbs[which], number=number, text=text)  # type: ignore[call-arg]  # an update

    @rule(which=st.integers(0, DATABASES - 1), number=st.integers(0, 5), arg=st.integers(0, ARGS - 1))
    def ask(self, which: int, number: int, arg: int) -> None:
        """Ask one of them."""
        self._ask(self.dbs[which], number, arg)

    @rule(which=st.integers(0, DATABASES - 1), number=st.integers(0, 1))
    def ask_root(self, which: int, number: int) -> None:
        """Ask one of the first rules, which reach most of the program."""
        self._ask(self.dbs[which], number, 0)

    @rule(which=st.integers(0, DATABASES - 1))
    def commit(self, which: int) -> None:
        """Make what one of them knows durable."""
        self.dbs[which].commit()

    @rule(which=st.integers(0, DATABASES - 1), is_committed=st.booleans())
    def reopen(self, which: int, is_committed: bool) -> None:
        """Close one of them, with or without a commit, and open it again."""
        db = self.dbs[which]
        if is_committed:
            db.commit()
        db.close()
        del queries.SLOTS[id(db)]
        self.dbs[which] = self._open()

    @rule()
    def agree(self) -> None:
        """Have all commit and look again: they see the same inputs and give the same answers."""
        for db in self.dbs:
            db.commit()
        for db in self.dbs:
            db.refresh()
        views = [self._view(db) for db in self.dbs]
        assert all(view.cells.keys() == views[0].cells.keys() for view in views)
        assert all(view.cells[node].value == cell.value for view in views for node, cell in views[0].cells.items() if node[0] != "field")
        for number in range(len(self.program)):
            for db in self.dbs:
                self._ask(db, number, 0)

    def _ask(self, db: Database, number: int, arg: int) -> None:
        number %= len(self.program)
        flavour = self.program[number].flavour
        if flavour in ("item", "parts"):
            return
        db.refresh()  # a green hit does not look at the file
        got = outcome(lambda: queries.ask(db, flavour, number, arg))
        expected = outcome(lambda: self._view(db).ask(number, arg))
        assert got == expected, f"rule {number} of {arg} gave {got}, from scratch it is {expected}"

    def _view(self, db: Database) -> Model:
        """A model without memos over the inputs that a database sees."""
        fresh = Model(self.program)
        for number in range(len(fresh.program)):
            body = queries.Body.get(db, number=number)
            assert body is not None
            fresh.program[number] = fresh.program[number]._replace(body=body.text)
            fresh.cells["body", number] = Cell(body.text, 1)
        for item in queries.Item.all(db):
            fresh.write([("set", item.key, "x", item.x), ("set", item.key, "y", item.y)])
        return fresh

    @invariant()
    def is_consistent(self) -> None:
        """The memory of each is consistent."""
        for db in self.dbs:
            check_invariants(db)

    def teardown(self) -> None:
        """Close them and remove the file."""
        for db in self.dbs:
            db.close()
            queries.SLOTS.pop(id(db), None)
        shutil.rmtree(self.folder, ignore_errors=True)
