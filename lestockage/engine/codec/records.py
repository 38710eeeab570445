"""Records: types with a fixed row of fields: tuples of fixed length, named tuples, dataclasses and typed dictionaries."""

# ruff: noqa: D102  # methods are described by Node

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from lestockage.engine.codec.node import FAIL, FAILED, Node, refuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lestockage.engine.codec.source import Source

__all__ = ["Dataclass", "Record", "Row", "TypedDictionary"]


def refuse_strays(value: Any, names: frozenset[str]) -> None:
    """Refuse an instance that holds attributes beyond its fields, which would be lost; what `cached_property` keeps there is derived."""
    cls = type(value)
    for name in value.__dict__.keys() - names:
        if not isinstance(getattr(cls, name, None), functools.cached_property):
            refuse(f"{cls.__qualname__} with an attribute {name!r} that is no field")


class Record(Node):
    """A type whose fields are read after it is known, because they may mention it."""

    def fill(self, read: dict[str, Node]) -> list[Node]:
        """Take the nodes of the fields, by name and in order; return nodes made in addition."""
        raise NotImplementedError  # pragma: no cover  # each kind of record keeps its fields in its own way


class Row(Record):
    """A tuple of fixed length, or a named tuple: the array of its items."""

    native = True
    kinds = frozenset({tuple})

    def __init__(self, spelled: str, cls: type, names: Iterable[str] = ()) -> None:
        super().__init__(spelled)
        self.cls = cls
        self.classes = frozenset({cls})
        self.names = tuple(names)
        self.items: tuple[Node, ...] = ()
        self.identity = cls is tuple
        self.stray = bool(cls.__dictoffset__)

    def fill(self, read: dict[str, Node]) -> list[Node]:
        self.items = tuple(read.values())
        return []

    def children(self) -> Iterable[Node]:
        return self.items

    def settle(self) -> None:
        self.native = all(item.native for item in self.items)
        self.identity = self.cls is tuple and all(item.identity for item in self.items)
        self.immutable = all(item.immutable for item in self.items)

    def layout(self) -> object:
        return self.names

    def inline(self, purpose: str, name: str, source: Source) -> str | None:
        if purpose == "check" and not self.items:
            return f"(type({name}) is {source.bind(self.cls)} and not {name})"
        return super().inline(purpose, name, source)

    def unrolled(self, purpose: str, name: str, source: Source) -> tuple[list[str], str] | None:
        if purpose == "copy" and self.immutable:
            return None
        size = len(self.items)
        cls = "tuple" if purpose == "value" else source.bind(self.cls)
        length = f" or len({name}) != {size}" if self.cls is tuple or purpose == "value" else ""
        lines = [f"if type({name}) is not {cls}{length}: {FAIL}"]
        if self.stray and purpose in ("check", "wire"):
            lines.append(f"if {name}.__dict__: {source.bind(refuse_strays)}({name}, {source.bind(frozenset())})")
        names = [f"{name}{index}" for index in range(size)]
        if names:
            lines.append(f"{', '.join(names)}, = {name}")
        if purpose == "check" or (purpose == "value" and all(item.identity for item in self.items)):
            test = " and ".join(source.expression(item, "check", part) for item, part in zip(self.items, names, strict=True)) or "True"
            if purpose == "check":
                return lines, test
            return [*lines, f"if not ({test}): {FAIL}"], f"new_tuple({source.bind(self.cls)}, {name})"
        row = "".join(f"{source.expression(item, purpose, part)}, " for item, part in zip(self.items, names, strict=True))
        return lines, f"({row})" if purpose == "wire" or self.cls is tuple else f"new_tuple({source.bind(self.cls)}, ({row}))"

    def accepts(self, value: Any) -> bool:
        if self.stray and type(value) is self.cls:
            refuse_strays(value, frozenset())
        return isinstance(value, tuple) and type(value) is self.cls and len(value) == len(self.items)

    def parts(self, value: Any) -> Iterator[tuple[str, Node, Any]]:
        for index, (item, part) in enumerate(zip(self.items, value, strict=True)):
            yield (f".{self.names[index]}" if self.names else f"[{index}]"), item, part


class Dataclass(Record):
    """A dataclass: the array of its fields, in their order; read back without running any of its code."""

    kinds = frozenset({tuple})

    def __init__(self, spelled: str, cls: type, frozen: bool, names: Iterable[str], kept: Iterable[str]) -> None:
        super().__init__(spelled)
        self.cls = cls
        self.classes = frozenset({cls})
        self.names = tuple(names)
        self.kept = frozenset(kept)  # the fields that live in the instance's __dict__, not in slots
        self.items: tuple[Node, ...] = ()
        self.immutable = frozen
        self.plain = not any("__setattr__" in vars(base) for base in cls.__mro__[:-1])

    def fill(self, read: dict[str, Node]) -> list[Node]:
        self.items = tuple(read.values())
        return []

    def children(self) -> Iterable[Node]:
        return self.items

    def settle(self) -> None:
        self.immutable = self.immutable and all(item.immutable for item in self.items)

    def layout(self) -> object:
        return self.names

    def unrolled(self, purpose: str, name: str, source: Source) -> tuple[list[str], str] | None:
        if purpose == "copy" and self.immutable:
            return None
        cls = source.bind(self.cls)
        names = [f"{name}{index}" for index in range(len(self.items))]
        row = [source.expression(item, purpose, part) for item, part in zip(self.items, names, strict=True)]
        lines: list[str] = []
        if purpose == "value":
            lines.append(f"if type({name}) is not tuple or len({name}) != {len(names)}: {FAIL}")
            if names:
                lines.append(f"{', '.join(names)}, = {name}")
        else:
            if purpose == "wire":
                lines.append(f"if type({name}) is not {cls}: {FAIL}")
                if self.cls.__dictoffset__:
                    strays = f"{source.bind(refuse_strays)}({name}, {source.bind(self.kept)})"
                    lines.append(f"if len({name}.__dict__) != {len(self.kept)}: {strays}")
            lines += [f"{part} = {name}.{field}" for part, field in zip(names, self.names, strict=True)]
        if purpose == "wire":
            return lines, f"({''.join(f'{part}, ' for part in row)})"
        lines.append(f"o = new({cls})")
        for part, field in zip(row, self.names, strict=True):
            lines.append(f"o.{field} = {part}" if self.plain else f"assign(o, {field!r}, {part})")
        return lines, "o"

    def accepts(self, value: Any) -> bool:
        if type(value) is self.cls and self.cls.__dictoffset__:
            refuse_strays(value, self.kept)
        return type(value) is self.cls

    def parts(self, value: Any) -> Iterator[tuple[str, Node, Any]]:
        for name, item in zip(self.names, self.items, strict=True):
            if not hasattr(value, name):
                refuse(f"{self.cls.__qualname__} without its field {name!r}")
            yield f".{name}", item, getattr(value, name)


class TypedDictionary(Record):
    """A typed dictionary: a map of its keys, in the value's order."""

    native = identity = True
    immutable = False
    classes = kinds = frozenset({dict})

    def __init__(self, spelled: str, required: Iterable[str]) -> None:
        super().__init__(spelled)
        self.required = frozenset(required)
        self.items: dict[str, Node] = {}

    def fill(self, read: dict[str, Node]) -> list[Node]:
        self.items = read
        return []

    def children(self) -> Iterable[Node]:
        return self.items.values()

    def settle(self) -> None:
        self.native = all(item.native for item in self.items.values())
        self.identity = all(item.identity for item in self.items.values())

    def layout(self) -> object:
        return (sorted(self.required), list(self.items))

    def body(self, purpose: str, source: Source) -> Iterator[str]:
        failed = FAILED[purpose]
        yield f"if type(v) is not dict or not {source.bind(self.required)} <= v.keys(): {failed}"
        yield "r = {}"
        yield "for k, x in v.items():"
        yield f"    if type(k) is not str: {failed}"
        for key, item in self.items.items():
            part = source.expression(item, purpose, "x")
            step = f"    if not {part}: return False" if purpose == "check" else f"    r[k] = {part}"
            yield f"    elif k == {key!r}:"
            yield f"    {step}"
        yield f"    else: {failed}"
        yield "return True" if purpose == "check" else "return r"

    def accepts(self, value: Any) -> bool:
        if type(value) is not dict:
            return False
        for key in value:
            if type(key) is not str or key not in self.items:
                refuse(f"a dictionary with the key {key!r}, which {self.spelled} does not declare")
        for key in self.required - value.keys():
            refuse(f"a dictionary without the key {key!r}")
        return True

    def parts(self, value: Any) -> Iterator[tuple[str, Node, Any]]:
        for key, item in value.items():
            yield f"[{key!r}]", self.items[key], item
