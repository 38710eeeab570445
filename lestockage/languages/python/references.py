"""References: which expressions name something, and how far that name can be told from one unit's syntax alone."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lestockage.languages.facts import AWAITED, ITEM, RESULT, Reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lestockage.languages.python.unit import Unit

LITERALS: dict[type[ast.expr], str] = {
    ast.JoinedStr: "str",
    ast.List: "list",
    ast.ListComp: "list",
    ast.Tuple: "tuple",
    ast.Dict: "dict",
    ast.DictComp: "dict",
    ast.Set: "set",
    ast.SetComp: "set",
}
CONSTANT_TYPES: dict[type, str] = {kind: kind.__name__ for kind in (str, bytes, int, float, complex, bool)}

# Longer chains are taken for computed: every call along one would repeat all of it, and nothing real is this long.
LONGEST_PATH = 64

# Class methods without a decorator to say so: the interpreter passes them the class.
IMPLICIT_CLASS_METHODS = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})


class Scope:
    """How names are read in one unit, or in a head outside any: which of them is self or cls, and which are nobody's variables."""

    __slots__ = ("hidden", "receiver", "receiver_root")

    def __init__(self, unit: Unit | None, hidden: Sequence[str]) -> None:
        self.hidden = hidden  # the names of the comprehensions around a lambda that it reads, or a definition's type parameters
        self.receiver, self.receiver_root = (None, "self") if unit is None else _receiver(unit)

    def root(self, name: str) -> str:
        """Return the root that a name has here."""
        if self.hidden and name in self.hidden:
            return "bound"
        return self.receiver_root if name == self.receiver else "name"


def reference(expression: ast.expr, scope: Scope) -> Reference | None:
    """Return what the expression names, or None when it is computed or has more than `LONGEST_PATH` steps."""
    steps: list[str] = []
    node = expression
    while len(steps) <= LONGEST_PATH:
        kind = type(node)
        if kind is ast.Name:
            name = node.id  # type: ignore[attr-defined]  # by exact type, which the checker does not follow
            return Reference(scope.root(name), name, tuple(steps[::-1]))
        if kind is ast.Attribute:
            steps.append(node.attr)  # type: ignore[attr-defined]
            node = node.value  # type: ignore[attr-defined]
        elif kind is ast.Call:
            if steps and (name := _super(node)) is not None:  # type: ignore[arg-type]
                return Reference("super", name, tuple(steps[::-1]))
            steps.append(RESULT)
            node = node.func  # type: ignore[attr-defined]
        elif kind is ast.Subscript:
            steps.append(ITEM)
            node = node.value  # type: ignore[attr-defined]
        elif kind is ast.Await:
            steps.append(AWAITED)
            node = node.value  # type: ignore[attr-defined]
        else:
            literal = CONSTANT_TYPES.get(type(node.value)) if isinstance(node, ast.Constant) else LITERALS.get(kind)
            return None if literal is None else Reference("literal", literal, tuple(steps[::-1]))
    return None


def dotted(expression: ast.expr) -> str | None:
    """Return `a.b.c` as text, or None for anything but a chain of attributes of a name."""
    parts: list[str] = []
    node = expression
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    parts.append(node.id)
    return ".".join(reversed(parts))


def _super(call: ast.Call) -> str | None:
    """Return what `super(...)` starts from, "" for the class around it; None for any other call."""
    if not isinstance(call.func, ast.Name) or call.func.id != "super" or call.keywords:
        return None
    if not call.args:
        return ""
    return dotted(call.args[0]) if len(call.args) == 2 else None


def _receiver(unit: Unit) -> tuple[str | None, str]:
    """Return the name and root of the parameter through which a method gets its object or class; (None, ...) when there is none."""
    node = unit.node
    if unit.kind != "method" or isinstance(node, (ast.Module, ast.ClassDef, ast.Lambda)):  # a union would be built at every call
        return None, "self"
    arguments = node.args
    first = (arguments.posonlyargs or arguments.args or (None,))[0]
    if first is None:
        return None, "self"
    root = "cls" if node.name in IMPLICIT_CLASS_METHODS else "self"
    for decorator in node.decorator_list:
        name = dotted(decorator)
        if name in ("staticmethod", "builtins.staticmethod"):
            return None, "self"
        if name in ("classmethod", "builtins.classmethod"):
            root = "cls"
    # Bound again, it is a variable like any other.
    if first.arg in unit.assigned or first.arg in unit.deleted:
        return None, root
    return first.arg, root
