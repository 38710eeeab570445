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
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

from tests.calls.code_names import CodeName, code_names

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType, ModuleType

_Function = TypeVar("_Function", ast.FunctionDef, ast.AsyncFunctionDef)
WRAPPER = "__recorded__"
_LAZY = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


class Place(NamedTuple):
    """Where a call was seen first."""

    path: str
    line: int


class CallTrace:
    """Collects executed call edges while it is entered; code is traced if it was compiled here, and run in this thread.

    With `lines`, also which lines of that code ran. A frame whose file `is_border` says is other code of interest hides what is below it:
    what a test calls back is no call by the package under test.
    """

    def __init__(self, *, lines: bool = False, is_border: Callable[[str], bool] = lambda _: False) -> None:
        self.edges: dict[tuple[str, str], Place] = {}
        self.through: set[tuple[str, str]] = set()  # to decorated functions, from the nearest frame that is no wrapper's
        self.lines: dict[str, set[int]] = {}
        self._decorator_lines: set[tuple[str, int]] = set()
        self.wrappers: tuple[str, ...] = ()  # what begins so is code of a decorator
        self._follows_lines = lines
        self._is_border = is_border
        self._names: dict[CodeType, CodeName] = {}

    def compile(self, source: str | bytes, path: str, module: str) -> CodeType:
        """Compile a module whose calls shall be seen; it needs `prepare` before it runs."""
        tree = ast.parse(source)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self._decorator_lines |= {(path, decorator.lineno) for decorator in node.decorator_list}
        code = compile(_Wrapping().visit(tree), path, "exec", dont_inherit=True)
        self._names.update(code_names(code, module))
        return code

    def prepare(self, module: ModuleType) -> None:
        """Give a module what its compiled code needs."""
        module.__dict__[WRAPPER] = self._record

    def __enter__(self) -> Self:
        sys.setprofile(self._on_event)
        if self._follows_lines:
            sys.settrace(self._on_frame)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)
        if self._follows_lines:
            sys.settrace(None)

    def _on_event(self, frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            called = self._names.get(frame.f_code)
            if called is not None and called.is_callable and not frame.f_code.co_flags & _LAZY:
                self._note(frame.f_back, frame.f_code)

    def _on_frame(self, frame: FrameType, _: str, __: object) -> Callable[..., Any] | None:
        code = frame.f_code
        if code not in self._names:
            return None
        add = self.lines.setdefault(code.co_filename, set()).add

        def on_line(frame: FrameType, event: str, _: object) -> Callable[..., Any]:
            if event == "line":
                add(frame.f_lineno)
            return on_line

        return on_line

    def _note(self, frame: FrameType | None, called: CodeType) -> None:
        callee = self._names[called].name
        while frame is not None:
            caller = self._names.get(frame.f_code)
            if caller is not None:
                edge = (caller.name, callee)
                if edge not in self.edges:
                    place = self.edges[edge] = Place(frame.f_code.co_filename, frame.f_lineno)
                    if place in self._decorator_lines:
                        self._learn_wrapper(callee)
                is_decorated = (called.co_filename, called.co_firstlineno) in self._decorator_lines
                if is_decorated and caller.name.startswith(self.wrappers):
                    self._note_through(frame.f_back, callee)
                return
            if self._is_border(frame.f_code.co_filename):
                return
            frame = frame.f_back

    def _learn_wrapper(self, decorator: str) -> None:
        """Take what is called on a decorator's line, or its class, for code that may stand between a call and its target."""
        owner, _, last = decorator.rpartition(".")
        prefix = f"{owner if last in ('__new__', '__init__', '__call__') else decorator}."
        if prefix not in self.wrappers:
            self.wrappers += (prefix,)

    def _note_through(self, frame: FrameType | None, callee: str) -> None:
        while frame is not None:
            caller = self._names.get(frame.f_code)
            if caller is not None and not caller.name.startswith(self.wrappers):
                self.through.add((caller.name, callee))
                return
            if self._is_border(frame.f_code.co_filename):
                return
            frame = frame.f_back

    def _record(self, function: Callable[..., Any]) -> Callable[..., Any]:
        called = function.__code__

        @functools.wraps(function)
        def recorded(*positional: Any, **named: Any) -> Any:
            self._note(sys._getframe(1), called)
            return function(*positional, **named)

        # decorators that make a function of the same shape ask for them
        recorded.__defaults__ = function.__defaults__  # type: ignore[attr-defined]  # it is a function
        recorded.__kwdefaults__ = function.__kwdefaults__  # type: ignore[attr-defined]
        return recorded


def is_recorded(function: object) -> bool:
    """Tell whether a function stands in for a generator or coroutine function that a trace compiled."""
    code = getattr(function, "__code__", None)
    return code is not None and code.co_name == "recorded" and code.co_filename == __file__


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
