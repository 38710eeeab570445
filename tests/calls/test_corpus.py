"""The corpus is right: every program runs, and calls what it is said to call."""

from __future__ import annotations

import ast
from collections import Counter

import pytest

from tests.calls.programs import CORPUS, Program, programs
from tests.calls.running import executed

ALL = programs()
CATEGORIES = sorted({program.category for program in ALL})


@pytest.mark.no_cover  # nothing of the package runs
@pytest.mark.parametrize("category", CATEGORIES)
def test_running_a_program_executes_the_calls_it_is_said_to_have(category: str) -> None:
    """What the interpreter sees of each program is what its expectation says is executed, classes excepted, whose call leaves no frame."""
    wrong = {program.name: found for program in programs(category) if (found := _difference(program))}
    assert wrong == {}


def _difference(program: Program) -> dict[str, list[tuple[str, str]]]:
    ran = executed(program.files)
    own = {path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in program.files}
    classes = _classes(program)
    said = {(caller, callee) for caller, callee in program.executed if _is_own(callee, own) and callee not in classes}
    found = {"executed, not expected": sorted(ran - program.expected), "expected, not executed": sorted(said - ran)}
    return {kind: edges for kind, edges in found.items() if edges}


def _is_own(name: str, modules: set[str]) -> bool:
    return any(name.startswith(module + ".") for module in modules)


def _classes(program: Program) -> set[str]:
    """Return the names of the program's classes."""
    names: set[str] = set()

    def walk(node: ast.AST, around: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                name = f"{around}.{child.name}"
                if isinstance(child, ast.ClassDef):
                    names.add(name)
                walk(child, name)
            else:
                walk(child, around)

    for path, source in program.files.items():
        walk(ast.parse(source), path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    return names


def test_every_section_is_a_program() -> None:
    """Nothing in the files is passed over, names are unique, and every program says what it is about."""
    sections = sum(path.read_text().count("\n## ") for path in CORPUS.glob("*.md"))
    assert len(ALL) == sections >= 430
    counts = Counter((program.category, program.name) for program in ALL)
    assert [name for name, count in counts.items() if count > 1] == []
    assert [program.name for program in ALL if not program.claim.endswith(".")] == []
