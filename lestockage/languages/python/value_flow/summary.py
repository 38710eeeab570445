"""Summary: how values move through one unit's own code: a pure function of what its content hash covers, without positions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lestockage.languages.python.control_flow.flow import own_statements
from lestockage.languages.python.depth import with_room
from lestockage.languages.python.packing import pack
from lestockage.languages.python.value_flow import displays, operations  # noqa: F401  # each enters its evaluators
from lestockage.languages.python.value_flow.assumptions import assume, assume_yielded
from lestockage.languages.python.value_flow.builder import JOIN, NOTHING, Builder
from lestockage.languages.python.value_flow.cases import asked_most, walk
from lestockage.languages.python.value_flow.evaluation import variable
from lestockage.languages.python.value_flow.initial import set_first
from lestockage.languages.python.value_flow.opcodes import (
    ANNOTATED,
    ASYNC,
    COPY,
    GENERATOR,
    GIVES_FALSE,
    GIVES_TRUE,
    HEADING,
    INSIDE,
    METACLASS,
    SETS,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lestockage.languages.python.unit import Code, Definition, Sited
    from lestockage.languages.python.value_flow.builder import ScopeNames, Source
    from lestockage.languages.python.value_flow.cases import Asked

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def summarize(
    node: Code,
    kind: str,
    scope: ScopeNames,
    ordinals: Mapping[Sited, int],
    opened: Mapping[Definition | ast.Lambda, tuple[str, int]],
) -> bytes:
    """Return the encoded summary of a unit.

    `ordinals`: of its calls by node, and of the decorators it applies by (expression,); `opened`: the dotted name and ordinal of each
    definition and lambda directly in it.
    Raises RecursionError for code that is nested too deeply even for a large stack.
    """
    b = Builder(kind, scope, ordinals, opened)
    try:
        found = _summarize(node, kind, b)
        asked = asked_most(b)
        return found if asked is None else _summarize(node, kind, Builder(kind, scope, ordinals, opened), asked)
    except RecursionError:
        pass  # and leave the handler, so that the frames it holds are gone
    b = Builder(kind, scope, ordinals, opened)
    return with_room(lambda again: _summarize(node, kind, again), b)


def _summarize(node: Code, kind: str, b: Builder, asked: Asked | None = None) -> bytes:
    parameters: list[tuple[str, int, int]] = []
    bases: tuple[int, ...] = ()
    if isinstance(node, ast.ClassDef):
        bases = _bases(node, b)
    elif not isinstance(node, ast.Module):
        parameters = _parameters(node, kind, b)
        if kind == "method" and isinstance(node, ast.FunctionDef) and node.name == "__init__":
            _initializer(node, parameters, b)
    if isinstance(node, ast.AsyncFunctionDef):
        b.flags |= ASYNC
    walk(node, b, asked)
    b.flags |= _answer(node)
    for attribute, annotation in b.kept:
        assumed = b.variable()
        before = len(b.ops)
        assume(assumed, annotation, b, HEADING)
        if len(b.ops) > before:
            b.emit((ANNOTATED, attribute, assumed))
    result, yields = _outcome(node, b)
    cells = [(name, b.gather([*seen])) for name, seen in (b.cells or {}).items()]
    cells += [(name, NOTHING) for name in b.bound if b.cells is not None and name not in b.cells]
    outgoing = [(name, b.gather([*seen]), b.outer[name]) for name, seen in b.outgoing.items()]
    named = tuple([(name, _one(place, b)) for name, place in cells])
    out = tuple([(name, _one(place, b), is_global) for name, place, is_global in outgoing])
    _settle(b)
    used = tuple([(name, how, b.real.get(place, NOTHING)) for name, how, place in parameters])
    free = tuple([(name, place, heading) for (name, heading), place in b.frees.items()])
    ops = list(filter(None, b.ops))
    return pack((b.count, used, result, yields, b.flags, named, free, out, bases, ops))


def _parameters(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, kind: str, b: Builder) -> list[tuple[str, int, int]]:
    """Bind the parameters; each becomes a variable when it is used, and then has what its annotation says."""
    arguments = node.args
    found = []
    for how, group in (
        (0, arguments.posonlyargs),
        (1, arguments.args),
        (2, [arguments.vararg]),
        (3, arguments.kwonlyargs),
        (4, [arguments.kwarg]),
    ):
        for argument in group:
            if argument is None:
                continue
            sources: list[Source] = [] if argument.annotation is None or how in (2, 4) else [argument.annotation]
            place = b.gather(sources)
            b.env[argument.arg] = place
            if b.tracks:
                b.dirty[argument.arg] = None
            found.append((argument.arg, how, place))
    if kind == "method" and found and found[0][1] < 2:
        b.receiver = found[0][2]
    b.objects = {name: place for name, how, place in found if how not in (2, 4) and place != b.receiver}
    return found


def _answer(node: Code) -> int:
    """Return the flag of a function that does nothing but give True, or False; 0 of others."""
    if type(node) is not ast.FunctionDef:
        return 0
    match own_statements(node):
        case [ast.Return(value=ast.Constant(value=bool() as given))]:
            return GIVES_TRUE if given else GIVES_FALSE
    return 0


def _initializer(node: ast.FunctionDef, parameters: list[tuple[str, int, int]], b: Builder) -> None:
    """Say what an `__init__` sets first; of its parameters, it is said by each call what they are where they are kept."""
    b.objects = {}
    names = set_first(node)
    if names:
        b.emit((SETS, names))
    annotations = {each.arg: each.annotation for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
    b.parameters = [(place, annotations[name]) for name, how, place in parameters if how not in (2, 4)]


def _bases(node: ast.ClassDef, b: Builder) -> tuple[int, ...]:
    """Return the variables of a class's bases, read where the class is defined; a generic base `B[T]` is its `B`."""
    b.heading = HEADING
    plain = [base for base in node.bases if type(base) is not ast.Starred]
    found = tuple([variable(base.value if type(base) is ast.Subscript else base, b) for base in plain])
    for keyword in node.keywords:
        if keyword.arg == "metaclass":
            b.emit((METACLASS, variable(keyword.value, b)))
    b.heading = INSIDE
    return found


def _outcome(node: Code, b: Builder) -> tuple[int, int]:
    """Return the variables of what the unit returns and yields, with what its annotation says of them."""
    returns = node.returns if isinstance(node, FUNCTIONS) else None
    is_generator = bool(b.flags & GENERATOR)
    yields = NOTHING
    if is_generator:
        yields = b.resolve(b.gather([*b.yields]))
        if returns is not None:
            assume_yielded(yields, returns, b)
    if returns is not None and not is_generator:
        before = len(b.ops)
        joined = b.gather([*b.results])
        result = b.resolve(joined)
        assume(result, returns, b, HEADING)
        if len(b.ops) == before and not b.results:
            b.waiting.remove(joined)
            return NOTHING, yields
        return result, yields
    return (b.use(b.join([each for each in b.results if isinstance(each, int)])) if b.results else NOTHING), yields


def _one(place: int, b: Builder) -> int:
    """Return the variable of a join: of its only source, if there is one."""
    if place == NOTHING:
        return NOTHING
    sources = [b.held(each) for each in b.sources[place - JOIN] if isinstance(each, int)]
    distinct = [each for each in dict.fromkeys(sources) if each != NOTHING]
    if len(distinct) == 1:
        return distinct[0]
    return b.resolve(place) if distinct else NOTHING


def _settle(b: Builder) -> None:
    """Emit what flows into the joins that have become variables."""
    place = 0
    while place < len(b.waiting):
        join = b.waiting[place]
        place += 1
        found = b.real[join]
        for source in dict.fromkeys(b.sources[join - JOIN]):
            if not isinstance(source, int):
                assume(found, source, b, HEADING)
            elif source not in (NOTHING, join):
                flowing = b.held(source)
                if flowing not in (NOTHING, found):
                    b.emit((COPY, found, flowing))
