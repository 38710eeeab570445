"""Conditions: tests, and what each way out of one tells of the values that were tested."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lestockage.languages.python.value_flow.builder import NOTHING
from lestockage.languages.python.value_flow.evaluation import evaluates, value
from lestockage.languages.python.value_flow.narrowing import Known, instance, place_of
from lestockage.languages.python.value_flow.opcodes import BINARY, METHOD

if TYPE_CHECKING:
    from lestockage.languages.python.value_flow.builder import Builder, Path

COMPARISONS: dict[type[ast.cmpop], str] = {ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge"}


def condition(node: ast.expr, b: Builder) -> tuple[Known | None, Known | None]:
    """Evaluate a test; return what is known when it holds and when it fails, None for what cannot be."""
    kind = type(node)
    if kind is ast.Compare:
        compare(node, b, is_wanted=False)  # type: ignore[arg-type]  # by exact type, which the checker does not follow
        return _comparison(node, b)  # type: ignore[arg-type]
    if kind is ast.BoolOp:
        return _operands(node, b)  # type: ignore[arg-type]
    if kind is ast.UnaryOp and type(node.op) is ast.Not:  # type: ignore[attr-defined]
        holds, fails = condition(node.operand, b)  # type: ignore[attr-defined]
        return fails, holds
    if kind is ast.Constant:
        return ([], None) if node.value else (None, [])  # type: ignore[attr-defined]
    method = question(node, b)
    found = value(node, b)
    if kind is ast.Call and type(node.func) is ast.Name and node.func.id == "isinstance":  # type: ignore[attr-defined]
        arguments = node.args  # type: ignore[attr-defined]
        return instance(arguments[0], arguments[1], b) if len(arguments) == 2 else ([], [])
    truth(found, b)
    answer = None if method is None else b.answers.get(method)
    return ([], []) if answer is None else ([], None) if answer else (None, [])


def question(node: ast.expr, b: Builder) -> str | None:
    """Return the method by which a test asks what a parameter holds, or None; it is noted."""
    if type(node) is not ast.Call or node.args or node.keywords or type(node.func) is not ast.Attribute:
        return None
    of = node.func.value
    if type(of) is not ast.Name or b.objects.get(of.id) is None or b.objects[of.id] != b.env.get(of.id):
        return None
    b.asked.setdefault(of.id, {})[node] = node.func.attr
    return node.func.attr


def truth(found: int, b: Builder) -> None:
    """Ask a value whether it is true."""
    if found >= 0:
        b.emit((METHOD, NOTHING, b.use(found), "__bool__", (), b.site))


def _operands(node: ast.BoolOp, b: Builder) -> tuple[Known | None, Known | None]:
    """Evaluate `and` or `or` in a test: what one way out tells when all operands agree, and each operand when they were evaluated."""
    is_and = type(node.op) is ast.And
    known: Known = []
    replaced: list[tuple[str | Path, int | None]] = []
    leaving: list[Known | None] = []
    can_stay = True
    b.conditional += 1
    for each in node.values:
        holds, fails = condition(each, b)
        stays, leaves = (holds, fails) if is_and else (fails, holds)
        leaving.append(leaves)
        if stays is None:
            can_stay = False
            break
        known += stays
        for place, found in stays:
            if isinstance(place, str):
                replaced.append((place, b.env.get(place)))
                b.env[place] = found
            else:
                replaced.append((place, b.paths.get(place)))
                b.paths[place] = found
    b.conditional -= 1
    for place, before in reversed(replaced):
        if isinstance(place, str):
            if before is not None:
                b.env[place] = before
        elif before is None:
            b.paths.pop(place, None)
        elif place in b.paths:
            b.paths[place] = before
    possible = [each for each in leaving if each is not None]
    left: Known | None = _either(possible, b) if possible else None
    agreed = dict(known)
    stayed: Known | None = list(agreed.items()) if can_stay else None
    return (stayed, left) if is_and else (left, stayed)


def _either(outcomes: list[Known], b: Builder) -> Known:
    """Return what several outcomes all tell of the same place."""
    first, *rest = [dict(each) for each in outcomes]
    return [
        (place, b.join([found, *[each[place] for each in rest]])) for place, found in first.items() if all(place in each for each in rest)
    ]


def _comparison(node: ast.Compare, b: Builder) -> tuple[Known, Known]:
    """Return what a comparison with None or of a type tells."""
    if len(node.ops) > 1:
        return [], []
    operator = type(node.ops[0])
    right = node.comparators[0]
    left = node.left
    known: tuple[Known, Known] = ([], [])
    if type(right) is ast.Constant:
        if right.value is not None or operator not in _IDENTITIES:
            return known
        place = place_of(left, b)
        if place is not None and isinstance(place[0], str):
            known[0].append((place[0], NOTHING))
    elif type(left) is ast.Call and type(left.func) is ast.Name and left.func.id == "type" and len(left.args) == 1:
        known[0].extend(instance(left.args[0], right, b)[0])
    return known if operator is ast.Is or operator is ast.Eq else (known[1], known[0]) if operator in _NEGATED else ([], [])


_IDENTITIES = frozenset({ast.Is, ast.IsNot})
_NEGATED = frozenset({ast.IsNot, ast.NotEq})


@evaluates(ast.Compare)
def comparison(node: ast.Compare, b: Builder) -> int:
    """Compare, and return what the comparison gives."""
    return compare(node, b, is_wanted=True)


def compare(node: ast.Compare, b: Builder, *, is_wanted: bool) -> int:
    """Evaluate a comparison; the result of a chain may be that of any of its parts."""
    left = value(node.left, b)
    if len(node.ops) == 1:
        return _compared(left, value(node.comparators[0], b), type(node.ops[0]), b, is_wanted=is_wanted)
    results = []
    for place, (operator, operand) in enumerate(zip(node.ops, node.comparators, strict=True)):
        b.conditional += place == 1
        right = value(operand, b)
        results.append(_compared(left, right, type(operator), b, is_wanted=is_wanted))
        left = right
    b.conditional -= 1
    return b.join(results)


def _compared(left: int, right: int, kind: type[ast.cmpop], b: Builder, *, is_wanted: bool) -> int:
    """Compare two values."""
    name = COMPARISONS.get(kind)
    if name is not None:
        if left < 0 and right < 0:
            return NOTHING
        result = b.variable() if is_wanted else NOTHING
        b.emit((BINARY, result, b.use(left), b.use(right), name, b.site))
        return result
    if right >= 0 and (kind is ast.In or kind is ast.NotIn):
        b.emit((METHOD, NOTHING, b.use(right), "__contains__", (b.use(left),), b.site))
    return NOTHING


@evaluates(ast.BoolOp)
def boolean(node: ast.BoolOp, b: Builder) -> int:
    """Evaluate `and` or `or`: any operand may be the result, and the later ones are evaluated knowing how the earlier ones came out."""
    is_and = type(node.op) is ast.And
    results = []
    replaced: list[tuple[str, int]] = []
    b.conditional += 1
    for each in node.values[:-1]:
        if type(each) in (ast.Compare, ast.BoolOp, ast.Call) or (type(each) is ast.UnaryOp and type(each.op) is ast.Not):
            if type(each) is ast.Call and not (type(each.func) is ast.Name and each.func.id == "isinstance"):
                found = value(each, b)
                truth(found, b)
                results.append(found)
                continue
            holds, fails = condition(each, b)
            for place, found in (holds if is_and else fails) or ():
                if isinstance(place, str):
                    replaced.append((place, b.env[place]))
                    b.env[place] = found
        else:
            found = value(each, b)
            truth(found, b)
            results.append(found)
    results.append(value(node.values[-1], b))
    b.conditional -= 1
    for place, before in reversed(replaced):
        b.env[place] = before
    return b.join(results)


@evaluates(ast.IfExp)
def conditional(node: ast.IfExp, b: Builder) -> int:
    """Evaluate `a if test else b`."""
    holds, fails = condition(node.test, b)
    results = []
    b.conditional += 1
    for known, branch in ((holds, node.body), (fails, node.orelse)):
        if known is None:
            continue
        replaced = [(place, b.env[place]) for place, _ in known if isinstance(place, str)]
        paths = [(place, b.paths.get(place)) for place, _ in known if isinstance(place, tuple)]
        for place, found in known:
            if isinstance(place, str):
                b.env[place] = found
            else:
                b.paths[place] = found
        results.append(value(branch, b))
        for name, before in replaced:
            b.env[name] = before
        for path, earlier in paths:
            if earlier is None:
                b.paths.pop(path, None)
            elif path in b.paths:
                b.paths[path] = earlier
    b.conditional -= 1
    return b.either(results)
