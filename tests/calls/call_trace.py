"""Call trace: which unit called which while a program ran, as the interpreter saw it.

A call is an edge from the nearest frame of the traced code below it, so `sorted(items, key=f)` in `g` is a call of `f` by `g`. Calling a
generator or coroutine function makes an object and runs nothing, which the profiler does not see; such functions are wrapped where they are
defined, and the wrapper records the call. Imports and class bodies are no calls.
"""

from __future__ import annotations

import ast
import functools
import inspect
import sys
from typing import TYPE_CHECKING, Any, Self, TypeVar

from tests.calls.code_names import CodeName, code_names

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType, ModuleType

_Function = TypeVar("_Function", ast.FunctionDef, ast.AsyncFunctionDef)
WRAPPER = "__recorded__"
_LAZY = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


class CallTrace:
    """Collects executed call edges while it is entered; code is traced if it was compiled here, and run in this thread."""

    def __init__(self) -> None:
        self.edges: set[tuple[str, str]] = set()
        self._names: dict[CodeType, CodeName] = {}

    def compile(self, source: str | bytes, path: str, module: str) -> CodeType:
        """Compile a module whose calls shall be seen; it needs `prepare` before it runs."""
        code = compile(_Wrapping().visit(ast.parse(source)), path, "exec", dont_inherit=True)
        self._names.update(code_names(code, module))
        return code

    def prepare(self, module: ModuleType) -> None:
        """Give a module what its compiled code needs."""
        module.__dict__[WRAPPER] = self._record

    def __enter__(self) -> Self:
        sys.setprofile(self._on_event)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _on_event(self, frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            called = self._names.get(frame.f_code)
            if called is not None and called.is_callable and not frame.f_code.co_flags & _LAZY:
                self._note(frame.f_back, called.name)

    def _note(self, frame: FrameType | None, callee: str) -> None:
        while frame is not None:
            caller = self._names.get(frame.f_code)
            if caller is not None:
                self.edges.add((caller.name, callee))
                return
            frame = frame.f_back

    def _record(self, function: Callable[..., Any]) -> Callable[..., Any]:
        callee = self._names[function.__code__].name

        @functools.wraps(function)
        def recorded(*positional: Any, **named: Any) -> Any:
            self._note(sys._getframe(1), callee)
            return function(*positional, **named)

        return recorded


class _Wrapping(ast.NodeTransformer):
    """Puts the wrapper, as the innermost decorator, on every generator and coroutine function."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        return _wrapped(node) if _yields(node.body) else node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AsyncFunctionDef:
        self.generic_visit(node)
        return _wrapped(node)


def _wrapped(node: _Function) -> _Function:
    node.decorator_list.append(ast.copy_location(ast.Name(WRAPPER, ast.Load()), node))
    return node


def _yields(body: list[ast.stmt]) -> bool:
    remaining: list[ast.AST] = list(body)
    while remaining:
        node = remaining.pop()
        if isinstance(node, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            remaining += ast.iter_child_nodes(node)
    return False
