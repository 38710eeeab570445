"""Reading: a summary written so that a person can check it: what each operation does, every value by where it comes from."""

from __future__ import annotations

from typing import Any

import msgpack  # type: ignore[import-untyped]

from lestockage.languages.python.value_flow import opcodes as op
from tests.languages.surveying import facts

_HEADINGS = {op.INSIDE: "", op.HEADING: "^", op.OTHERS: "others:", op.MODULE: "module:"}


class Reading:
    """The summary of one unit of a piece of source.

    A value is written as what it is (`f`: a definition in the unit or a name outside, `^C`: looked up where the unit is defined,
    `others:x`: what others assign to the unit's own `x`, `module:x`: what a name means that is declared global, `<a>`: a parameter), with
    what was done with it; `a|b` may be either, `?` is not known.
    """

    def __init__(self, source: str, name: str = "", ordinal: int = 0) -> None:
        flow = facts(source, name, ordinal).flow
        fields = msgpack.unpackb(flow, use_list=False)
        self.count, self._parameters, self._result, self._yields, self.flags = fields[:5]
        self._cells, self._free, self._outer, self._bases, self._ops = fields[5:]
        self._sources: dict[int, list[Any]] = {}
        for parameter, _, place in self._parameters:
            self._sources.setdefault(place, []).append(f"<{parameter}>")
        for free, place, heading in self._free:
            self._sources.setdefault(place, []).append(_HEADINGS[heading] + free)
        for each in self._ops:
            if each[0] in _RESULTS:
                self._sources.setdefault(each[1], []).append(each)

    def value(self, place: int, around: tuple[int, ...] = ()) -> str:
        """Write a value; one that depends on itself is written `...` where it does."""
        if place < 0:
            return "?"
        if place in around:
            return "..."
        around = (*around, place)
        written: dict[str, None] = {}
        for source in self._sources.get(place, []):
            text = source if isinstance(source, str) else _RESULTS[source[0]](lambda each: self.value(each, around), source)
            if text != "...":
                written.update(dict.fromkeys(text.split("|") if source[0] == op.COPY else [text]))
        return "|".join(sorted(written)) or "nothing"

    @property
    def effects(self) -> list[str]:
        """What the unit does, in order: everything but what only makes a value."""
        return [_EFFECTS[each[0]](self.value, each) for each in self._ops if each[0] in _EFFECTS]

    @property
    def called(self) -> list[str]:
        """What is called, call by call."""
        return [self.value(each[2]) for each in self._ops if each[0] == op.CALL]

    @property
    def sites(self) -> list[int]:
        """Where calls and applied decorators stand, in order."""
        return [each[-1] for each in self._ops if each[0] in (op.CALL, op.DECORATE)]

    @property
    def places(self) -> set[int]:
        """The statements at which something other than a call is done."""
        found = {each[-1] for each in self._ops if each[0] in _PLACED}
        return {-2 - place for place in found if place <= -2}

    @property
    def result(self) -> str:
        """What is returned."""
        return self.value(self._result)

    @property
    def yields(self) -> str:
        """What is yielded."""
        return self.value(self._yields)

    @property
    def cells(self) -> dict[str, str]:
        """What others see of each name."""
        return {name: self.value(place) for name, place in self._cells}

    @property
    def outer(self) -> dict[str, tuple[str, bool]]:
        """What is assigned to names of scopes around, and whether they are global."""
        return {name: (self.value(place), is_global) for name, place, is_global in self._outer}

    @property
    def free(self) -> list[tuple[str, int]]:
        """The names read from outside, with their headings."""
        return [(name, heading) for name, _, heading in self._free]

    @property
    def bases(self) -> list[str]:
        """The bases of a class."""
        return [self.value(base) for base in self._bases]

    @property
    def parameters(self) -> list[tuple[str, int, str]]:
        """The parameters: name, kind, and `?` where one is not used."""
        return [(name, kind, self.value(place)) for name, kind, place in self._parameters]


def _call(v: Any, o: Any) -> str:
    arguments = [v(each) if isinstance(each, int) else "*" + v(each[0]) for each in o[3]]
    arguments += [("**" if name is None else name + "=") + v(each) for name, each in o[4]]
    return f"{v(o[2])}({', '.join(arguments)})"


def _key(v: Any, key: Any, keyvar: int = -1) -> str:
    return repr(key) if key is not None else v(keyvar) if keyvar >= 0 else "*"


_RESULTS: dict[int, Any] = {
    op.COPY: lambda v, o: v(o[2]),
    op.DEFINE: lambda _, o: o[2] + (f"#{o[3]}" if o[3] else ""),
    op.LITERAL: lambda _, o: f"a {o[2]}" if len(o) == 3 else repr(o[3]),
    op.MAKE: lambda _, o: f"{o[2]}{o[3]}",
    op.LOAD: lambda v, o: f"{v(o[2])}.{o[3]}",
    op.LOADS: lambda v, o: f"{v(o[2])}.{o[3]}*{o[4]}",
    op.ITEM: lambda v, o: f"{v(o[2])}[{_key(v, o[3], o[4])}]",
    op.SLICE: lambda v, o: f"{v(o[2])}[{':' if len(o) == 4 else f'{o[4]}:{o[5]}'}]",
    op.CALL: _call,
    op.METHOD: lambda v, o: f"{v(o[2])}.{o[3]}()",
    op.BINARY: lambda v, o: f"({v(o[2])} {o[4]} {v(o[3])})",
    op.ITERATE: lambda v, o: f"{'async ' if o[3] else ''}each of {v(o[2])}",
    op.UNPACK: lambda v, o: f"{v(o[2])}<{o[3]}/{o[4]}>",
    op.REST: lambda v, o: f"{v(o[2])}<{o[3]}..{o[4]}>",
    op.AWAIT: lambda v, o: f"await {v(o[2])}",
    op.DELEGATE: lambda v, o: f"from {v(o[2])}",
    op.INSTANCE_OF: lambda v, o: f"a {v(o[2])}",
    op.NARROW: lambda v, o: f"({v(o[2])} {'is' if o[4] else 'is no'} {v(o[3])})",
    op.ANSWERS: lambda v, o: f"{v(o[2])} if {'maybe ' if o[4] is None else '' if o[4] else 'not '}{o[3]}",
    op.WHERE: lambda v, o: v(o[2]),
    op.SUPER_OF: lambda v, o: f"super({v(o[2])}, {v(o[3])})",
    op.IMPORT: lambda _, o: f"{'.' * o[4]}{o[2] or ''}:{o[3]}",
    op.DECORATE: lambda v, o: f"@{v(o[2])}({v(o[3])})",
    op.RECEIVE: lambda _, o: "sent",  # noqa: ARG005  # all have one shape
    op.MATCH_ARGUMENT: lambda v, o: f"{v(o[2])}.{v(o[3])}-{o[4]}",
    op.CAUGHT: lambda v, o: f"caught {v(o[2])}",
}

_EFFECTS: dict[int, Any] = {
    op.CALL: _call,
    op.PUT: lambda v, o: f"{v(o[1])}[{_key(v, o[2])}] <- {v(o[3])}",
    op.PUT_KEY: lambda v, o: f"{v(o[1])} has {v(o[2])}",
    op.EXTEND: lambda v, o: f"{v(o[1])} += {v(o[2])}",
    op.STORE: lambda v, o: f"{v(o[1])}.{o[2]} = {v(o[3])}",
    op.KEEP: lambda v, o: f"{v(o[1])}.{o[2]} keeps {v(o[3])}",
    op.SETITEM: lambda v, o: f"{v(o[1])}[{_key(v, o[2], o[3])}] = {v(o[4])}",
    op.METHOD: lambda v, o: f"{v(o[2])}.{o[3]}({', '.join(v(each) for each in o[4])})",
    op.BINARY: lambda v, o: f"{v(o[2])} {o[4]} {v(o[3])}",
    op.RAISE: lambda v, o: f"raise {v(o[1])}",
    op.DELETE: lambda v, o: f"del {v(o[1])}.{o[2]}",
    op.ANNOTATED: lambda v, o: f"{o[1]}: {v(o[2])}",
    op.DEFAULT: lambda v, o: f"{o[1]}({o[3]}={v(o[4])})",
    op.METACLASS: lambda v, o: f"metaclass {v(o[1])}",
    op.CREATE: lambda v, o: f"class {v(o[1])}({', '.join(('**' if name is None else name + '=') + v(each) for name, each in o[2])})",
    op.MATCHES: lambda _, o: f"matches {', '.join(o[1])}",
    op.SETS: lambda _, o: f"sets {', '.join(o[1])}",
    op.DECORATE: lambda v, o: f"@{v(o[2])}({v(o[3])})",
    op.STAR: lambda _, o: f"{'.' * o[2]}{o[1] or ''}:*",
    op.DELEGATE: lambda v, o: f"from {v(o[2])}",
    op.AWAIT: lambda v, o: f"await {v(o[2])}",
}

_PLACED = frozenset(
    {op.LOAD, op.STORE, op.KEEP, op.ITEM, op.SETITEM, op.METHOD, op.BINARY, op.ITERATE, op.UNPACK, op.REST, op.RAISE, op.SLICE, op.AWAIT}
)


def called(source: str, name: str = "run") -> list[str]:
    """Return what a unit of a piece of source calls, call by call."""
    return Reading(source, name).called


def effects(source: str, name: str = "run") -> list[str]:
    """Return what a unit of a piece of source does."""
    return Reading(source, name).effects
