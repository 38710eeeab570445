"""Whole files: summaries of code that nobody wrote for a test hold together, and are a function of syntax alone."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgpack  # type: ignore[import-untyped]
import networkx
import pydantic
import pytest

import lestockage
from lestockage.languages.python.control_flow.statement_lines import decode_lines
from lestockage.languages.python.survey import survey
from lestockage.languages.python.value_flow import opcodes as op
from lestockage.languages.sites import decode_sites

if TYPE_CHECKING:
    from types import ModuleType

    from lestockage.languages.facts import Survey

pytestmark = pytest.mark.no_cover  # others cover it; measured line by line it takes twice as long

# Where the variables of an operation are, the first of them its result if it makes a value.
_MADE = frozenset(
    {op.COPY, op.DEFINE, op.LITERAL, op.MAKE, op.LOAD, op.ITEM, op.SLICE, op.CALL, op.METHOD, op.BINARY, op.ITERATE, op.UNPACK, op.REST}
    | {
        op.AWAIT,
        op.DELEGATE,
        op.INSTANCE_OF,
        op.NARROW,
        op.SUPER_OF,
        op.IMPORT,
        op.DECORATE,
        op.MATCH_ARGUMENT,
        op.RECEIVE,
        op.CAUGHT,
        op.LOADS,
    }
)
_READ = {
    **dict.fromkeys((op.COPY, op.LOAD, op.ITEM, op.SLICE, op.CALL, op.METHOD, op.ITERATE, op.UNPACK, op.REST, op.AWAIT, op.DELEGATE), (2,)),
    **dict.fromkeys((op.BINARY, op.NARROW, op.SUPER_OF, op.DECORATE, op.MATCH_ARGUMENT), (2, 3)),
    op.INSTANCE_OF: (2,),
    op.CAUGHT: (2,),
    op.LOADS: (2,),
    op.CREATE: (1,),
    op.PUT: (1, 3),
    op.EXTEND: (1, 2),
    op.STORE: (1, 3),
    op.KEEP: (1, 3),
    op.SETITEM: (1, 3, 4),
    op.RAISE: (1,),
    op.ANNOTATED: (2,),
    op.DEFAULT: (4,),
    op.METACLASS: (1,),
    op.PUT_KEY: (1, 2),
}


def _sources(package: ModuleType) -> list[tuple[Path, bytes]]:
    return [(path, path.read_bytes()) for path in sorted(Path(package.__path__[0]).rglob("*.py"))]


@pytest.mark.parametrize("package", [networkx, pydantic, lestockage], ids=lambda package: str(package.__name__))
def test_every_summary_holds_together(package: ModuleType) -> None:
    """Every variable that is used is made, calls have one operation at their site in each case, statements are those of the flow graph."""
    for path, source in _sources(package):
        surveyed = survey(source)
        known = dict(surveyed.facts)
        scan = surveyed.scan
        for symbol, span, lines, places in zip(scan.symbols, scan.spans, scan.lines, scan.sites, strict=True):
            if symbol.has_facts:
                facts = known[symbol.content_hash]
                summary = msgpack.unpackb(facts.flow, use_list=False)
                where = f"{path}: {symbol.name}"
                _check_variables(summary, where)
                sites = [each[-1] for each in summary[9] if each[0] in (op.CALL, op.DECORATE)]
                calls = [site for site in sites if site >= 0]
                is_by_cases = any(each[0] == op.ANSWERS for each in summary[9])
                assert len(set(calls)) == len(calls) or is_by_cases, where
                assert len(set(calls)) == len(decode_sites(places)) - len(facts.imports) - len(facts.bases) or _has_dead_code(source), where
                placed = {-2 - each[-1] for each in summary[9] if each[0] in (op.STORE, op.KEEP, op.METHOD, op.LOAD, op.BINARY)}
                assert max(placed, default=-1) < len(decode_lines(lines, span.line)), where


def _check_variables(summary: Any, where: str) -> None:
    count, parameters, result, yields, _, cells, free, outer, bases, ops = summary
    made = {place for _, _, place in parameters} | {place for _, place, _ in free} | {-1}
    made |= {each[1] for each in ops if each[0] in _MADE}
    # A join of nothing but numbers, and an assumption that says nothing, have no operation of their own.
    read: list[int] = [result, yields, *bases, *[place for _, place in cells], *[place for _, place, _ in outer]]
    for each in ops:
        read += [each[place] for place in _READ.get(each[0], ())]
        if each[0] == op.CALL:
            read += [argument if isinstance(argument, int) else argument[0] for argument in each[3]]
            read += [argument for _, argument in each[4]]
        elif each[0] == op.METHOD:
            read += each[4]
        elif each[0] == op.CREATE:
            read += [argument for _, argument in each[2]]
    assert all(-1 <= place < count for place in [*read, *made]), where
    stray = {place for place in read if place not in made}
    assert len(stray) <= max(3, len(ops) // 4), (where, stray)


def _has_dead_code(source: bytes) -> bool:
    """Tell whether a file has something that can never run: a constant test, or what stands behind a jump."""
    jumps = (ast.Return, ast.Raise, ast.Continue, ast.Break)
    for node in ast.walk(ast.parse(source)):
        for block in (getattr(node, "body", None), getattr(node, "orelse", None)):
            if isinstance(block, list) and any(isinstance(each, jumps) for each in block[:-1]):
                return True
        if isinstance(node, (ast.While, ast.If)) and isinstance(node.test, ast.Constant):
            return True
    return False


def _flows(surveyed: Survey) -> list[tuple[str, bytes]]:
    known = dict(surveyed.facts)
    return [(symbol.name, known[symbol.content_hash].flow) for symbol in surveyed.scan.symbols if symbol.has_facts]


@pytest.mark.parametrize("package", [networkx, lestockage], ids=lambda package: str(package.__name__))
def test_formatting_changes_nothing(package: ModuleType) -> None:
    """A file that says the same in another layout has the same summaries, byte for byte."""
    for path, source in _sources(package)[::5]:
        assert _flows(survey(source)) == _flows(survey(ast.unparse(ast.parse(source)).encode())), path


def test_equal_content_has_equal_summaries() -> None:
    """Whatever stands around a unit, and whatever is within its nested definitions: its content hash covers all that its summary says."""
    found: dict[bytes, tuple[str, bytes]] = {}
    for _, source in _sources(networkx)[::3]:
        surveyed = survey(source)
        edited = survey(source.replace(b"return ", b"x_x = 1; return ") if b"lambda" not in source else source)
        for each in (surveyed, edited):
            for content_hash, facts in each.facts:
                assert found.setdefault(content_hash, ("", facts.flow))[1] == facts.flow


_PROGRAM = """
import hashlib, sys
from lestockage.languages.python.survey import survey
print(hashlib.sha256(b"".join(facts.flow for _, facts in survey(open(sys.argv[1], "rb").read()).facts)).hexdigest())
"""


def test_other_processes_find_the_same() -> None:
    """Nothing depends on the order of sets, which differs from process to process."""
    path = str(Path(networkx.__file__).parent / "algorithms" / "planarity.py")
    root = Path(lestockage.__file__).parents[1]
    command = [sys.executable, "-c", _PROGRAM, path]
    found = set()
    for seed in ("1", "2", "3"):
        ran = subprocess.run(command, capture_output=True, check=True, env={"PYTHONHASHSEED": seed}, cwd=root)  # this interpreter
        found.add(ran.stdout)
    assert len(found) == 1


def test_deep_code_has_a_summary() -> None:
    """Code that is nested more deeply than the stack allows is walked on one that is large enough."""
    depth = 3000
    source = "def run(x):\n return " + "-" * depth + "x"
    flow = dict(survey(source.encode()).facts)
    assert max(len(facts.flow) for facts in flow.values()) > depth
