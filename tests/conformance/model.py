"""Model: the engine's promises in plain Python, slow and obvious: what every call must return, and which bodies must run for it.

Verification is the textbook one: pull every dependency up to date in the order of reading, run the body at the first that changed. There is
no dirt, no edge back, no lock. A model without memos evaluates from scratch, so it also tells what is true.

**The minimum of executions.** A memo's body runs if and only if
1. there is no memo for the call (never asked, failed last time, or what it was keyed on is gone), or
2. something that it read changed since it was last known to hold, in the order of reading; a query changed if it ran and its
   result differs from the one before (an evicted one cannot be compared, and one declared `no_eq` always differs), or
3. its value is asked for, and was evicted.

Untracked reads change in every revision. A cell that is set back to what it was before the latest change has not changed if none of its
readers were brought up to date in between. Rules in cycles ("fix", "fallback") are computed by a plain solver and are exempt from
the count; that they do not run without a reason is `test_cycles`' claim.
"""

# ruff: noqa: D102  # the surroundings of a program are described once, by `program.Context`

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.conformance.program import Boom, Rule, evaluate, make_parts, parse
from tests.conformance.queries import EVICTING_CAPACITY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Node = tuple[Any, ...]
CYCLIC = ("fix", "fallback")
MEMO_KINDS = frozenset({"rule", "item", "name", "parts", "on_part", "inside", "rated", "collected", *CYCLIC})


@dataclass
class Cell:
    """Something set from outside."""

    value: Any
    changed_at: int
    before: tuple[Any, int] | None = None


@dataclass
class Memo:
    """A remembered result."""

    value: Any
    changed_at: int
    verified_at: int
    deps: tuple[Node, ...]
    pushed: tuple[int, ...] = ()
    created: dict[Any, PartModel] = field(default_factory=dict)
    rated: dict[PartModel, int] = field(default_factory=dict)
    has_value: bool = True
    outputs_changed_at: int = 0


@dataclass
class Frame:
    """A running body."""

    key: Node
    reads: dict[Node, None] = field(default_factory=dict)
    pushed: list[int] = field(default_factory=list)
    created: dict[Any, PartModel] = field(default_factory=dict)
    ordinals: dict[int, int] = field(default_factory=dict)
    rated: dict[PartModel, int] = field(default_factory=dict)


class PartModel:
    """A struct's identity; `fields` holds (value, changed_at)."""

    def __init__(self, owner: Node, ident: int, ordinal: int) -> None:
        self.owner = owner
        self.ident = ident
        self.ordinal = ordinal
        self.fields: dict[str, tuple[int, int]] = {}
        self.unrated_at = 0
        self.is_alive = True


class Model:
    """A program with its inputs, and the memos that the minimum is derived from."""

    def __init__(self, program: tuple[Rule, ...]) -> None:
        self.revision = 1
        self.program = list(program)
        self.slots = {0: 0, 1: 0}
        self.cells: dict[Node, Cell] = {("members",): Cell(None, 1), ("untracked",): Cell(None, 1)}
        for number, rule in enumerate(program):
            self.cells["body", number] = Cell(rule.body, 1)
        self.items: dict[int, str] = {}
        """The generation of each input that is there, by its key."""
        self.generations = 0
        self.memos: dict[Node, Memo] = {}
        self.capacity = EVICTING_CAPACITY
        self.used: dict[Node, None] = {}
        self.failed: dict[Node, tuple[Boom, dict[Node, None]]] = {}
        self.frame: Frame | None = None
        self.last_reads: dict[Node, None] = {}
        self.executed: list[Node] = []
        self.is_stored = False
        """With a store behind it, creating an input always makes a revision: who read the membership cannot be told from memory."""

    def fresh(self) -> Model:
        """The same program and inputs, nothing remembered."""
        other = Model(tuple(self.program))
        other.slots = dict(self.slots)
        other.items = dict(self.items)
        other.revision = self.revision
        other.cells = {node: Cell(cell.value, 1) for node, cell in self.cells.items()}
        return other

    # -- writing

    def write(self, changes: list[tuple[Any, ...]]) -> None:
        """Make several changes in one revision."""
        before = self.revision
        for kind, *rest in changes:
            match kind:
                case "set":
                    self._set_item(before, *rest)
                case "delete":
                    self._delete(before, *rest)
                case "edit":
                    number, body = rest
                    self.program[number] = self.program[number]._replace(body=body)
                    self._set(before, ("body", number), body)
                case "slot":
                    self.slots[rest[0]] = rest[1]
                    self.revision = before + 1
        if self.revision != before:
            self._begin_revision()

    def _set(self, before: int, node: Node, value: Any) -> None:
        cell = self.cells[node]
        if cell.value == value:
            return
        self.revision = before + 1
        unseen = all(memo.verified_at < cell.changed_at for memo in self.memos.values() if node in memo.deps)
        if cell.before is not None and cell.before[0] == value and unseen:
            cell.value, cell.changed_at = cell.before
            cell.before = None
            return
        if cell.before is None or not unseen:
            cell.before = (cell.value, cell.changed_at)
        cell.value = value
        cell.changed_at = self.revision

    def _set_item(self, before: int, key: int, name: str, value: int) -> None:
        if key in self.items:
            self._set(before, (name, key, self.items[key]), value)
            return
        self.generations += 1
        generation = self.items[key] = f"input {self.generations}"  # no other part of a key looks like it
        for other in "xy":
            self.cells[other, key, generation] = Cell(value if other == name else 0, self.revision)
        self._membership_changed(before, key)

    def _delete(self, before: int, key: int) -> None:
        if key not in self.items:
            return
        generation = self.items.pop(key)
        self._membership_changed(before, key)
        self.revision = before + 1
        for name in "xy":
            self.cells[name, key, generation].changed_at = self.revision
            self.cells[name, key, generation].before = None
        self._discard_keyed(generation)

    def _membership_changed(self, before: int, key: int) -> None:
        for node in (("members",), ("presence", key)):
            cell = self.cells.setdefault(node, Cell(None, 1))
            if self.is_stored or any(node in memo.deps for memo in self.memos.values()):
                self.revision = before + 1
                cell.changed_at = self.revision

    def _begin_revision(self) -> None:
        self.cells["untracked",].changed_at = self.revision
        for key in list(self.used)[: max(len(self.used) - self.capacity, 0)]:
            del self.used[key]
            self.memos[key].has_value = False

    def _discard_keyed(self, handle: Any) -> None:
        for key in [key for key in self.memos if handle in key[1:]]:
            memo = self.memos.pop(key, None)
            if memo is not None:
                for part in memo.created.values():
                    self._discard_part(part)
                for part in memo.rated:
                    self._forget(part)

    def _discard_part(self, part: PartModel) -> None:
        part.is_alive = False
        self._discard_keyed(part)

    def _forget(self, part: PartModel) -> None:
        """A rating that its maker does not give any more: that is a change of what the memo read, and its body is due."""
        part.unrated_at = self.revision

    # -- reading

    def ask(self, number: int, arg: int) -> int:
        """What a rule returns; asked from outside."""
        return int(self._outermost(lambda: self._rule(number, arg)))

    def collect(self, number: int, arg: int) -> list[int]:
        """What a rule and everything below it pushed; asked from outside."""
        return list(self._outermost(lambda: self.fetch(("collected", self.key(number, arg)))))

    def _outermost(self, call: Callable[[], Any]) -> Any:
        self.frame = None
        try:
            return call()
        finally:
            self.failed.clear()
            self.frame = None

    def key(self, number: int, arg: int) -> Node:
        """The memo of a rule."""
        flavour = self.program[number].flavour
        return (flavour, number) if flavour in CYCLIC else ("rule", number, arg)

    def _rule(self, number: int, arg: int) -> Any:
        return self.fetch(self.key(number, arg))

    def fetch(self, key: Node) -> Any:
        """The value of a memo, brought up to date; a read of the running body."""
        caller = self.frame
        memo = self.memos.get(key)
        if memo is None or memo.verified_at != self.revision or not memo.has_value:
            try:
                value = self._bring_up_to_date(key, memo)
            except Boom:
                if caller is not None:
                    caller.reads.update(self.last_reads)
                raise
            finally:
                self.frame = caller
        else:
            value = memo.value
        self._use(key)
        if caller is not None:
            caller.reads[key] = None
        return value

    def _use(self, key: Node) -> None:
        if self._flavour(key) == "evicting":
            self.used.pop(key, None)
            self.used[key] = None

    def _flavour(self, key: Node) -> str:
        return self.program[key[1]].flavour if key[0] == "rule" else str(key[0])

    def _bring_up_to_date(self, key: Node, memo: Memo | None) -> Any:
        if key in self.failed:
            error, self.last_reads = self.failed.pop(key)
            raise error
        if memo is not None and memo.verified_at and memo.verified_at != self.revision:
            self._verify(key)
        memo = self.memos.get(key)
        if memo is not None and memo.has_value and memo.verified_at == self.revision:
            return memo.value
        return self._execute(key)

    def refresh(self, key: Node) -> None:
        """Bring a memo up to date without needing its value; what fails is raised."""
        memo = self.memos.get(key)
        caller = self.frame
        if memo is not None and memo.verified_at == self.revision:
            return
        if memo is not None and memo.verified_at and not memo.has_value and key not in self.failed:
            try:
                self._verify(key)
            except Boom:
                if caller is not None:
                    caller.reads.update(self.last_reads)
                raise
            finally:
                self.frame = caller
            return
        reads = None if caller is None else dict(caller.reads)
        self.fetch(key)
        if caller is not None and reads is not None:
            caller.reads = reads

    def _verify(self, key: Node) -> None:
        memo = self.memos[key]
        if key[0] in CYCLIC:
            if any(self._changed_at(dep) > memo.verified_at for dep in memo.deps):
                self._execute(key)
            else:
                memo.verified_at = self.revision
            return
        for dep in memo.deps:
            if not self._settle_dep(dep) or self._changed_at(dep) > memo.verified_at:
                self._execute(key)
                return
        memo.verified_at = self.revision

    def _settle_dep(self, dep: Node) -> bool:
        """Bring a dependency up to date; False when it is gone or failed."""
        if dep[0] == "facet":
            if not dep[1].is_alive:
                return False
            target: Node = dep[1].owner
        elif dep[0] in ("outputs", "specified"):
            target = dep[1]
        else:
            target = dep
        if target[0] not in MEMO_KINDS:
            return True
        memo = self.memos.get(target)
        if memo is None:
            return False
        if memo.verified_at and memo.verified_at != self.revision:
            try:
                self._verify(target)
            except Boom as error:
                self.failed[target] = (error, self.last_reads)
                return False
        return True

    def _changed_at(self, dep: Node) -> int:
        if dep[0] == "facet":
            part = dep[1]
            return int(part.fields[dep[2]][1]) if part.is_alive else self.revision
        if dep[0] == "specified":
            maker = self.memos.get(dep[1])
            if maker is None or not dep[2].is_alive:
                return self.revision
            return maker.rated[dep[2]] if dep[2] in maker.rated else int(dep[2].unrated_at)
        if dep[0] == "outputs":
            memo = self.memos.get(dep[1])
            return memo.outputs_changed_at if memo is not None else self.revision
        if dep[0] in MEMO_KINDS:
            memo = self.memos.get(dep)
            return memo.changed_at if memo is not None else self.revision
        return self.cells[dep].changed_at

    # -- executing

    def _execute(self, key: Node) -> Any:
        frame = Frame(key)
        caller, self.frame = self.frame, frame
        old = self.memos.get(key)
        if key[0] == "rated" and old is not None and old.deps[0][0] == "specified":
            frame.reads[old.deps[0]] = None  # that its maker says nothing any more is the first thing that it depends on
        if key[0] not in ("collected", *CYCLIC):
            self.executed.append(key)
        try:
            value = _run(self, key)
        except Boom:
            self.last_reads = frame.reads
            raise
        finally:
            self.frame = caller
        self._publish(frame, value)
        self._use(key)
        return value

    def _publish(self, frame: Frame, value: Any) -> None:
        key = frame.key
        old = self.memos.get(key)
        changed_at = max((self._changed_at(dep) for dep in frame.reads), default=1)
        outputs = self.revision
        if old is not None and old.verified_at:
            is_evicted = not old.has_value
            same = old.verified_at == self.revision if is_evicted else old.value == value and self._flavour(key) != "loud"
            if same:
                changed_at = old.changed_at
            elif changed_at <= old.verified_at:
                changed_at = self.revision
            if old.deps == tuple(frame.reads) and old.pushed == tuple(frame.pushed):
                outputs = old.outputs_changed_at
        elif old is not None:
            changed_at = self.revision
        memo = Memo(
            value,
            changed_at,
            self.revision,
            tuple(frame.reads),
            tuple(frame.pushed),
            frame.created,
            frame.rated,
            outputs_changed_at=outputs,
        )
        self.memos[key] = memo
        if old is not None:
            for part in old.rated:
                if part not in frame.rated:
                    self._forget(part)
            for identity, part in old.created.items():
                if identity not in frame.created:
                    self._discard_part(part)

    # -- what a body may ask

    def read(self, node: Node) -> Any:
        """Read a cell."""
        assert self.frame is not None
        self.frame.reads[node] = None
        return self.cells.setdefault(node, Cell(None, 1)).value

    def calls(self, key: Node) -> Iterator[Node]:
        """The memos that one has read, in order."""
        for dep in self.memos[key].deps:
            if dep[0] in MEMO_KINDS:
                yield dep
            elif dep[0] == "facet" and dep[1].owner != key:
                yield dep[1].owner
            elif dep[0] in ("outputs", "specified"):
                yield dep[1]


class Surroundings:
    """A program's surroundings in the model."""

    def __init__(self, model: Model, arg: int) -> None:
        self.model = model
        self.arg = arg

    def field(self, key: int, name: str) -> int | None:
        self.model.read(("presence", key))
        generation = self.model.items.get(key)
        return None if generation is None else self.model.read((name, key, generation))

    def members(self) -> list[int]:
        self.model.read(("members",))
        return sorted(self.model.items)

    def untracked(self, slot: int) -> int:
        self.model.read(("untracked",))
        return self.model.slots[slot]

    def call(self, number: int, arg: int) -> int:
        return int(self.model.fetch(self.model.key(number, arg)))

    def item(self, key: int, number: int) -> int | None:
        self.model.read(("presence", key))
        generation = self.model.items.get(key)
        return None if generation is None else self.model.fetch(("item", number, key, generation))

    def intern(self, value: int) -> int:
        return int(self.model.fetch(("name", value)))

    def push(self, value: int) -> None:
        assert self.model.frame is not None
        self.model.frame.pushed.append(value)

    def accumulated(self, number: int, arg: int) -> list[int]:
        return list(self.model.fetch(("collected", self.model.key(number, arg))))

    def parts(self, number: int, arg: int) -> Any:
        return self.model.fetch(("parts", number, arg))

    def part_field(self, part: PartModel, name: str) -> int:
        model = self.model
        model.refresh(part.owner)
        assert model.frame is not None
        model.frame.reads["facet", part, name] = None
        return part.fields[name][0]

    def on_part(self, part: PartModel) -> int:
        return int(self.model.fetch(("on_part", part)))

    def rated(self, part: PartModel) -> int:
        return int(self.model.fetch(("rated", part)))

    def make(self, ident: int, v: int, w: int) -> PartModel:
        model = self.model
        frame = model.frame
        assert frame is not None
        ordinal = frame.ordinals.get(ident, 0)
        frame.ordinals[ident] = ordinal + 1
        old = model.memos.get(frame.key)
        part = old.created.get((ident, ordinal)) if old is not None else None
        if part is None:
            part = PartModel(frame.key, ident, ordinal)
        for name, value in (("v", v), ("w", w)):
            if name not in part.fields or part.fields[name][0] != value:
                part.fields[name] = (value, model.revision)
        frame.created[ident, ordinal] = part
        return part

    def rate(self, part: PartModel, value: int) -> None:
        model = self.model
        frame = model.frame
        assert frame is not None
        key = ("rated", part)
        old = model.memos.get(key)
        maker = model.memos.get(frame.key)
        given = ("specified", frame.key, part)
        is_same = old is not None and old.has_value and old.value == value
        frame.rated[part] = maker.rated[part] if is_same and maker is not None and part in maker.rated else model.revision
        changed_at = old.changed_at if old is not None and is_same else model.revision
        model.memos[key] = Memo(value, changed_at, model.revision, (given,), outputs_changed_at=model.revision)


def _run(model: Model, key: Node) -> Any:  # one branch a query
    match key:
        case ("rule", number, arg):
            return evaluate(Surroundings(model, arg), parse(model.read(("body", number))))
        case ("item", number, item, generation):
            arg = model.read(("x", item, generation))
            return evaluate(Surroundings(model, arg), parse(model.read(("body", number))))
        case ("name", value):
            return (value * 2 + len(Surroundings(model, 0).members())) % 5
        case ("parts", number, arg):
            return make_parts(Surroundings(model, arg), parse(model.read(("body", number))))
        case ("on_part", part):
            here = Surroundings(model, 0)
            return sum(here.part_field(inner, "v") for inner in model.fetch(("inside", part))) % 5
        case ("inside", part):
            here = Surroundings(model, 0)
            w = here.part_field(part, "w")
            return tuple(here.make(index, (part.ident + index) % 5, 0) for index in range(w % 3))
        case ("rated", part):
            here = Surroundings(model, 0)
            y = here.field(0, "y")
            return (here.part_field(part, "v") + (y or 0)) % 5
        case ("collected", root):
            return _collect(model, root)
        case (("fix" | "fallback"), _):
            return solve(model, key)
    raise AssertionError(key)


def _collect(model: Model, root: Node) -> tuple[int, ...]:
    model.refresh(root)
    assert model.frame is not None
    collected: list[int] = []
    seen = {root}
    pending = [root]
    while pending:
        visited = pending.pop()
        model.frame.reads["outputs", visited] = None
        collected += model.memos[visited].pushed
        below = []
        for called in model.calls(visited):
            if called not in seen:
                seen.add(called)
                below.append(called)
        pending.extend(reversed(below))
    return tuple(collected)


def solve(model: Model, key: Node) -> int:
    """The value of a rule that may be part of cycles: least fixpoint, or its fallback if it is in one."""
    flavour, number = key
    expressions: dict[int, Any] = {}
    pending = [number]
    while pending:
        current = pending.pop()
        if current not in expressions:
            expressions[current] = parse(model.read(("body", current)))
            pending.extend(called_by(expressions[current]))
    values = dict.fromkeys(expressions, 0)
    here = Surroundings(model, 0)
    if flavour == "fallback":
        for rule in expressions:
            if rule in _reach(expressions, rule):
                values[rule] = rule % 3 + 1
    free = [rule for rule in expressions if flavour == "fix" or rule not in _reach(expressions, rule)]
    for expression in expressions.values():
        _substituted(here, expression, values)  # what the bodies read, whether or not a fallback takes the place of what they return
    while True:
        fresh = {rule: _substituted(here, expressions[rule], values) for rule in free}
        if all(values[rule] == value for rule, value in fresh.items()):
            return values[number]
        values.update(fresh)


def _reach(expressions: dict[int, Any], start: int) -> set[int]:
    """The rules called by a rule, directly or through others."""
    seen: set[int] = set()
    pending = list(called_by(expressions[start]))
    while pending:
        rule = pending.pop()
        if rule not in seen:
            seen.add(rule)
            pending.extend(called_by(expressions[rule]))
    return seen


def called_by(expression: Any) -> set[int]:
    """The rules that an expression of max, min and calls names."""
    if expression[0] == "call":
        return {expression[1]}
    return set().union(*(called_by(part) for part in expression[1:] if isinstance(part, tuple))) if len(expression) > 1 else set()


def _substituted(here: Surroundings, expression: Any, values: dict[int, int]) -> int:
    kind, *rest = expression
    if kind == "call":
        return values[rest[0]]
    if kind in ("max", "min"):
        one, other = (_substituted(here, part, values) for part in rest)
        return max(one, other) if kind == "max" else min(one, other)
    return evaluate(here, expression)
