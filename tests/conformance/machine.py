"""Machine: a state machine that changes inputs of a random program and asks its rules, on the engine and on the model."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lestockage import Database
from lestockage.engine.events import Event, WillExecute
from lestockage.testing.invariants import check_invariants
from tests.conformance import queries
from tests.conformance.model import CYCLIC, Model
from tests.conformance.program import ARGS, KEYS, RANGE, SLOTS, Boom, Rule, bodies, programs

Outcome = tuple[str, Any]


def outcome(call: Any, *args: Any) -> Outcome:
    """What a call returns, or the Boom it raises."""
    try:
        return "returned", call(*args)
    except Boom as error:
        return "raised", error.args


CHANGES = st.one_of(
    st.tuples(st.just("set"), st.integers(0, KEYS - 1), st.sampled_from("xy"), st.integers(0, RANGE - 1)),
    st.tuples(st.just("set"), st.integers(0, KEYS - 1), st.sampled_from("xy"), st.integers(0, 1)),
    st.tuples(st.just("delete"), st.integers(0, KEYS - 1)),
    st.tuples(st.just("slot"), st.integers(0, SLOTS - 1), st.integers(0, RANGE - 1)),
)


class Conformance(RuleBasedStateMachine):
    """After every step the engine answers as the model does, ran what the model ran, in that order, and is consistent."""

    programs_tried = 0
    is_pure = False

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.programs_tried = 0

    def __init__(self) -> None:
        super().__init__()
        self.ran: list[str] = []
        self.db = self.open()
        self.ticks = 0

    def open(self) -> Database:
        """A database whose executions are noted."""
        return Database(on_event=self.note)

    def note(self, event: Event) -> None:
        """Keep what runs, in the model's words."""
        if isinstance(event, WillExecute):
            memo: Any = event.node
            name = memo.table.name.rpartition(".")[2]
            if name not in ("_collect", *CYCLIC):
                self.ran.append(_named(name, memo.args))

    @initialize(program=programs())
    def begin(self, program: tuple[Rule, ...]) -> None:
        """Install a program."""
        type(self).programs_tried += 1
        queries.install(self.db, program)
        self.model = Model(program)
        self.model.revision = self.db.revision

    @rule(changes=st.lists(CHANGES, min_size=1, max_size=1))
    def change(self, changes: list[tuple[Any, ...]]) -> None:
        """One change of an input."""
        self._write(changes)

    @rule(changes=st.lists(CHANGES, min_size=2, max_size=4))
    def batch(self, changes: list[tuple[Any, ...]]) -> None:
        """Several changes in one revision."""
        self._write(changes)

    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        """A rule gets another body."""
        program = self.model.program
        number = data.draw(st.integers(0, len(program) - 1))
        self._write([("edit", number, data.draw(bodies(number, tuple(each.flavour for each in program), is_pure=self.is_pure)))])

    @rule(capacity=st.integers(1, 3))
    def capacity(self, capacity: int) -> None:
        """Another capacity of the evicting query."""
        queries.evicting.set_lru(self.db, capacity)  # type: ignore[attr-defined]
        self.model.capacity = capacity

    @rule(number=st.integers(0, 5), arg=st.integers(0, ARGS - 1))
    def ask(self, number: int, arg: int) -> None:
        """Ask one rule."""
        self._ask(number, arg)

    @rule(number=st.integers(0, 1), arg=st.integers(0, ARGS - 1))
    def ask_root(self, number: int, arg: int) -> None:
        """Ask one of the first rules, which reach most of the program."""
        self._ask(number, arg)

    @rule(number=st.integers(0, 5), arg=st.integers(0, ARGS - 1))
    def collect(self, number: int, arg: int) -> None:
        """Collect what a rule and everything below it pushed."""
        number = self._askable(number)
        flavour = self.model.program[number].flavour
        if flavour in ("item", "parts"):
            return
        self._compare(
            lambda: queries.collect(self.db, flavour, number, arg), lambda model: model.collect(number, arg), f"collect({number}, {arg})"
        )

    def _askable(self, number: int) -> int:
        return number % len(self.model.program)

    def _ask(self, number: int, arg: int) -> None:
        number = self._askable(number)
        flavour = self.model.program[number].flavour
        if flavour in ("item", "parts"):
            return
        self._compare(lambda: queries.ask(self.db, flavour, number, arg), lambda model: model.ask(number, arg), f"ask({number}, {arg})")

    def _compare(self, real: Any, model: Any, what: str) -> None:
        self.ran.clear()
        self.model.executed.clear()
        got = outcome(real)
        expected = outcome(model, self.model.fresh())
        assert got == expected, f"{what}: got {got}, from scratch it is {expected}"
        remembered = outcome(model, self.model)
        assert remembered == expected, f"{what}: the model remembers {remembered}, from scratch it is {expected}"
        due = [_spelled(key) for key in self.model.executed]
        assert self.ran == due, f"{what}: ran {self.ran}, the minimum is {due}"

    def _write(self, changes: list[tuple[Any, ...]]) -> None:
        db = self.db
        with db.write():
            for kind, *rest in changes:
                match kind:
                    case "set":
                        key, name, value = rest
                        item = queries.Item.get(db, key=key)
                        if item is None:
                            queries.Item(db, key=key, **{"x": 0, "y": 0, name: value})
                        else:
                            setattr(item, name, value)
                    case "delete":
                        item = queries.Item.get(db, key=rest[0])
                        if item is not None:
                            item.delete()
                    case "edit":
                        queries.Body(db, number=rest[0], text=rest[1])  # type: ignore[call-arg]  # an update
                    case "slot":
                        queries.SLOTS[id(db)][rest[0]] = rest[1]
                        self.ticks += 1
                        queries.Tick(db, count=self.ticks)
        self.model.write(changes)

    @invariant()
    @precondition(lambda self: hasattr(self, "model"))
    def is_consistent(self) -> None:
        """The database's memory is consistent, and as many revisions old as the model.

        The model keeps what a whole circle reads for each of its rules, so it may take a revision for due that nobody could notice.
        """
        check_invariants(self.db)
        if not any(rule.flavour in CYCLIC for rule in self.model.program):
            assert self.db.revision == self.model.revision

    def teardown(self) -> None:
        """Close the database."""
        self.db.close()
        queries.SLOTS.pop(id(self.db), None)


def _named(name: str, args: Any) -> str:
    if name in ("plain", "evicting", "loud"):
        return f"rule {args[0]} {args[1]}"
    if name == "on_item":
        return f"item {args[1]} {args[0].key}"
    if name == "on_name":
        return f"name {args.value}"
    if name == "parts":
        return f"parts {args[0]} {args[1]}"
    return f"{name} {args.ident}"


def _spelled(key: tuple[Any, ...]) -> str:
    kind, *rest = key
    if kind in ("on_part", "inside", "rated"):
        return f"{kind} {rest[0].ident}"
    return " ".join(map(str, (kind, *rest[:2])))


class StructConformance(Conformance):
    """Programs that are mostly about structs, which the general ones seldom get to."""

    @initialize(program=programs(flavours=("parts", "parts", "plain")))
    def begin(self, program: tuple[Rule, ...]) -> None:
        """Install a program."""
        super().begin(program)


class CycleConformance(Conformance):
    """Programs that are mostly circles."""

    @initialize(program=programs(flavours=("fix", "fix", "fix", "fallback", "plain")))
    def begin(self, program: tuple[Rule, ...]) -> None:
        """Install a program."""
        super().begin(program)
