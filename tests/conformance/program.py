"""Program: a random program as data, and what its expressions mean, whoever answers their reads.

A program is a list of rules. A rule has a flavour, which decides the query that runs it, and a body: an expression as nested tuples, kept
as text in an input, so that editing a rule is a write like any other. Expressions are small integers modulo `RANGE`, so that equal results
after different inputs, the food of backdating, are common. Rules call rules of a higher number only, but "fix" rules, which call each other.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from hypothesis import strategies as st

RANGE = 5
KEYS = 3
ARGS = 2
SLOTS = 2


class Boom(Exception):  # noqa: N818  # what a body raises on purpose
    """What a body raises on purpose; equal when its value is."""


class Rule(NamedTuple):
    """One rule of a program: the query that runs it, and its body."""

    flavour: str
    body: str


class Context(Protocol):
    """What a body may ask of its surroundings; the engine, the model and a from-scratch evaluation each answer."""

    arg: int

    def field(self, key: int, name: str) -> int | None: ...  # noqa: D102
    def members(self) -> list[int]: ...  # noqa: D102
    def untracked(self, slot: int) -> int: ...  # noqa: D102
    def call(self, number: int, arg: int) -> int: ...  # noqa: D102
    def item(self, key: int, number: int) -> int | None: ...  # noqa: D102
    def intern(self, value: int) -> int: ...  # noqa: D102
    def push(self, value: int) -> None: ...  # noqa: D102
    def accumulated(self, number: int, arg: int) -> list[int]: ...  # noqa: D102
    def parts(self, number: int, arg: int) -> Any: ...  # noqa: D102
    def part_field(self, part: Any, name: str) -> int: ...  # noqa: D102
    def on_part(self, part: Any) -> int: ...  # noqa: D102
    def rated(self, part: Any) -> int: ...  # noqa: D102
    def make(self, ident: int, v: int, w: int) -> Any: ...  # noqa: D102
    def rate(self, part: Any, value: int) -> None: ...  # noqa: D102


@lru_cache(maxsize=4096)
def parse(body: str) -> Any:
    """The expression that a body spells."""
    return ast.literal_eval(body)


def evaluate(context: Context, expression: Any) -> int:  # noqa: C901, PLR0911, PLR0912  # one branch a kind of expression
    """The value of an expression, 0 <= value < RANGE; raises Boom where the expression says so."""
    kind, *rest = expression
    match kind:
        case "const":
            return int(rest[0])
        case "arg":
            return context.arg % RANGE
        case "field":
            found = context.field(*rest)
            return 4 if found is None else found
        case "count":
            return len(context.members()) % RANGE
        case "sum":
            return sum(context.field(key, rest[0]) or 0 for key in context.members()) % RANGE
        case "slot":
            return context.untracked(rest[0])
        case "call":
            return context.call(rest[0], evaluate(context, rest[1]) % ARGS)
        case "item":
            found = context.item(*rest)
            return 3 if found is None else found
        case "if":
            return evaluate(context, rest[1] if evaluate(context, rest[0]) > 1 else rest[2])
        case "add":
            return (evaluate(context, rest[0]) + evaluate(context, rest[1])) % RANGE
        case "max":
            return max(evaluate(context, rest[0]), evaluate(context, rest[1]))
        case "min":
            return min(evaluate(context, rest[0]), evaluate(context, rest[1]))
        case "half":
            return evaluate(context, rest[0]) // 2
        case "raise":
            value = evaluate(context, rest[0])
            if value > 2:
                raise Boom(value)
            return value
        case "catch":
            try:
                return evaluate(context, rest[0])
            except Boom as error:
                return (int(error.args[0]) + 1) % RANGE
        case "intern":
            return context.intern(evaluate(context, rest[0]))
        case "push":
            value = evaluate(context, rest[0])
            context.push(value)
            return value
        case "collect":
            return sum((place + 1) * value for place, value in enumerate(context.accumulated(rest[0], evaluate(context, rest[1]) % ARGS))) % RANGE
        case "parts":
            return _over_parts(context, rest[0], context.parts(rest[1], evaluate(context, rest[2]) % ARGS))
    raise AssertionError(f"no such expression: {expression!r}")


def _over_parts(context: Context, what: str, parts: Any) -> int:
    if what == "v":
        return sum(context.part_field(part, "v") for part in parts) % RANGE
    if what == "on":
        return sum(context.on_part(part) for part in parts) % RANGE
    return sum(context.rated(part) for part in parts) % RANGE


def make_parts(context: Context, entries: Any) -> tuple[Any, ...]:
    """Run the body of a "parts" rule: `(condition, ident, v, w, rating or None)` for every struct; made where the condition is not 0."""
    made = []
    for condition, ident, v, w, rating in entries:
        if evaluate(context, condition):
            part = context.make(evaluate(context, ident) % 3, evaluate(context, v), evaluate(context, w))
            if rating is not None and (value := evaluate(context, rating)) > 1:
                context.rate(part, value)
            made.append(part)
    return tuple(made)


# -- generation

FLAVOURS = ("plain", "plain", "plain", "evicting", "loud", "item", "parts", "fix", "fallback")

_PURE_LEAVES = st.one_of(
    st.tuples(st.just("const"), st.integers(0, RANGE - 1)),
    st.just(("arg",)),
    st.tuples(st.just("field"), st.integers(0, KEYS - 1), st.sampled_from("xy")),
    st.just(("count",)),
    st.tuples(st.just("sum"), st.sampled_from("xy")),
)
_LEAVES = _PURE_LEAVES | st.tuples(st.just("slot"), st.integers(0, SLOTS - 1))
_FIX_LEAVES = st.one_of(
    st.tuples(st.just("const"), st.integers(0, RANGE - 1)),
    st.tuples(st.just("field"), st.integers(0, KEYS - 1), st.sampled_from("xy")),
)


def bodies(number: int, flavours: tuple[str, ...], *, is_pure: bool = False) -> st.SearchStrategy[str]:
    """Bodies for the rule of that number, calling only what it may call; pure ones read nothing untracked and leave nothing beside."""
    flavour = flavours[number]
    if flavour in ("fix", "fallback"):
        others = [other for other, kind in enumerate(flavours) if kind == flavour]
        return _cyclic(tuple(others)).map(repr)
    expressions = _expressions(number, flavours, is_pure)
    if flavour == "parts":
        entry = st.tuples(expressions, expressions, expressions, expressions, st.none() | expressions)
        return st.lists(entry, min_size=1, max_size=3).map(repr)
    return expressions.map(repr)


@lru_cache(maxsize=256)
def _cyclic(others: tuple[int, ...]) -> st.SearchStrategy[Any]:
    leaves = _FIX_LEAVES | st.tuples(st.just("call"), st.sampled_from(others), st.just(("const", 0)))
    return st.recursive(leaves, lambda inner: st.tuples(st.sampled_from(("max", "min")), inner, inner), max_leaves=4)


def _expressions(number: int, flavours: tuple[str, ...], is_pure: bool) -> st.SearchStrategy[Any]:
    later = range(number + 1, len(flavours))
    calls = tuple(other for other in later if flavours[other] not in ("item", "parts"))
    items = tuple(other for other in later if flavours[other] == "item")
    parts = tuple(other for other in later if flavours[other] == "parts")
    return _calling(calls, items, parts, is_pure)


@lru_cache(maxsize=1024)
def _calling(calls: tuple[int, ...], items: tuple[int, ...], parts: tuple[int, ...], is_pure: bool) -> st.SearchStrategy[Any]:
    """Expressions that may call these rules; kept, because making a strategy costs more than drawing from it."""

    def grow(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        kinds = [
            st.tuples(st.just("if"), inner, inner, inner),
            st.tuples(st.just("add"), inner, inner),
            st.tuples(st.sampled_from(("half", "raise", "catch", "intern") if is_pure else ("half", "raise", "catch", "intern", "push")), inner),
        ]
        if calls:
            kinds += [st.tuples(st.just("call"), st.sampled_from(calls), inner)] * 3
            kinds.append(st.tuples(st.just("catch"), st.tuples(st.just("call"), st.sampled_from(calls), inner)))
            if not is_pure:
                kinds.append(st.tuples(st.just("collect"), st.sampled_from(calls), inner))
        if parts:
            kinds += [st.tuples(st.just("parts"), st.sampled_from(("v", "on", "rated")), st.sampled_from(parts), inner)] * 2
        return st.one_of(kinds)

    leaves = _PURE_LEAVES if is_pure else _LEAVES
    if items:
        leaves = leaves | st.tuples(st.just("item"), st.integers(0, KEYS - 1), st.sampled_from(items))
    if calls:
        leaves = leaves | st.tuples(st.just("call"), st.sampled_from(calls), st.just(("arg",)))
    return st.recursive(leaves, grow, max_leaves=6)


@st.composite
def programs(draw: st.DrawFn, *, flavours: tuple[str, ...] = FLAVOURS, is_pure: bool = False) -> tuple[Rule, ...]:
    """Whole programs of two to six rules."""
    chosen = tuple(draw(st.lists(st.sampled_from(flavours), min_size=2, max_size=6)))
    return tuple(Rule(flavour, draw(bodies(number, chosen, is_pure=is_pure))) for number, flavour in enumerate(chosen))
