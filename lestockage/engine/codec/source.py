"""Source: generated functions, one per declared type and purpose, compiled together on first use.

Functions of types that were compiled before are called, not written again. Nothing of a value ever becomes source text: names of fields do,
and everything else is bound by name into the functions' globals.
"""

from __future__ import annotations

import builtins
from operator import countOf
from typing import TYPE_CHECKING, Any, NoReturn

from lestockage.engine.codec.node import TooDeep, malformed, refuse
from lestockage.engine.codec.wire import MAX_DEPTH, pack

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.engine.codec.node import Node

__all__ = ["Source", "compiled"]

_COUNTED = ("check", "wire")
"""Purposes whose recursion is counted: a value may contain itself, a copy of one falls back, and stored bytes are bounded by msgpack."""


def _too_deep() -> NoReturn:
    """Refuse a value that nests too deep, or contains itself."""
    raise TooDeep(f"it nests more than {MAX_DEPTH} levels deep, or contains itself; msgpack holds no more")


_BUILTIN: frozenset[type] = frozenset(cls for name, cls in vars(builtins).items() if isinstance(cls, type) and cls.__name__ == name)


class Source:
    """The text of the functions being generated, and the objects they mention by name."""

    def __init__(self) -> None:
        self.globals: dict[str, Any] = {
            "refuse": refuse,
            "malformed": malformed,
            "too_deep": _too_deep,
            "countOf": countOf,
            "pack": pack,
            "new": object.__new__,
            "new_tuple": tuple.__new__,
            "assign": object.__setattr__,
        }
        self.lines: list[str] = []
        self.pending: list[tuple[Node, str]] = []
        self.written: dict[str, tuple[Node, str]] = {}
        self.counting = False

    def bind(self, thing: object) -> str:
        """Return a name by which the generated code can mention `thing`."""
        if isinstance(thing, type) and thing in _BUILTIN:
            return thing.__name__
        name = f"bound_{len(self.globals)}"
        self.globals[name] = thing
        return name

    def expression(self, node: Node, purpose: str, name: str) -> str:
        """Return an expression that does `purpose` of `node` to the variable `name`."""
        inline = node.inline(purpose, name, self)
        return self.call(node, purpose, name) if inline is None else inline

    def call(self, node: Node, purpose: str, name: str) -> str:
        """Return a call of the function that does `purpose` of `node`, with the variable `name`."""
        function = f"{purpose}_{node.number}"
        if purpose in node.functions:
            self.globals[function] = node.functions[purpose]
        elif function not in self.written:
            self.written[function] = (node, purpose)
            self.pending.append((node, purpose))
        deeper = ", d + 1" if node.recursive and self.counting and purpose in _COUNTED else ""
        return f"{function}({name}{deeper})"

    def write(self) -> None:
        """Write every function that was asked for, and those that these ask for."""
        while self.pending:
            node, purpose = self.pending.pop()
            self.counting = node.recursive and purpose in _COUNTED
            self.lines.append(f"def {purpose}_{node.number}(v{', d=0' if self.counting else ''}):")
            if self.counting:
                self.lines.append(f"    if d > {2 * MAX_DEPTH}: too_deep()")
            self.lines.extend(f"    {line}" for line in node.body(purpose, self))
        self.counting = False


def compiled(node: Node, purpose: str) -> Callable[[Any], Any]:
    """Return the function that does `purpose` to a value (or tree) of `node`, generated on first use and kept on the node."""
    function: Callable[[Any], Any] | None = node.functions.get(purpose)
    if function is not None:
        return function
    source = Source()
    expression = source.expression(node, purpose, "v")
    source.write()
    root = f"{purpose}_{node.number}"
    if root not in source.written:
        source.written[root] = (node, purpose)
        source.lines += [f"def {root}(v):", f"    return {expression}"]
    exec(compile("\n".join(source.lines), f"<codec of {node.spelled}>", "exec"), source.globals)  # noqa: S102  # text of ours, see above
    for name, (written, what) in source.written.items():
        written.functions[what] = source.globals[name]
    return node.functions[purpose]  # type: ignore[no-any-return]  # what exec made
