"""Annotation: from a declared type, as Python's annotations write it, to the node that stands for it."""

from __future__ import annotations

import collections.abc
import enum
import sys
import types
import typing
from typing import TYPE_CHECKING, Annotated, Any, ForwardRef

from lestockage.engine.codec import fields
from lestockage.engine.codec.arrays import array_node
from lestockage.engine.codec.containers import Dictionary, Items, Set
from lestockage.engine.codec.dynamic import Dynamic
from lestockage.engine.codec.enums import Member, enum_node
from lestockage.engine.codec.node import PLAIN, WIRE, Node, NoneType
from lestockage.engine.codec.records import Dataclass, Row, TypedDictionary
from lestockage.engine.codec.models import Model
from lestockage.engine.codec.scalars import Converted, Literal, Scalar
from lestockage.engine.codec.spelling import spelled
from lestockage.engine.codec.standard import standard_node
from lestockage.engine.codec.unions import Union
from lestockage.errors import UnencodableType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lestockage.engine.codec.codec import Resolver

__all__ = ["Reader"]

_SEQUENCES: dict[Any, tuple[type, ...]] = {
    list: (list,),
    set: (set,),
    frozenset: (frozenset,),
    collections.abc.MutableSequence: (list,),
    collections.abc.Sequence: (list, tuple),
    collections.abc.MutableSet: (set,),
    collections.abc.Set: (set, frozenset),
    collections.abc.Collection: (list, tuple, set, frozenset),
    collections.abc.Iterable: (list, tuple, set, frozenset),
}
"""Generic collections and the classes that a value of each may have."""

_MAPPINGS = (dict, collections.abc.Mapping, collections.abc.MutableMapping)
_UNWRAPPED = (typing.Required, typing.NotRequired, typing.Final, typing.ClassVar)


class Reader:
    """Reads annotations into nodes, each type once; nodes become shared only when everything they are made of could be read."""

    def __init__(self, extra: Resolver | None) -> None:
        self.extra = extra
        self.known: dict[Any, Node] = {}
        self.namespaces: dict[int, Mapping[str, Any]] = {}
        """Keeps the namespaces alive whose ids are part of keys."""
        self.fresh: dict[Any, Node] = {}
        self.made: list[Node] = []

    def read(self, annotation: Any, namespace: Mapping[str, Any]) -> Node:
        """Return the node of an annotation whose names are looked up in `namespace`.

        Raises UnencodableType, naming the innermost type that has no encoding and the way to it.
        """
        self.fresh, self.made = {}, []
        node = self.node(annotation, namespace, "the declared type")
        settle(self.made)
        self.known.update(self.fresh)
        return node

    def node(self, annotation: Any, namespace: Mapping[str, Any], where: str) -> Node:
        """Return the node of an annotation found at `where`, a known one when there is."""
        annotation = self.plain(annotation, namespace, where)
        key: Any = (annotation, id(namespace) if open_names(annotation) else 0)
        try:
            found = self.fresh.get(key) or self.known.get(key)
        except TypeError:
            raise self.refusal(annotation, where, "it cannot be hashed") from None
        if found is not None:
            return found
        self.namespaces[id(namespace)] = namespace
        return self.built(annotation, namespace, where, key)

    def plain(self, annotation: Any, namespace: Mapping[str, Any], where: str) -> Any:
        """Return an annotation without what only wraps it: names, aliases, `Annotated`, `NewType`."""
        for _ in range(100):
            origin = typing.get_origin(annotation)
            if isinstance(annotation, str | ForwardRef):
                reference = ForwardRef(annotation) if isinstance(annotation, str) else annotation
                scope = reference.__forward_module__.__dict__ if reference.__forward_module__ is not None else namespace
                try:
                    annotation = eval(reference.__forward_code__, dict(vars(typing)) | dict(scope))  # noqa: S307  # an annotation of the program
                except Exception as error:
                    reason = f"the name cannot be looked up ({error})"
                    raise UnencodableType(reference.__forward_arg__, where, reason) from error
            elif origin is Annotated or origin in _UNWRAPPED:
                annotation = annotation.__origin__ if origin is Annotated else typing.get_args(annotation)[0]
            elif isinstance(annotation, typing.NewType):
                annotation = annotation.__supertype__
            elif type(annotation).__name__ == "TypeAliasType":
                annotation = annotation.__value__
            else:
                return NoneType if annotation is None else annotation
        raise self.refusal(annotation, where, "it only ever names itself")

    def refusal(self, annotation: Any, where: str, reason: str) -> UnencodableType:
        """Return the error for an annotation that has no encoding."""
        return UnencodableType(spelled(annotation), where, reason)

    def keep(self, key: Any, node: Node) -> Node:
        """Remember a node before what it is made of is read, so that a recursive type finds itself."""
        self.fresh[key] = node
        self.made.append(node)
        return node

    # -- by shape ------------------------------------------------------------------------------------------------------------------

    def built(self, annotation: Any, namespace: Mapping[str, Any], where: str, key: Any) -> Node:
        """Return a new node for an annotation that was not met before."""
        name = spelled(annotation)
        origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
        if annotation is Any or annotation is object:
            return self.keep(key, Dynamic("Any"))
        if annotation is typing.LiteralString:
            return self.keep(key, Scalar("str", {str}))
        if origin is typing.Union or origin is types.UnionType:
            return self.union(self.keep(key, Union(name)), arguments, namespace, where)
        if origin is typing.Literal:
            return self.literal(name, arguments, where, key)
        cls = annotation if origin is None else origin
        if cls in _SEQUENCES:
            return self.collection(cls, arguments or (Any,), namespace, where, key)
        if cls in _MAPPINGS:
            table = self.keep(key, Dictionary(name))
            assert isinstance(table, Dictionary)
            names = (f"a key of {name}, in {where}", f"a value of {name}, in {where}")
            pair = arguments or (Any, Any)
            table.key, table.value = (self.node(part, namespace, at) for part, at in zip(pair, names, strict=True))
            return table
        if cls is tuple:
            return self.tuple(name, annotation, arguments, namespace, where, key)
        if isinstance(cls, type):
            return self.declared(name, cls, arguments, where, key)
        if isinstance(annotation, typing.TypeVar):
            raise self.refusal(annotation, where, "a type variable stands for any type; declare a definite one")
        raise self.refusal(annotation, where, "it is no type whose values are data")

    def collection(self, cls: Any, arguments: tuple[Any, ...], namespace: Mapping[str, Any], where: str, key: Any) -> Node:
        """Return the node of a list, set or abstract collection: a union of the classes its values may have."""
        classes = _SEQUENCES[cls]
        item = spelled(arguments[0])
        nodes: list[Node] = []
        if len(classes) > 1:
            union = self.keep(key, Union(f"{cls.__name__}[{item}]"))
            assert isinstance(union, Union)
        for made in classes:
            name = f"{made.__name__}[{item}{', ...' if made is tuple else ''}]"
            node = Set(name, made) if made in (set, frozenset) else Items(name, made)
            nodes.append(self.keep(key if len(classes) == 1 else (key, made), node))
        inner = self.node(arguments[0], namespace, f"an item of {nodes[0].spelled}, in {where}")
        for node in nodes:
            assert isinstance(node, Set | Items)
            node.item = inner
        if len(classes) > 1:
            union.members = tuple(sorted(nodes, key=lambda node: node.spelled))
            return union
        return nodes[0]

    def tuple(self, name: str, annotation: Any, arguments: Any, namespace: Mapping[str, Any], where: str, key: Any) -> Node:
        """Return the node of a tuple, of one length or of any."""
        if annotation is tuple or annotation is typing.Tuple:  # noqa: UP006  # the bare alias
            arguments = (Any, ...)
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            items = self.keep(key, Items(name, tuple))
            assert isinstance(items, Items)
            items.item = self.node(arguments[0], namespace, f"an item of {name}, in {where}")
            return items
        row = self.keep(key, Row(name, tuple))
        assert isinstance(row, Row)
        row.items = tuple(self.node(part, namespace, f"item {index} of {name}, in {where}") for index, part in enumerate(arguments))
        return row

    def literal(self, name: str, values: tuple[Any, ...], where: str, key: Any) -> Node:
        """Return the node of a literal; members of enums among its values make it a union."""
        nodes: list[Node] = []
        plain = [value for value in values if type(value) in PLAIN]
        for cls in dict.fromkeys(type(value) for value in values if type(value) not in PLAIN):
            if not issubclass(cls, enum.Enum):
                raise self.refusal(typing.Literal[values], where, f"a literal of type {cls.__qualname__}")
            nodes.append(Member(spelled(cls), cls, [value for value in values if type(value) is cls]))
        if plain:
            nodes.append(Literal(name, plain))
        if len(nodes) == 1:
            return self.keep(key, nodes[0])
        self.made += nodes
        union = self.keep(key, Union(name))
        assert isinstance(union, Union)
        union.members = tuple(sorted(nodes, key=lambda node: node.spelled))
        return union

    def union(self, union: Node, arguments: tuple[Any, ...], namespace: Mapping[str, Any], where: str) -> Node:
        """Fill in a union: nested unions opened, scalars joined into one member, the rest sorted by name."""
        assert isinstance(union, Union)
        options = list(dict.fromkeys(self.options(arguments, namespace, where)))
        scalars = [option for option in options if option in PLAIN]
        members = [self.node(option, namespace, where) for option in options if option not in PLAIN]
        if scalars:
            scalar = Scalar(" | ".join(sorted(spelled(option) for option in scalars)), scalars)
            self.made.append(scalar)
            members.append(scalar)
        names = [member.spelled for member in members]
        if len(set(names)) < len(names):
            twice = sorted({name for name in names if names.count(name) > 1})
            raise self.refusal(typing.Union[arguments], where, f"several of its members are called {', '.join(twice)}")
        union.members = tuple(sorted(members, key=lambda member: member.spelled))
        return union

    def options(self, arguments: Iterable[Any], namespace: Mapping[str, Any], where: str) -> Iterable[Any]:
        """Yield the members of a union, those of unions inside it in their place."""
        pending = list(arguments)[::-1]
        met = 0
        while pending:
            option = self.plain(pending.pop(), namespace, where)
            met += 1
            if typing.get_origin(option) in (typing.Union, types.UnionType):
                if met > 1000:
                    raise self.refusal(option, where, "a union that contains itself directly")
                pending.extend(typing.get_args(option)[::-1])
            else:
                yield option

    # -- by class ------------------------------------------------------------------------------------------------------------------

    def declared(self, name: str, cls: type, arguments: tuple[Any, ...], where: str, key: Any) -> Node:
        """Return the node of a class."""
        special = self.extra(cls) if self.extra is not None else None
        if special is not None:
            encode, decode, immutable = special
            return self.keep(key, fields.Foreign(name, cls, encode, decode, immutable))
        if cls in PLAIN:
            return self.keep(key, Scalar(name, {cls}))
        found = standard_node(name, cls) or array_node(name, cls, arguments)
        if found is not None:
            return self.keep(key, found)
        if issubclass(cls, enum.Enum):
            return self.keep(key, enum_node(name, cls))
        record = fields.record(cls, arguments)
        if record is None:
            raise self.refusal(cls, where, fields.reason(cls))
        node, hints, namespace = record
        self.keep(key, node)
        read = {field: self.node(hint, namespace, f"field {field!r} of {name}, in {where}") for field, hint in hints.items()}
        self.made += fields.fill(node, read)
        return node


def open_names(annotation: Any) -> bool:
    """Return whether an annotation holds names that are still to be looked up."""
    return isinstance(annotation, str | ForwardRef) or any(map(open_names, typing.get_args(annotation)))


def settle(nodes: list[Node]) -> None:
    """Decide the flags of new nodes: which contain themselves, then every flag that depends on others', until nothing changes."""
    for node in nodes:
        node.recursive = contains(node, node)
    before: list[Any] = []
    while before != (now := [(node.native, node.identity, node.immutable, node.kinds, node.classes) for node in nodes]):
        before = now
        for node in nodes:
            node.settle()


def contains(node: Node, wanted: Node) -> bool:
    """Return whether `wanted` is reachable from what `node` is made of."""
    pending, met = list(node.children()), set()
    while pending:
        child = pending.pop()
        if child is wanted:
            return True
        if id(child) not in met:
            met.add(id(child))
            pending.extend(child.children())
    return False
