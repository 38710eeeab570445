"""Running: execute a program of the corpus from memory, and see what it calls."""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from typing import TYPE_CHECKING, Any, cast

from tests.calls.call_trace import CallTrace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from tests.calls.programs import Edge


class _Modules:
    """Finds and loads the modules of one program."""

    def __init__(self, files: Mapping[str, str], trace: CallTrace) -> None:
        self.files = files
        self.trace = trace

    def path(self, name: str) -> str | None:
        stem = name.replace(".", "/")
        return next((path for path in (f"{stem}/__init__.py", f"{stem}.py") if path in self.files), None)

    def find_spec(self, name: str, _: object = None, __: object = None) -> ModuleSpec | None:
        path = self.path(name)
        if path is not None:
            return ModuleSpec(name, cast("Any", self), is_package=path.endswith("__init__.py"))
        if any(each.startswith(name.replace(".", "/") + "/") for each in self.files):
            return ModuleSpec(name, None, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        path = self.path(module.__name__)
        assert path is not None
        code = self.trace.compile(self.files[path], f"<program>/{path}", module.__name__)
        self.trace.prepare(module)
        exec(code, module.__dict__)  # noqa: S102  # our own programs


def executed(files: Mapping[str, str]) -> set[Edge]:
    """Import `main` of a program and return the calls between its own units that this executed; `sys.modules` is left as it was."""
    trace = CallTrace()
    finder = _Modules(files, trace)
    before = dict(sys.modules)
    sys.meta_path.insert(0, finder)
    try:
        with trace:
            __import__("main")
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if finder.find_spec(name) is not None]:
            if name in before:
                sys.modules[name] = before[name]
            else:
                del sys.modules[name]
    return set(trace.edges)
