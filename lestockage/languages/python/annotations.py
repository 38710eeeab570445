"""Annotations: the class that an annotation says a value is an instance of."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lestockage.languages.python.references import Scope, dotted, reference
from lestockage.languages.python.syntax import read_expression

if TYPE_CHECKING:
    from lestockage.languages.facts import Reference

LONGEST_QUOTED = 1000  # characters; what is longer names no class, and might be nested more deeply than the stack holds

# Read by their last name, since what a name is bound to is not known here; each says nothing but what its argument says.
TRANSPARENT = frozenset({"Annotated", "ClassVar", "Final", "NotRequired", "Optional", "ReadOnly", "Required"})
# The value is no instance of what is named, but a class, a function, a constant or one of several.
OPAQUE = frozenset(
    {"Any", "Callable", "Literal", "LiteralString", "Never", "NoReturn", "Self", "Type", "TypeAlias", "TypeGuard", "TypeIs", "type"}
)


def instance_of(annotation: ast.expr | None, scope: Scope) -> Reference | None:
    """Return the one class an annotation allows, None beside it disregarded; None for no class, several, or a form that is not known.

    `list[int]` is a list, `Optional[C]`, `C | None`, `Union[C, None]`, `Annotated[C, ...]` and `"C"` are a C.
    """
    node = annotation
    while node is not None:
        if isinstance(node, ast.Constant):
            quoted = node.value
            node = read_expression(quoted) if isinstance(quoted, str) and len(quoted) <= LONGEST_QUOTED else None
        elif isinstance(node, ast.Name | ast.Attribute):
            last = node.id if isinstance(node, ast.Name) else node.attr
            return None if last in OPAQUE or last in TRANSPARENT else reference(node, scope)
        elif isinstance(node, ast.Subscript):
            node = _subscripted(node)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            node = _only(_alternatives(node))
        else:
            node = None
    return None


def _subscripted(node: ast.Subscript) -> ast.expr | None:
    """Return the annotation that a subscripted one comes down to."""
    last = (dotted(node.value) or "").rpartition(".")[2]
    arguments = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if last == "Union":
        return _only(arguments)
    if last in TRANSPARENT:
        return arguments[0] if arguments else None
    return node.value


def _alternatives(node: ast.expr) -> list[ast.expr]:
    """Return the parts of `a | b | c`."""
    parts = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        parts.append(node.right)
        node = node.left
    parts.append(node)
    return parts


def _only(alternatives: list[ast.expr]) -> ast.expr | None:
    """Return the single alternative that is not None, if there is a single one."""
    left = [part for part in alternatives if not (isinstance(part, ast.Constant) and part.value is None)]
    return left[0] if len(left) == 1 else None
