"""Assumptions: what an annotation says a value is, for the linker to go by where nothing is known to arrive."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from lestockage.languages.python.annotations import LONGEST_QUOTED
from lestockage.languages.python.syntax import read_expression
from lestockage.languages.python.value_flow.builder import NOTHING
from lestockage.languages.python.value_flow.names import read
from lestockage.languages.python.value_flow.opcodes import COPY, HEADING, INSTANCE_OF, LOAD, MAKE, PUT, PUT_KEY

if TYPE_CHECKING:
    from lestockage.languages.python.value_flow.builder import Builder

# Read by their last name, since what a name is bound to is not known here.
_TRANSPARENT: Final = frozenset(
    {"Annotated", "ClassVar", "Final", "NotRequired", "Optional", "ReadOnly", "Required", "InitVar", "Awaitable"}
)
_SAYS_NOTHING: Final = frozenset(
    {
        "Any",
        "Callable",
        "Literal",
        "LiteralString",
        "Never",
        "NoReturn",
        "Self",
        "TypeAlias",
        "TypeGuard",
        "TypeIs",
        "object",
        "None",
        "Unpack",
    }
    | {"Concatenate", "ParamSpec", "Generic", "Protocol"}
    | _TRANSPARENT
)
_CLASSES: Final = frozenset({"type", "Type"})
_TUPLES: Final = frozenset({"tuple", "Tuple"})
_MAPPINGS: Final = frozenset(
    {
        "dict",
        "Dict",
        "Mapping",
        "MutableMapping",
        "defaultdict",
        "DefaultDict",
        "OrderedDict",
        "ChainMap",
        "WeakKeyDictionary",
        "WeakValueDictionary",
    }
)
_CONTAINERS: Final = {
    **dict.fromkeys(("list", "List", "MutableSequence", "deque", "Deque"), "list"),
    **dict.fromkeys(("set", "Set", "frozenset", "FrozenSet", "AbstractSet", "MutableSet"), "set"),
    **dict.fromkeys(("Iterable", "Iterator", "Generator", "Sequence", "Collection", "Container", "Reversible"), "generator"),
    **dict.fromkeys(("AsyncIterable", "AsyncIterator", "AsyncGenerator", "KeysView", "ValuesView"), "generator"),
}
YIELDING: Final = frozenset({"Iterable", "Iterator", "Generator", "AsyncIterable", "AsyncIterator", "AsyncGenerator"})


def assume(found: int, node: ast.expr, b: Builder, heading: int | None = None) -> None:
    """Let a variable have what an annotation says; `heading`: how its names are looked up, None: as any name of the unit."""
    kind = type(node)
    if kind is ast.Name or kind is ast.Attribute:
        last = node.id if kind is ast.Name else node.attr  # type: ignore[attr-defined]  # by exact type, which the checker does not follow
        if last not in _SAYS_NOTHING and (cls := _class(node, b, heading)) != NOTHING:
            b.emit((INSTANCE_OF, found, cls))
    elif kind is ast.Subscript:
        _subscripted(found, node, b, heading)  # type: ignore[arg-type]
    elif kind is ast.BinOp and type(node.op) is ast.BitOr:  # type: ignore[attr-defined]
        assume(found, node.left, b, heading)  # type: ignore[attr-defined]
        assume(found, node.right, b, heading)  # type: ignore[attr-defined]
    elif kind is ast.Constant:
        quoted = node.value  # type: ignore[attr-defined]
        if type(quoted) is str and len(quoted) <= LONGEST_QUOTED and (parsed := read_expression(quoted)) is not None:
            assume(found, parsed, b, heading)


def _class(node: ast.expr, b: Builder, heading: int | None) -> int:
    """Return the variable of a class that is named, without asking any property."""
    attributes = []
    while type(node) is ast.Attribute:
        attributes.append(node.attr)
        node = node.value
    if type(node) is not ast.Name:
        return NOTHING
    if heading is not None:
        found = b.free(node.id, heading)
    else:
        found = b.use(read(node.id, b)) if node.id in b.env or node.id not in b.bound else b.free(node.id)
    for attribute in reversed(attributes):
        if found == NOTHING:
            return NOTHING
        of, found = found, b.variable()
        b.emit((LOAD, found, of, attribute, -1))
    return found


def _subscripted(found: int, node: ast.Subscript, b: Builder, heading: int | None) -> None:
    of = node.value
    last = of.id if type(of) is ast.Name else of.attr if type(of) is ast.Attribute else ""
    arguments = node.slice.elts if type(node.slice) is ast.Tuple else [node.slice]
    if last == "Union":
        for each in arguments:
            assume(found, each, b, heading)
    elif last in _TRANSPARENT:
        for each in arguments[:1]:
            assume(found, each, b, heading)
    elif last in _CLASSES:
        for each in _alternatives(arguments[0]) if arguments else []:
            cls = _class(each, b, heading)
            if cls != NOTHING:
                b.emit((COPY, found, cls))
    elif last in _TUPLES or last in _MAPPINGS or last in _CONTAINERS:
        _container(found, last, arguments, b, heading)
    elif last not in _SAYS_NOTHING and last != "Coroutine":
        assume(found, of, b, heading)
    elif last == "Coroutine" and len(arguments) == 3:
        assume(found, arguments[2], b, heading)


def _alternatives(node: ast.expr) -> list[ast.expr]:
    parts = []
    while type(node) is ast.BinOp:
        parts.append(node.right)
        node = node.left
    parts.append(node)
    return parts


def _container(found: int, name: str, arguments: list[ast.expr], b: Builder, heading: int | None) -> None:
    """Make the container of which an annotation tells the elements."""
    if name in _TUPLES:
        is_any_long = len(arguments) == 2 and type(arguments[1]) is ast.Constant and arguments[1].value is ...
        b.emit((MAKE, found, "tuple", b.new_number(), -1 if is_any_long else len(arguments)))
        for place, each in enumerate(arguments[:1] if is_any_long else arguments):
            _element(found, None if is_any_long else place, each, b, heading)
        return
    is_mapping = name in _MAPPINGS
    b.emit((MAKE, found, "dict" if is_mapping else _CONTAINERS[name], b.new_number(), -1))
    if not is_mapping:
        _element(found, None, arguments[0], b, heading)
    elif len(arguments) == 2:
        key = b.variable()
        assume(key, arguments[0], b, heading)
        b.emit((PUT_KEY, found, key))
        _element(found, None, arguments[1], b, heading)


def _element(container: int, key: int | None, node: ast.expr, b: Builder, heading: int | None) -> None:
    element = b.variable()
    assume(element, node, b, heading)
    b.emit((PUT, container, key, element))


def assume_yielded(found: int, node: ast.expr, b: Builder) -> None:
    """Let what a generator yields be what its return annotation says."""
    if type(node) is ast.Constant and type(node.value) is str and len(node.value) <= LONGEST_QUOTED:
        node = read_expression(node.value) or node
    if type(node) is not ast.Subscript:
        return
    of = node.value
    last = of.id if type(of) is ast.Name else of.attr if type(of) is ast.Attribute else ""
    if last in YIELDING:
        assume(found, node.slice.elts[0] if type(node.slice) is ast.Tuple and node.slice.elts else node.slice, b, HEADING)
