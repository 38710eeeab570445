"""Slow reading: the same facts about a file, found by generic walks that are easy to believe."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
Unit = ast.Module | Definition


class Reading(NamedTuple):
    """One unit: its dotted name and kind, its tree, and the names of the comprehensions around a lambda."""

    name: str
    kind: str
    node: Unit
    around: tuple[str, ...] = ()


def units(tree: ast.Module) -> list[Reading]:
    """Return every unit of a file in source order, found by descending everywhere."""
    found = [Reading("", "module", tree)]

    def descend(outer: Reading) -> None:
        lambdas = 0
        for child, around in held(outer.node, outer.around):
            lambdas += isinstance(child, ast.Lambda)
            name = f"<lambda{lambdas}>" if isinstance(child, ast.Lambda) else child.name
            kind = "class" if isinstance(child, ast.ClassDef) else "function"
            if outer.kind == "class" and isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                kind = "method"
            found.append(Reading(f"{outer.name}.{name}" if outer.name else name, kind, child, around))
            descend(found[-1])

    descend(found[0])
    return sorted(found, key=lambda reading: (reading.name != "", start(reading.node)))


def start(node: Unit) -> tuple[int, int]:
    """Return where a unit begins, decorators included."""
    if isinstance(node, ast.Module):
        return 0, 0
    decorators = getattr(node, "decorator_list", ())
    return decorators[0].lineno if decorators else node.lineno, node.col_offset


def held(unit: Unit, around: tuple[str, ...] = ()) -> list[tuple[Definition, tuple[str, ...]]]:
    """Return what a unit defines, in source order, lambdas in the heads of definitions too, with the comprehensions' names around each."""
    found: list[tuple[Definition, tuple[str, ...]]] = []

    def look(node: ast.AST, names: tuple[str, ...]) -> None:
        if isinstance(node, ast.Lambda):
            own = {argument.arg for argument in ast.walk(node.args) if isinstance(argument, ast.arg)}
            found.append((node, tuple(name for name in names if name not in own)))
            look(node.args, names)
        elif isinstance(node, DEFINITIONS):
            found.append((node, ()))
            for part in ast.iter_child_nodes(node):
                if part not in node.body:
                    look(part, names)
        elif isinstance(node, COMPREHENSIONS):
            bound = [each.id for clause in node.generators for each in ast.walk(clause.target) if isinstance(each, ast.Name)]
            for part in _parts(node):
                look(part, names if part is node.generators[0].iter else (*names, *bound))
        else:
            for part in ast.iter_child_nodes(node):
                look(part, names)

    for part in [unit.body] if isinstance(unit, ast.Lambda) else unit.body:
        look(part, around)
    return sorted(found, key=lambda each: start(each[0]))


def _parts(node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> Iterator[ast.AST]:
    for part in ast.iter_child_nodes(node):
        yield from ast.iter_child_nodes(part) if isinstance(part, ast.comprehension) else [part]


def statements(unit: Unit) -> list[ast.stmt]:
    """Return a unit's body without its docstring; a lambda's is one expression."""
    if isinstance(unit, ast.Lambda):
        return [ast.Expr(unit.body)]
    return unit.body[1:] if ast.get_docstring(unit, clean=False) is not None else unit.body


def own_nodes(unit: Unit) -> Iterator[ast.AST]:
    """Go through a unit's own code: its body, with the heads but not the bodies of what is defined in it."""
    pending: list[ast.AST] = list(statements(unit))
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, ast.Lambda):
            pending.append(node.args)
            continue
        hidden = {id(statement) for statement in node.body} if isinstance(node, DEFINITIONS) else set()
        pending += [child for child in ast.iter_child_nodes(node) if id(child) not in hidden]


def own_syntax(reading: Reading) -> str:
    """Return what a content hash covers, as `ast.dump` writes it."""
    node = reading.node
    if isinstance(node, ast.Module):
        return ast.dump(ast.Module([_stub(statement, "module") for statement in statements(node)], []))
    if isinstance(node, ast.Lambda):
        own = list(own_nodes(node))
        bound = {each.target.id for each in own if isinstance(each, ast.NamedExpr)}
        said = {each.id for each in own if isinstance(each, ast.Name)}
        captured = [name for name in dict.fromkeys(reading.around) if name in said - bound]
        return ast.dump(ast.Lambda(_stub(node.args, "function"), _stub(node.body, "function"))) + str(captured)
    head = _emptied(node, reading.kind)
    head.body = [_stub(statement, reading.kind) for statement in statements(node)]
    return ast.dump(head)


def _stub(node: ast.AST, kind: str) -> ast.AST:
    """Return a copy with the definitions in it emptied, and marked as methods where they are; lambdas only count their decisions."""
    if isinstance(node, ast.Lambda):
        return ast.Lambda(_stub(node.args, kind), ast.Constant(complexity(node)))
    if isinstance(node, DEFINITIONS):
        return _emptied(node, "class" if isinstance(node, ast.ClassDef) else "method" if kind == "class" else "function")
    return type(node)(**{name: _stubs(value, kind) for name, value in ast.iter_fields(node)})


def _stubs(value: object, kind: str) -> object:
    """Return the copy of what a field holds."""
    if isinstance(value, list):
        return [_stubs(item, kind) for item in value]
    return _stub(value, kind) if isinstance(value, ast.AST) else value


def _emptied(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, kind: str
) -> ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef:
    emptied = type(node)(**{name: [] if name == "body" else _stubs(value, kind) for name, value in ast.iter_fields(node)})
    if not isinstance(emptied, ast.ClassDef):
        emptied.type_comment = kind
    return emptied


def complexity(unit: Unit) -> int:
    """Return the cyclomatic complexity of a unit's own body, by the rule that radon's documentation states."""
    total = 1
    pending: list[ast.AST] = [unit.body] if isinstance(unit, ast.Lambda) else list(unit.body)
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
