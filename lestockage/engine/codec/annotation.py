"""Annotation: from a declared type, as Python's annotations write it, to the node that stands for it."""

from __future__ import annotations

import collections.abc
import enum
import types
import typing
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from lestockage.engine.codec.containers import Dictionary, Items, Set
from lestockage.engine.codec.dynamic import Dynamic
from lestockage.engine.codec.enums import Member, enum_node
from lestockage.engine.codec.fields import reason, record
from lestockage.engine.codec.foreign import Foreign
from lestockage.engine.codec.graph import settle
from lestockage.engine.codec.names import open_names, options, plain
from lestockage.engine.codec.node import PLAIN, Node
from lestockage.engine.codec.records import Row
from lestockage.engine.codec.scalars import Literal, Scalar
from lestockage.engine.codec.spelling import spelled
from lestockage.engine.codec.standard import standard_node
from lestockage.engine.codec.unions import Union
from lestockage.errors import UnencodableType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Known", "Reader"]

_N = TypeVar("_N", bound=Node)

_COLLECTIONS: dict[Any, tuple[type, ...]] = {
    list: (list,),
    set: (set,),
    frozenset: (frozenset,),
    collections.abc.MutableSequence: (list,),
    collections.abc.Sequence: (list, tuple),
    collections.abc.MutableSet: (set,),
    collections.abc.Set: (frozenset, set),
    collections.abc.Collection: (frozenset, list, set, tuple),
    collections.abc.Iterable: (frozenset, list, set, tuple),
}
"""Generic collections and the classes, by name, that a value of each may have."""

_MAPPINGS = (dict, collections.abc.Mapping, collections.abc.MutableMapping)


class Known:
    """The nodes read so far, and the namespaces kept alive because their ids are part of the nodes' keys."""

    def __init__(self, resolve: Callable[[type], Any] | None) -> None:
        self.resolve = resolve
        self.nodes: dict[Any, Node] = {}
        self.namespaces: dict[int, Mapping[str, Any]] = {}


class Place(NamedTuple):
    """Where an annotation sits: what its names mean there, and how to tell a reader."""

    namespace: Mapping[str, Any]
    where: str

    def inside(self, step: str) -> Place:
        """Return the place of a part of what sits here."""
        return Place(self.namespace, f"{step}, in {self.where}")


class Reader:
    """Reads one annotation into nodes; they become known to others only when everything they are made of could be read."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.fresh: dict[Any, Node] = {}
        self.made: list[Node] = []

    def read(self, annotation: Any, namespace: Mapping[str, Any]) -> Node:
        """Return the node of an annotation whose names are looked up in `namespace`.

        Raises UnencodableType, naming the innermost type that has no encoding and the way to it.
        """
        try:
            node = self._node(annotation, Place(namespace, "the declared type"))
        except RecursionError:
            raise UnencodableType(spelled(annotation), "the declared type", "it contains itself in ever larger forms") from None
        settle(self.made)
        self.known.nodes.update(self.fresh)
        return node

    def _node(self, annotation: Any, place: Place) -> Node:
        """Return the node of an annotation found at `where`, a known one when there is."""
        annotation = plain(annotation, place.namespace, place.where)
        key: Any = (annotation, id(place.namespace) if open_names(annotation) else 0)
        try:
            found = self.fresh.get(key) or self.known.nodes.get(key)
        except TypeError:  # it cannot be hashed, for metadata inside it: read it each time
            key, found = object(), None
        if found is not None:
            return found
        self.known.namespaces[id(place.namespace)] = place.namespace
        return self._built(annotation, place, key)

    def _keep(self, key: Any, node: _N) -> _N:
        """Remember a node before what it is made of is read, so that a recursive type finds itself."""
        self.fresh[key] = node
        self.made.append(node)
        return node

    def _built(self, annotation: Any, place: Place, key: Any) -> Node:
        """Return a new node for an annotation that was not met before."""
        name = spelled(annotation)
        origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
        cls = annotation if origin is None else origin
        if annotation is Any or annotation is object:
            return self._keep(key, Dynamic("Any"))
        if annotation is typing.LiteralString:
            return self._keep(key, Scalar("str", {str}))
        if origin is typing.Union or origin is types.UnionType:
            return self._union(self._keep(key, Union(name)), arguments, place)
        if origin is typing.Literal:
            return self._literal(name, arguments, place, key)
        if cls in _COLLECTIONS:
            return self._collection(name, _COLLECTIONS[cls], arguments[0] if arguments else Any, place, key)
        if cls in _MAPPINGS:
            table = self._keep(key, Dictionary(name))
            of_keys, of_values = arguments or (Any, Any)
            table.key = self._node(of_keys, place.inside(f"a key of {name}"))
            table.value = self._node(of_values, place.inside(f"a value of {name}"))
            return table
        if cls is tuple:
            return self._tuple(name, arguments, place, key, bare=annotation in (tuple, typing.Tuple))  # noqa: UP006
        if isinstance(cls, type):
            return self._declared(name, cls, arguments, place, key)
        variable = isinstance(annotation, TypeVar)
        why = "a type variable stands for any type; declare a definite one" if variable else "it is no type whose values are data"
        raise UnencodableType(name, place.where, why)

    def _collection(self, name: str, classes: Any, item: Any, place: Place, key: Any) -> Node:
        """Return the node of a list, set or abstract collection: a union of the classes that its values may have."""
        union = self._keep(key, Union(name)) if len(classes) > 1 else None
        nodes: list[Items | Set] = []
        for cls in classes:
            inside = f"{cls.__name__}[{spelled(item)}{', ...' if cls is tuple else ''}]"
            node = Set(inside, cls) if cls in (set, frozenset) else Items(inside, cls)
            nodes.append(self._keep(key if union is None else (key, cls), node))
        read = self._node(item, place.inside(f"an item of {name}"))
        for node in nodes:
            node.item = read
        if union is None:
            return nodes[0]
        union.members = tuple(nodes)
        return union

    def _tuple(self, name: str, arguments: Any, place: Place, key: Any, *, bare: bool) -> Node:
        """Return the node of a tuple, of one length or of any."""
        if bare:
            arguments = (Any, ...)
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            items = self._keep(key, Items(name, tuple))
            items.item = self._node(arguments[0], place.inside(f"an item of {name}"))
            return items
        row = self._keep(key, Row(name, tuple))
        row.items = tuple(self._node(part, place.inside(f"item {index} of {name}")) for index, part in enumerate(arguments))
        return row

    def _literal(self, name: str, values: tuple[Any, ...], place: Place, key: Any) -> Node:
        """Return the node of a literal; members of enums among its values make it a union."""
        plain_values = [value for value in values if type(value) in PLAIN]
        nodes: list[Node] = [Literal(name, plain_values)] if plain_values else []
        for cls in dict.fromkeys(type(value) for value in values if type(value) not in PLAIN):
            if not issubclass(cls, enum.Enum):
                raise UnencodableType(name, place.where, f"a literal of type {cls.__qualname__} is no literal")
            nodes.append(Member(spelled(cls), cls, [value for value in values if type(value) is cls]))
        if len(nodes) == 1:
            return self._keep(key, nodes[0])
        self.made += nodes
        union = self._keep(key, Union(name))
        union.members = tuple(sorted(nodes, key=lambda node: node.spelled))
        return union

    def _union(self, union: Union, arguments: tuple[Any, ...], place: Place) -> Node:
        """Fill in a union: nested unions opened, scalars joined into one member, the rest sorted by name."""
        try:
            found = list(dict.fromkeys(options(arguments, place.namespace, place.where)))
        except TypeError:
            raise UnencodableType(union.spelled, place.where, "one of its members cannot be hashed") from None
        scalars = [option for option in found if option in PLAIN]
        members = [self._node(option, place) for option in found if option not in PLAIN]
        if scalars:
            scalar = Scalar(" | ".join(sorted(map(spelled, scalars))), scalars)
            self.made.append(scalar)
            members.append(scalar)
        names = [member.spelled for member in members]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise UnencodableType(union.spelled, place.where, f"several of its members are called {', '.join(twice)}")
        union.members = tuple(sorted(members, key=lambda member: member.spelled))
        return union

    def _declared(self, name: str, cls: type, arguments: tuple[Any, ...], place: Place, key: Any) -> Node:
        """Return the node of a class."""
        special = self.known.resolve(cls) if self.known.resolve is not None else None
        if special is not None:
            encode, decode, immutable = special
            return self._keep(key, Foreign(name, cls, encode, decode, immutable=immutable))
        if cls in PLAIN:
            return self._keep(key, Scalar(name, {cls}))
        if issubclass(cls, enum.Enum):
            return self._keep(key, enum_node(name, cls))
        found = standard_node(name, cls) or _array_node(name, cls, arguments)
        if found is not None:
            return self._keep(key, found)
        made = record(cls, arguments)
        if made is None:
            raise UnencodableType(name, place.where, reason(cls))
        node, hints, namespace = made
        self._keep(key, node)
        read = {field: self._node(hint, Place(namespace, f"field {field!r} of {name}, in {place.where}")) for field, hint in hints.items()}
        self.made += node.fill(read)
        return node


def _array_node(name: str, cls: type, arguments: tuple[Any, ...]) -> Node | None:
    """Return the node of a class of numpy or pyarrow, None for any other."""
    if cls.__module__.partition(".")[0] not in ("numpy", "pyarrow"):
        return None
    from lestockage.engine.codec.arrays import array_node  # noqa: PLC0415  # for programs that use one of them

    return array_node(name, cls, arguments)
