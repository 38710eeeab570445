"""Code names: what the index calls the code objects of a compiled module."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType

COMPREHENSIONS = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})


class CodeName:
    """The unit that a code object belongs to; bodies of modules and classes and comprehensions are not callable: nobody calls them."""

    __slots__ = ("is_callable", "name")

    def __init__(self, name: str, *, is_callable: bool) -> None:
        self.name = name
        self.is_callable = is_callable


def code_names(module: CodeType, name: str) -> dict[CodeType, CodeName]:
    """Return the unit of every code object in a module's: lambdas are numbered by source order, comprehensions are part of their unit.

    Two equal functions on one line are two keys, since CPython compares the positions in code objects too.
    """
    names = {module: CodeName(name, is_callable=False)}
    _name(module, name, names)
    return names


def _name(code: CodeType, unit: str, names: dict[CodeType, CodeName]) -> None:
    lambdas = []
    for inner in _inside(code, unit, names):
        if inner.co_name == "<lambda>":
            lambdas.append(inner)
            continue
        is_function = bool(inner.co_flags & inspect.CO_OPTIMIZED)
        names[inner] = CodeName(f"{unit}.{inner.co_name}", is_callable=is_function)
        _name(inner, names[inner].name, names)
    for number, inner in enumerate(sorted(lambdas, key=_start), 1):
        names[inner] = CodeName(f"{unit}.<lambda{number}>", is_callable=True)
        _name(inner, names[inner].name, names)


def _inside(code: CodeType, unit: str, names: dict[CodeType, CodeName]) -> Iterator[CodeType]:
    """Yield the definitions and lambdas of one unit, those in its comprehensions too."""
    for inner in code.co_consts:
        if inspect.iscode(inner):
            if inner.co_name in COMPREHENSIONS:
                names[inner] = CodeName(unit, is_callable=False)
                yield from _inside(inner, unit, names)
            else:
                yield inner


def _start(code: CodeType) -> tuple[int, int]:
    return min((line, column) for line, _, column, _ in code.co_positions() if line is not None and column is not None and column > 0)
