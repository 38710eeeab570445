"""Initial: the attributes that `__init__` gives its object in any case, before anybody else can see it."""

from __future__ import annotations

import ast


def set_first(node: ast.FunctionDef) -> tuple[str, ...]:
    """Return the attributes that the first statements of an `__init__` set, while these do nothing else with the object.

    Reading the same attribute does not count: `self.m = wrapped(self.m)`.
    """
    arguments = [*node.args.posonlyargs, *node.args.args]
    if not arguments:
        return ()
    own = arguments[0].arg
    found: dict[str, None] = {}
    for statement in node.body:
        targets: list[ast.expr] = []
        if isinstance(statement, ast.Assign):
            targets = [each for each in statement.targets if _is_own(each, own)]
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None and _is_own(statement.target, own):
            targets = [statement.target]
        names = [target.attr for target in targets if isinstance(target, ast.Attribute)]
        known = {
            id(part.value) for part in ast.walk(statement) if isinstance(part, ast.Attribute) and _is_own(part, own) and part.attr in names
        }
        if any(id(part) not in known and _ends(part, own) for part in ast.walk(statement)):
            return tuple(found)
        found.update(dict.fromkeys(names))
    return tuple(found)


def _is_own(node: ast.expr, own: str) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == own


def _ends(node: ast.AST, own: str) -> bool:
    """Tell whether code uses the object otherwise, or may leave before the next statement without an exception."""
    return isinstance(node, ast.Return | ast.Yield | ast.YieldFrom | ast.Try) or (isinstance(node, ast.Name) and node.id in (own, "super"))
