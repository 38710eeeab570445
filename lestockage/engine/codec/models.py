"""Models: pydantic models, by their declared fields and which of them were set; read back without running any validator."""

# ruff: noqa: D102  # methods are described by Node

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from lestockage.engine.codec.fields import hints_of
from lestockage.engine.codec.node import Node, malformed, refuse
from lestockage.engine.codec.records import Record, TypedDictionary
from lestockage.errors import UnencodableType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lestockage.engine.codec.fields import Hints
    from lestockage.engine.codec.source import Source

__all__ = ["Model", "model"]


_EXTRA, _PRIVATE = "+extra", "+private "


class Model(Record):
    """A pydantic model: the array of its fields, which of them were set (None: all), then extra and private attributes if it has any.

    Extra attributes are a dictionary of dynamic values; private ones travel by their declared types.
    """

    kinds = frozenset({tuple})

    def __init__(self, spelled: str, cls: type, frozen: bool, names: Iterable[str]) -> None:
        super().__init__(spelled)
        self.cls = cls
        self.classes = frozenset({cls})
        self.names = tuple(names)
        self.bits = {name: 1 << index for index, name in enumerate(self.names)}
        self.items: tuple[Node, ...] = ()
        self.extra: Node | None = None
        self.private: Node | None = None
        self.frozen = frozen
        self.is_bare = bool(getattr(cls, "__pydantic_root_model__", False))
        """A root model has neither extra nor private attributes, and no room for them."""

    def fill(self, read: dict[str, Node]) -> list[Node]:
        self.items = tuple(read[field] for field in self.names)
        self.extra = read.get(_EXTRA)
        private = {field.removeprefix(_PRIVATE): node for field, node in read.items() if field.startswith(_PRIVATE)}
        if not private:
            return []
        self.private = TypedDictionary(f"private attributes of {self.spelled}", ())
        return [self.private, *self.private.fill(private)]

    def children(self) -> Iterable[Node]:
        return (*self.items, *(node for node in (self.extra, self.private) if node is not None))

    def settle(self) -> None:
        bare = self.extra is None and self.private is None
        self.immutable = self.immutable and self.frozen and bare and all(item.immutable for item in self.items)

    def layout(self) -> object:
        return (self.names, self.extra is not None, self.private is not None)

    # -- what the generated code calls ---------------------------------------------------------------------------------------------

    def set_mask(self, value: Any) -> int | None:
        """Return which fields were set explicitly: a bit each, None for all; an extra attribute counts as set while it is there."""
        mask = sum(self.bits.get(name, 0) for name in value.__pydantic_fields_set__)
        return None if mask == (1 << len(self.names)) - 1 else mask

    def set_names(self, mask: Any) -> set[str]:
        """Return the names of the fields that a mask says were set."""
        if mask is None:
            return set(self.names)
        if type(mask) is not int or not 0 <= mask < 1 << len(self.names):
            malformed("no set of fields")
        return {name for name, bit in self.bits.items() if mask & bit}

    def refuse_strays(self, value: Any) -> None:
        """Refuse a model that holds attributes beyond its fields; what `cached_property` keeps there is derived."""
        for name in value.__dict__.keys() - self.bits.keys():
            if not isinstance(getattr(self.cls, name, None), functools.cached_property):
                refuse(f"{self.spelled} with an attribute {name!r} that is no field")

    # -- as source text ------------------------------------------------------------------------------------------------------------

    def body(self, purpose: str, source: Source) -> Iterator[str]:
        size = len(self.names)
        me, cls = source.bind(self), source.bind(self.cls)
        names = [f"a{index}" for index in range(size)]
        row = [source.expression(item, purpose, name) for item, name in zip(self.items, names, strict=True)]
        optional = [(name, node) for name, node in (("e", self.extra), ("p", self.private)) if node is not None]
        if purpose == "value":
            yield f"if type(v) is not tuple or len(v) != {size + 1 + len(optional)}: malformed()"
            yield f"{', '.join((*names, 's', *(name for name, _ in optional)))}, = v"
            yield f"s = {me}.set_names(s)"
        else:
            if purpose == "wire":
                yield f"if type(v) is not {cls}: refuse()"
            yield "f = v.__dict__"
            if purpose == "wire":
                yield f"if len(f) != {size}: {me}.refuse_strays(v)"
            for name, field in zip(names, self.names, strict=True):
                yield f"{name} = f[{field!r}]"
            yield "s = v.__pydantic_fields_set__"
            yield "e = v.__pydantic_extra__" if self.extra is not None else ""
            yield "p = v.__pydantic_private__" if self.private is not None else ""
        more = [source.expression(node, purpose, name) for name, node in optional]
        if purpose == "wire":
            yield f"s = None if len(s) == {size} and {self.extra is None} else {me}.set_mask(v)"
            yield f"return ({''.join(f'{part}, ' for part in (*row, 's', *more))})"
            return
        yield f"o = new({cls})"
        fields = ", ".join(f"{name!r}: {part}" for name, part in zip(self.names, row, strict=True))
        parts = dict(zip((name for name, _ in optional), more, strict=True))
        yield f"assign(o, '__dict__', {{{fields}}})"
        if self.is_bare:
            yield f"assign(o, '__pydantic_fields_set__', {'s' if purpose == 'value' else 'set(s)'})"
            yield "return o"
            return
        yield f"assign(o, '__pydantic_extra__', {parts.get('e', 'None')})"
        if "e" in parts:
            yield "s |= o.__pydantic_extra__.keys()" if purpose == "value" else "s = set(s)"
        yield f"assign(o, '__pydantic_fields_set__', {'s' if purpose == 'value' else 'set(s)'})"
        yield f"assign(o, '__pydantic_private__', {parts.get('p', 'None')})"
        yield "return o"

    def parts(self, value: Any) -> Iterator[tuple[str, Node, Any]]:
        self.refuse_strays(value)
        for name, item in zip(self.names, self.items, strict=True):
            if name not in value.__dict__:
                refuse(f"{self.spelled} without its field {name!r}")
            yield f".{name}", item, value.__dict__[name]
        if self.extra is not None:
            yield " extra attributes", self.extra, value.__pydantic_extra__
        if self.private is not None:
            yield " private attributes", self.private, value.__pydantic_private__


def model(name: str, cls: Any) -> tuple[Record, Hints]:
    """Return the node and hints of a pydantic model; private and extra attributes are hints under names no field can have."""
    if not cls.__pydantic_complete__ and cls.model_rebuild(raise_errors=False) is False:
        raise UnencodableType(name, f"the model {name}", "a name in its annotations cannot be looked up")
    hints: Hints = {field: info.annotation for field, info in cls.model_fields.items()}
    node = Model(name, cls, bool(cls.model_config.get("frozen")), tuple(hints))
    if cls.model_config.get("extra") == "allow":
        hints[_EXTRA] = dict[str, Any]
    if cls.__private_attributes__:
        declared = hints_of(cls)
        hints |= {_PRIVATE + field: declared.get(field, Any) for field in cls.__private_attributes__}
    return node, hints
