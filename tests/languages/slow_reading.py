"""Slow reading: the same facts about a file, found by generic walks that are easy to believe."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

Unit = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Reading(NamedTuple):
    """One unit: its dotted name and kind, and its tree."""

    name: str
    kind: str
    node: Unit


def units(tree: ast.Module) -> list[Reading]:
    """Return every unit of a file in source order, found by descending everywhere."""
    found = [Reading("", "module", tree)]

    def descend(node: ast.AST, name: str, kind: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, DEFINITIONS):
                dotted = f"{name}.{child.name}" if name else child.name
                inner = "class" if isinstance(child, ast.ClassDef) else "method" if kind == "class" else "function"
                found.append(Reading(dotted, inner, child))
                descend(child, dotted, inner)
            else:
                descend(child, name, kind)

    descend(tree, "", "module")
    return found


def statements(unit: Unit) -> list[ast.stmt]:
    """Return a unit's body without its docstring."""
    return unit.body[1:] if ast.get_docstring(unit, clean=False) is not None else unit.body


def own_nodes(unit: Unit) -> Iterator[ast.AST]:
    """Go through a unit's own code: its body, with the heads but not the bodies of what is defined in it."""
    pending: list[ast.AST] = list(statements(unit))
    while pending:
        node = pending.pop()
        yield node
        hidden = {id(statement) for statement in node.body} if isinstance(node, DEFINITIONS) else set()
        pending += [child for child in ast.iter_child_nodes(node) if id(child) not in hidden]


def own_syntax(reading: Reading) -> str:
    """Return what a content hash covers, as `ast.dump` writes it."""
    node = reading.node
    if isinstance(node, ast.Module):
        return ast.dump(ast.Module([_stub(statement, "module") for statement in statements(node)], []))
    head = _emptied(node, reading.kind)
    head.body = [_stub(statement, reading.kind) for statement in statements(node)]
    return ast.dump(head)


def _stub(node: ast.AST, kind: str) -> ast.AST:
    """Return a copy with the definitions in it emptied, and marked as methods where they are."""
    if isinstance(node, DEFINITIONS):
        return _emptied(node, "class" if isinstance(node, ast.ClassDef) else "method" if kind == "class" else "function")
    fields = {}
    for name, value in ast.iter_fields(node):
        if isinstance(value, list):
            fields[name] = [_stub(item, kind) if isinstance(item, ast.AST) else item for item in value]
        else:
            fields[name] = _stub(value, kind) if isinstance(value, ast.AST) else value
    return type(node)(**fields)


def _emptied(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, kind: str) -> ast.AST:
    fields = dict(ast.iter_fields(node))
    fields["body"] = []
    if not isinstance(node, ast.ClassDef):
        fields["type_comment"] = kind
    return type(node)(**fields)


def complexity(unit: Unit) -> int:
    """Return the cyclomatic complexity of a unit's own body, by the rule that radon's documentation states."""
    total = 1
    pending: list[ast.AST] = list(unit.body)
    while pending:
        node = pending.pop()
        if isinstance(node, DEFINITIONS):
            continue
        match node:
            case ast.Assert():
                total += 1
                continue
            case ast.If() | ast.IfExp():
                total += 1
            case ast.For() | ast.AsyncFor() | ast.While():
                total += 1 + bool(node.orelse)
            case ast.Try() | ast.TryStar():
                total += len(node.handlers) + bool(node.orelse)
            case ast.BoolOp():
                total += len(node.values) - 1
            case ast.comprehension():
                total += 1 + len(node.ifs)
            case ast.Match():
                default = any(isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None for case in node.cases)
                total += max(0, len(node.cases) - default)
        pending += ast.iter_child_nodes(node)
    return total
