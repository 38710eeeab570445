"""Oracles: what radon and ruff say of every function of a file, and what we say, by the line of its `def`."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from radon.visitors import ComplexityVisitor

from lestockage.languages.facts import is_anonymous
from lestockage.languages.python.control_flow.flow import build, own_statements
from lestockage.languages.python.metrics.aggregate import Part, mccabe_total
from lestockage.languages.python.metrics.measures import measure
from lestockage.languages.python.survey import parse
from tests.languages.slow_reading import held

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.languages.slow_reading import Unit

PACKAGES = (
    *("networkx", "pydantic", "msgpack", "duckdb", "rich", "typer", "numpy", "blake3", "pyarrow", "annotated_types", "typing_inspection"),
    *("hypothesis", "mypy", "radon", "coverage", "click"),
)


def package_files(package: str) -> list[Path]:
    """Every Python file of an installed package that can be parsed."""
    spec = find_spec(package)
    assert spec is not None
    found = []
    for location in spec.submodule_search_locations or [Path(spec.origin or "").parent]:
        for path in sorted(Path(location).rglob("*.py")):
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    ast.parse(path.read_bytes())
            except (SyntaxError, ValueError, RecursionError):
                continue
            found.append(path)
    return found


def radon_says(tree: ast.Module) -> dict[int, int]:
    """Radon's complexity of each function by line, nested ones too; those in a class in a function it does not see."""
    visitor = ComplexityVisitor.from_ast(tree)
    found: dict[int, int] = {}
    waiting = [*visitor.functions, *visitor.classes]
    while waiting:
        block = waiting.pop()
        if hasattr(block, "methods"):
            waiting += [*block.methods, *block.inner_classes]
        else:
            found[block.lineno] = block.complexity
            waiting += block.closures
    return found


def radon_we_say(tree: ast.Module, source: bytes) -> dict[int, int]:
    """Our cyclomatic complexity of each function by the line of its `def`."""
    parsed = parse(source)
    lines = {}
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.decorator_list[0].lineno if node.decorator_list else node.lineno
            lines[first, node.col_offset] = node.lineno
    return {
        lines[span.line, span.column]: parsed.facts(symbol.content_hash).complexity
        for symbol, span in zip(parsed.scan.symbols, parsed.scan.spans, strict=True)
        if symbol.kind in ("function", "method") and not is_anonymous(symbol.name)
    }


def ruff_says(paths: Iterable[Path]) -> dict[tuple[str, int, int], int]:
    """Ruff's C901 of each function by file, line and column."""
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--isolated",
        "--select",
        "C901",
        "--output-format",
        "json",
        "--ignore-noqa",
        "--no-cache",
    ]
    command += ["--config", "lint.mccabe.max-complexity=0", *map(str, paths)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    found = {}
    for each in json.loads(ended.stdout):
        if each["code"] == "C901":
            number = int(each["message"].rpartition("(")[2].split(" ")[0])
            found[each["filename"], each["location"]["row"], each["location"]["column"]] = number
    return found


def parts(tree: ast.Module) -> Iterator[tuple[ast.AST, Part]]:
    """Each function with all that is nested in it."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node, part(node)


def part(node: Unit) -> Part:
    """A unit as the aggregation takes it."""
    built = build(node)
    inside = [each for each, _ in held(node)]
    measures = measure(built, own_statements(node), inside, (), 0)
    kind = {ast.ClassDef: "class", ast.Module: "module", ast.Lambda: "lambda"}.get(type(node), "function")
    return Part(kind, measures, 0, tuple([part(each) for each in inside]))


def disagreements(package: str) -> tuple[int, list[str]]:
    """How many functions were compared, and where radon or ruff says something else than we do."""
    paths = package_files(package)
    said = ruff_says(paths)
    counted = 0
    wrong = []
    for path in paths:
        source = path.read_bytes()
        tree = ast.parse(source)
        theirs, ours = radon_says(tree), radon_we_say(tree, source)
        counted += len(ours)
        wrong += [f"{path}:{line}: radon {theirs.get(line)}, we {ours.get(line)}" for line in theirs if theirs[line] != ours.get(line)]
        text = source.decode("utf-8", "replace").splitlines()
        for node, unit in parts(tree):
            assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
            column = text[node.lineno - 1].index("def ", node.col_offset) + 4
            column += len(text[node.lineno - 1][column:]) - len(text[node.lineno - 1][column:].lstrip()) + 1
            number = said.pop((str(path), node.lineno, column), None)
            if number != mccabe_total(unit):
                wrong.append(f"{path}:{node.lineno}: ruff {number}, we {mccabe_total(unit)}")
    wrong += [f"{place}: only ruff knows it" for place in said]
    return counted, wrong


if __name__ == "__main__":  # make metrics
    warnings.simplefilter("ignore")
    failed = 0
    for name in sys.argv[1:] or PACKAGES:
        total, found = disagreements(name)
        failed += len(found)
        print(f"{name}: {total} functions, {len(found)} disagreements", *found[:5], sep="\n  ")  # noqa: T201  # a report for people
    sys.exit(failed > 0)
