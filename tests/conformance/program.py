"""Program: a random program as data, and what its expressions mean, whoever answers their reads.

A program is a list of rules. A rule has a flavour, which decides the query that runs it, and a body: an expression as nested tuples,
kept as text in an input, so that editing a rule is a write like any other. Expressions are small integers modulo `RANGE`, so that equal
results after different inputs, the food of backdating, are common. Rules call rules of a higher number only; "fix" and "fallback" rules
call each other.
"""

# ruff: noqa: D102  # the surroundings of a program are described once, by `program.Context`

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

    def field(self, key: int, name: str) -> int | None: ...
    def members(self) -> list[int]: ...
    def untracked(self, slot: int) -> int: ...
    def call(self, number: int, arg: int) -> int: ...
    def item(self, key: int, number: int) -> int | None: ...
    def intern(self, value: int) -> int: ...
    def push(self, value: int) -> None: ...
    def accumulated(self, number: int, arg: int) -> list[int]: ...
    def parts(self, number: int, arg: int) -> Any: ...
    def part_field(self, part: Any, name: str) -> int: ...
    def on_part(self, part: Any) -> int: ...
    def rated(self, part: Any) -> int: ...
    def make(self, ident: int, v: int, w: int) -> Any: ...
    def rate(self, part: Any, value: int) -> None: ...


@lru_cache(maxsize=4096)
def parse(body: str) -> Any:
    """The expression that a body spells."""
    return ast.literal_eval(body)


def evaluate(context: Context, expression: Any) -> int:  # noqa: PLR0912  # one branch a kind of expression
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
            return (
                sum((place + 1) * value for place, value in enumerate(context.accumulated(rest[0], evaluate(context, rest[1]) % ARGS)))
                % RANGE
            )
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

_CONSTANTS = st.integers(0, RANGE - 1)
_ITEM_KEYS = st.integers(0, KEYS - 1)
_FIELDS = st.sampled_from("xy")
_OVER = st.sampled_from(("v", "on", "rated"))


class Scope(NamedTuple):
    """What expressions of one rule may name."""

    calls: tuple[int, ...]
    items: tuple[int, ...]
    parts: tuple[int, ...]
    is_pure: bool

    def kinds(self) -> tuple[str, ...]:
        """The kinds of expressions that have others inside, as often as they should come up."""
        kinds = ["if", "if", "add", "half", "raise", "catch", "intern"]
        kinds += ["push"]
        kinds += ["call", "call", "call", "call", "catch call"] if self.calls else []
        kinds += ["collect"] if self.calls else []
        kinds += ["parts", "parts"] if self.parts else []
        return tuple(kinds)

    def leaves(self) -> tuple[str, ...]:
        """The kinds that have none."""
        leaves = ["field", "field", "arg", "const", "count", "sum"]
        leaves += [] if self.is_pure else ["slot"]
        leaves += ["item"] if self.items else []
        leaves += ["call arg", "call arg"] if self.calls else []
        return tuple(leaves)


@lru_cache(maxsize=1024)
def _scope(number: int, flavours: tuple[str, ...], is_pure: bool) -> tuple[Scope, Any, Any]:
    later = range(number + 1, len(flavours))
    scope = Scope(
        tuple(other for other in later if flavours[other] not in ("item", "parts")),
        tuple(other for other in later if flavours[other] == "item"),
        tuple(other for other in later if flavours[other] == "parts"),
        is_pure,
    )
    return scope, st.sampled_from(scope.leaves()), st.sampled_from(scope.leaves() + scope.kinds())


def _expression(draw: st.DrawFn, scopes: tuple[Scope, Any, Any], depth: int) -> tuple[Any, ...]:  # one branch a kind
    scope, leaves, all_kinds = scopes
    kind = draw(all_kinds if depth else leaves)

    def inner() -> tuple[Any, ...]:
        return _expression(draw, scopes, depth - 1)

    match kind:
        case "const":
            return kind, draw(_CONSTANTS)
        case "arg" | "count":
            return (kind,)
        case "field":
            return kind, draw(_ITEM_KEYS), draw(_FIELDS)
        case "sum":
            return kind, draw(_FIELDS)
        case "slot":
            return kind, draw(st.integers(0, SLOTS - 1))
        case "item":
            return kind, draw(_ITEM_KEYS), draw(st.sampled_from(scope.items))
        case "call arg":
            return "call", draw(st.sampled_from(scope.calls)), ("arg",)
        case "catch call":
            return "catch", ("call", draw(st.sampled_from(scope.calls)), inner())
        case "call" | "collect":
            return kind, draw(st.sampled_from(scope.calls)), inner()
        case "parts":
            return kind, draw(_OVER), draw(st.sampled_from(scope.parts)), inner()
        case "if":
            return kind, inner(), inner(), inner()
        case "add":
            return kind, inner(), inner()
    return kind, inner()


def _cyclic(draw: st.DrawFn, others: tuple[int, ...], depth: int) -> tuple[Any, ...]:
    kind = draw(st.sampled_from(("call", "call", "field", "const", "max", "min", "max", "min")[: 8 if depth else 4]))
    match kind:
        case "call":
            return kind, draw(st.sampled_from(others)), ("const", 0)
        case "field":
            return kind, draw(_ITEM_KEYS), draw(_FIELDS)
        case "const":
            return kind, draw(_CONSTANTS)
    return kind, _cyclic(draw, others, depth - 1), _cyclic(draw, others, depth - 1)


@st.composite
def bodies(draw: st.DrawFn, number: int, flavours: tuple[str, ...], *, is_pure: bool = False) -> str:
    """Bodies for the rule of that number, calling only what it may call; pure ones read nothing untracked."""
    flavour = flavours[number]
    if flavour in ("fix", "fallback"):
        others = tuple(other for other, kind in enumerate(flavours) if kind == flavour)
        return repr(_cyclic(draw, others, 2))
    scopes = _scope(number, flavours, is_pure)
    if flavour != "parts":
        return repr(_expression(draw, scopes, 3))
    entries = []
    for _ in range(draw(st.integers(1, 3))):
        condition, ident, v, w = (_expression(draw, scopes, 1) for _ in range(4))
        entries.append((condition, ident, v, w, _expression(draw, scopes, 1) if draw(st.booleans()) else None))
    return repr(entries)


@st.composite
def programs(draw: st.DrawFn, *, flavours: tuple[str, ...] = FLAVOURS, is_pure: bool = False) -> tuple[Rule, ...]:
    """Whole programs of two to six rules."""
    chosen = tuple(draw(st.lists(st.sampled_from(flavours), min_size=2, max_size=6)))
    return tuple(Rule(flavour, draw(bodies(number, chosen, is_pure=is_pure))) for number, flavour in enumerate(chosen))
