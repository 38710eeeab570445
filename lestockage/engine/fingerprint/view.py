"""View: how a walk looks at objects: what is the program's own, where it stops, and what counts by a text alone."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Any

from lestockage.engine.fingerprint.bytecode import PLAIN, constant
from lestockage.engine.fingerprint.origin import module_of, origin
from lestockage.engine.fingerprint.part import Label, Part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["View"]

_SLOTS = (types.MemberDescriptorType, types.GetSetDescriptorType)
_OF_C = (types.WrapperDescriptorType, types.MethodDescriptorType, types.ClassMethodDescriptorType)


class View:
    """The home of a walk, and where it stops."""

    def __init__(self, home: str) -> None:
        self.home = home
        self.stop_at: Callable[[object], bytes | None] | None = None
        """Asked about every object that is met; in place while a walk goes on."""
        self._leaves: dict[int, tuple[object, tuple[str, str] | None]] = {}

    def library(self, module: str) -> str | None:
        """Return the label of the library that a module belongs to, or None for the program's own."""
        return origin(module, self.home)

    def leaf(self, thing: object) -> tuple[str, str] | None:
        """Return (name, text) of something that counts by a text alone, or None for what must be taken apart. Constants have no name."""
        text = constant(thing)
        return ("", text) if text is not None else self._named_leaf(thing)

    def _named_leaf(self, thing: object) -> tuple[str, str] | None:
        """Return the leaf of something that is no constant, found once per object."""
        known = self._leaves.get(id(thing))
        if known is None:
            self._leaves[id(thing)] = known = (thing, self._leaf(thing))
        return known[1]

    def _leaf(self, thing: Any) -> tuple[str, str] | None:
        """Look at the type alone: `isinstance` would ask an object of the program for its `__class__`."""
        identity = None if self.stop_at is None else self.stop_at(thing)
        if identity is not None:
            return f"{getattr(thing, '__qualname__', type(thing).__qualname__)} (by identity)", f"stop {identity.hex()}"
        cls = type(thing)
        if cls is types.FunctionType:
            return None
        if issubclass(cls, type):
            return self.named(f"{module_of(thing)}.{thing.__qualname__}", module_of(thing))
        if cls is types.BuiltinFunctionType:
            owner = thing.__self__
            module = thing.__module__ or "builtins"
            return self.named(f"{module}.{thing.__qualname__}", module) if owner is None or type(owner) is types.ModuleType else None
        if cls in _SLOTS or cls in _OF_C:
            return "", f"{cls.__name__} {thing.__qualname__}"
        if cls is types.ModuleType:
            return self.named(f"module {thing.__name__}", thing.__name__)
        return (thing.text, f"label {thing.text}") if cls is Label else None

    def named(self, name: str, module: str) -> tuple[str, str] | None:
        """Return the leaf of something of a library: its name and the library's version; None for the program's own."""
        label = self.library(module)
        return None if label is None else (f"{name} ({label})", f"named {name} of {label}")

    def made_of(self, name: str, head: str, things: Iterable[object], code: bytes = b"") -> Part:
        """Return the part of something made of `things` in order; those that are leaves are written into its content."""
        children: list[object] = []
        texts: list[str] = [head]
        names = [name] if name else []
        for thing in things:
            if type(thing) in PLAIN:
                texts.append(repr(thing))
                continue
            leaf = self.leaf(thing)
            if leaf is None:
                children.append(thing)
                texts.append("*")
            else:
                texts.append(leaf[1])
                if leaf[0]:
                    names.append(leaf[0])
        texts.append(str(len(code)))
        content = "\n".join(texts).encode("utf-8", "surrogatepass")  # no text has a line break: constants are written by repr
        return Part(tuple(names), content + b"\n" + code, tuple(children))
