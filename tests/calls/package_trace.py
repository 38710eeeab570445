"""Package trace: run a package's own tests and write down which of its units called which, and which lines ran.

`python -m tests.calls.package_trace OUT PREFIX[,PREFIX...] TEST [TEST...]` traces the modules whose names begin with one of the prefixes,
their `tests` excepted, and gives the rest of the line to pytest. It is a process of its own: nothing of the package may be imported before.
"""

from __future__ import annotations

import inspect
import json
import sys
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.calls.call_trace import CallTrace, is_recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import CodeType, ModuleType


def is_traced(module: str, prefixes: Sequence[str]) -> bool:
    """Tell whether a module belongs to one of the packages, or is one of them; test modules never do."""
    parts = module.split(".")
    return "tests" not in parts and parts[-1] != "conftest" and any(f"{module}.".startswith(f"{prefix}.") for prefix in prefixes)


class _Finder:
    """Loads the modules to be traced from their sources, compiled by the trace."""

    def __init__(self, trace: CallTrace, prefixes: Sequence[str]) -> None:
        self.trace = trace
        self.prefixes = prefixes

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if not is_traced(name, self.prefixes):
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and type(spec.loader) is SourceFileLoader:
            spec.loader = _Loader(name, spec.loader.path, self.trace)
        return spec


class _Loader(SourceFileLoader):
    """Compiles anew, never from a cache."""

    def __init__(self, name: str, path: str, trace: CallTrace) -> None:
        super().__init__(name, path)
        self.trace = trace

    def get_code(self, fullname: str) -> CodeType:
        return self.trace.compile(self.get_data(self.path), self.path, fullname)

    def exec_module(self, module: ModuleType) -> None:
        self.trace.prepare(module)
        super().exec_module(module)


def _unwrapping(question: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda function: question(function.__wrapped__ if is_recorded(function) else function)


def main(out: str, prefixes: str, *tests: str) -> int:
    """Run the tests traced; the status is pytest's."""
    wanted = prefixes.split(",")
    root = str(Path(*Path(PathFinder.find_spec(wanted[0].partition(".")[0]).origin or "").parts[:-1]))  # type: ignore[union-attr]  # it is installed
    trace = CallTrace(lines=True, is_border=lambda path: path.startswith(root) and "/tests/" in path)
    inspect.isgeneratorfunction = _unwrapping(inspect.isgeneratorfunction)  # type: ignore[assignment]  # a recorded generator function is one
    finder: Any = _Finder(trace, wanted)
    sys.meta_path.insert(0, finder)
    options = ["-q", "--tb=short", "-c", "/dev/null", "--rootdir", str(Path(root).parent), "-p", "no:cacheprovider", "-p", "no:randomly"]
    with trace:
        status = pytest.main([*options, *tests])
    seen = {
        "edges": [[*edge, *place] for edge, place in sorted(trace.edges.items())],
        "through": sorted(trace.through),
        "wrappers": trace.wrappers,
        "lines": {path: sorted(lines) for path, lines in sorted(trace.lines.items())},
    }
    Path(out).write_text(json.dumps(seen))
    return int(status)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
