"""Observing: runs a program and says which of its steps were executed, in order, frame by frame, and which bindings each step read."""

from __future__ import annotations

import asyncio
import builtins
import random
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>")  # frames of their own until Python 3.12, part of the unit all the same
LONGEST = 300


class Failing(Exception):  # noqa: N818  # named for what it says
    """What steps raise."""


class Other(Exception):  # noqa: N818  # as above
    """What they raise as well."""


class Step:
    """One thing that was executed: a probe was read ("read"), an iterator asked ("next"), a context left ("exit")."""

    def __init__(self, what: str, probe: str) -> None:
        self.what = what
        self.probe = probe

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Step) and (self.what, self.probe) == (other.what, other.probe)

    def __hash__(self) -> int:
        return hash((self.what, self.probe))

    def __repr__(self) -> str:
        return f"{self.what} {self.probe}"


class Run:
    """One run's record: the steps of the frames of the program, its lambdas and its deferred bodies, and the pairs of binding and use."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  # nothing secret: a run that can be repeated
        self.frames: list[tuple[FrameType, list[Step]]] = []
        self.pairs: set[tuple[Step, Step | None, str]] = set()
        self.count = 0
        self.ended: list[tuple[FrameType, str]] = []

    def log(self, step: Step, frame: FrameType) -> None:
        """Record a step of the frame that made it."""
        while frame.f_code.co_name in COMPREHENSIONS:
            assert frame.f_back is not None
            frame = frame.f_back
        self.count += 1
        for known, steps in self.frames:
            if known is frame:
                steps.append(step)
                return
        self.frames.append((frame, [step]))

    @property
    def is_over(self) -> bool:
        """Whether the run has been long enough: everything is then answered so that it ends."""
        return self.count > LONGEST

    def chance(self, share: float) -> bool:
        """Decide something, seldom towards going on for ever."""
        return not self.is_over and self.random.random() < share

    def may_raise(self, share: float = 0.06) -> None:
        """Raise now and then."""
        if self.chance(share):
            raise self.random.choice([Failing, Other])


class Value:
    """What a probe gives: callable, true or false, iterable, awaitable, a context; it knows which step made it."""

    def __init__(self, run: Run, probe: str, made_by: Step | None = None) -> None:
        self.run = run
        self.probe = probe
        self.made_by: Step | None = made_by or Step("read", probe)

    def __call__(self, **read: Any) -> Value:
        """Be told what variables hold."""
        for name, value in read.items():
            maker = getattr(value, "made_by", None)
            if maker is not None:
                self.run.pairs.add((maker, Step("read", self.probe), name))
        self.run.may_raise()
        return Value(self.run, self.probe)

    def call(self, later: Any, _read_last: object = None) -> Any:
        """Run a body that runs later: a lambda, or a generator expression to its end."""
        if _read_last is not None:
            return list(later)
        frames = self.run.frames
        before = len(frames)
        outcome = "raised"
        try:
            made = later()
            outcome = "exit"
        finally:
            self.run.ended += [(frame, outcome) for frame, _ in frames[before:] if frame.f_code is later.__code__]
        return made

    def __bool__(self) -> bool:
        self.run.may_raise(0.03)
        return self.run.is_over if self.probe.startswith("p") and self.run.is_over else self.run.random.random() < 0.5

    def __lt__(self, other: object) -> bool:
        return self.run.random.random() < 0.6

    def __add__(self, other: Value) -> Value:
        if self.made_by is not None:
            self.run.pairs.add((self.made_by, other.made_by, ""))
        return other

    def __matmul__(self, other: Value) -> Value:
        return other

    def __rmatmul__(self, other: object) -> Value:
        return self

    def __hash__(self) -> int:
        return id(self)

    def _next(self, frame: FrameType) -> Value:
        self.run.log(Step("next", self.probe), frame)
        self.run.may_raise(0.05)
        if not self.run.chance(0.6):
            raise StopIteration
        return Item(self.run, self.probe, Step("next", self.probe))

    def __iter__(self) -> Iterator[Value]:
        return Iterating(self)

    def __enter__(self) -> Value:  # noqa: PYI034  # what is entered is another value
        self.run.may_raise(0.05)
        return Value(self.run, self.probe)

    def _exit(self, frame: FrameType) -> bool:
        self.run.log(Step("exit", self.probe), frame)
        self.run.may_raise(0.05)
        return self.run.random.random() < 0.4

    def __exit__(self, *error: object) -> bool:
        return self._exit(sys._getframe(1))

    def __await__(self) -> Iterator[Any]:
        self.run.may_raise()
        yield None
        return self

    def __aiter__(self) -> Value:
        return self

    async def __anext__(self) -> Value:
        try:
            return self._next(sys._getframe(1))
        except StopIteration:
            raise StopAsyncIteration from None

    async def __aenter__(self) -> Value:  # noqa: PYI034  # as above
        return self.__enter__()

    async def __aexit__(self, *error: object) -> bool:
        return self._exit(sys._getframe(1))


class Iterating:
    """A value being iterated over."""

    def __init__(self, value: Value) -> None:
        self.value = value

    def __iter__(self) -> Iterating:
        return self

    def __next__(self) -> Value:
        frame = sys._getframe(1)
        return self.value._next(frame)


class Item(Value):
    """One of the items; unpacked, it gives two values that nobody made."""

    def __iter__(self) -> Iterator[Value]:
        self.run.may_raise(0.05)
        first, second = Value(self.run, self.probe), Value(self.run, self.probe)
        first.made_by = second.made_by = None
        return iter((first, second))


class Probes(dict[str, Any]):
    """The builtins of a program: reading a probe is a step."""

    def __init__(self, run: Run) -> None:
        super().__init__(vars(builtins))
        self.run = run

    def __missing__(self, name: str) -> Any:
        if name[0] not in "pec" or not name[1:].isdigit():
            raise KeyError(name)
        run = self.run
        run.log(Step("read", name), sys._getframe(1))
        if name[0] == "e":
            error = sys.exc_info()[1]
            kind = run.random.choice([Failing, Other, Exception])
            if error is not None and isinstance(error, kind):
                error.made_by = Step("read", name)  # type: ignore[attr-defined]  # what the handler binds
            return kind
        run.may_raise()
        if name[0] == "c":
            return run.random.choice([Value, int])
        return Value(run, name)


def observe(source: str, seed: int) -> Run:
    """Run the function `program` of the source once, all its chances decided by the seed."""
    run = Run(seed)
    space: dict[str, Any] = {"__builtins__": Probes(run), "__name__": "program"}
    exec(compile(source, "<program>", "exec"), space)  # noqa: S102  # written by `programs`
    made = None
    outcome = "exit"
    try:
        made = space["program"]()
        if hasattr(made, "send") and hasattr(made, "gi_frame"):
            outcome = _drive(made, run)
        elif asyncio.iscoroutine(made):
            outcome = _await(made, run)
    except (Failing, Other, UnboundLocalError, Exception):  # noqa: BLE001  # whatever leaves the program has left it
        outcome = "raised"
    for frame, _ in run.frames:
        if frame.f_code.co_name == "program":
            run.ended.append((frame, outcome))
    return run


def _drive(generator: Any, run: Run) -> str:
    """Resume a generator until it ends, throw into it now and then, or give it up."""
    try:
        next(generator)
        while True:
            if run.random.random() < 0.15:
                generator.throw(Failing())
            elif run.random.random() < 0.05:
                generator.close()
                return "closed"
            else:
                next(generator)
    except StopIteration:
        return "exit"
    except RuntimeError as error:
        if "ignored GeneratorExit" in str(error):
            return "closed"
        raise


def _await(coroutine: Any, run: Run) -> str:
    """Resume a coroutine until it ends, cancelling it now and then."""
    try:
        coroutine.send(None)
        while True:
            if run.random.random() < 0.05:
                coroutine.throw(Failing())
            else:
                coroutine.send(None)
    except StopIteration:
        return "exit"
