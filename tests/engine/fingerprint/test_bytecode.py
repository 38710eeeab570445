"""Bytecode: code objects compiled from the same source in another layout read the same."""

from __future__ import annotations

import argparse
import ast
import asyncio.base_events
import configparser
import inspect
import json.decoder
import sys
import types
from typing import TYPE_CHECKING, Any

import pytest

from lestockage.engine.fingerprint.bytecode import Import, constant, read_code

if TYPE_CHECKING:
    from collections.abc import Iterator

_TRACES = {11: 0.0, 12: 0.05}.get(sys.version_info.minor, 0.2)
"""The share of functions whose layout still shows: Python 3.13 fuses instructions only where they are on one line."""


def codes(code: types.CodeType) -> Iterator[types.CodeType]:
    """Yield every code object inside another, in order."""
    for value in code.co_consts:
        if isinstance(value, types.CodeType):
            yield value
            yield from codes(value)


class Undocumented(ast.NodeTransformer):
    """Takes docstrings out."""

    def visit(self, node: ast.AST) -> Any:
        """Drop the first statement where it is a docstring."""
        self.generic_visit(node)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        return node


@pytest.mark.parametrize("module", [argparse, asyncio.base_events, configparser, json.decoder, inspect], ids=lambda module: module.__name__)
def test_another_layout_reads_the_same(module: types.ModuleType) -> None:
    """Real modules, printed again by `ast.unparse` without docstrings, read the same; later Pythons leave more traces of lines."""
    source = inspect.getsource(module)
    bare = ast.unparse(ast.fix_missing_locations(Undocumented().visit(ast.parse(source))))
    pairs = list(zip(codes(compile(source, "a", "exec")), codes(compile(bare, "b", "exec")), strict=True))
    functions = [(one, other) for one, other in pairs if one.co_flags & inspect.CO_OPTIMIZED]
    differing = [one.co_qualname for one, other in functions if read_code(one) != read_code(other)]
    assert len(functions) > 8
    assert len(differing) <= len(functions) * _TRACES, differing


def test_the_whole_module_reads_the_same() -> None:
    """Module and class bodies lose their docstrings without a trace."""
    source = inspect.getsource(json.decoder)
    bare = ast.unparse(ast.fix_missing_locations(Undocumented().visit(ast.parse(source))))
    assert read_code(compile(source, "a", "exec")) == read_code(compile(bare, "b", "exec"))


def test_prefixed_jumps_survive_what_is_taken_out() -> None:
    """Jumps so far that they take prefixes lose them where a no-op less brings them nearer."""
    for length in range(20, 140):
        filler = "    db(x)\n" * length
        one = compile(f"def f(db):\n  for x in db:\n    if x: pass\n{filler}", "a", "exec")
        other = compile(f"def f(db):\n  for x in db:\n    if x:\n      pass\n{filler}", "b", "exec")
        assert read_code(one) == read_code(other), length


def test_prefixed_jumps_in_class_bodies() -> None:
    """A class body with far jumps and a docstring is put together again as the compiler does it."""
    for length in (1, 40, 60, 80, 200):
        filler = "".join(f"      a{index} = f(x)\n" for index in range(length))
        body = f"    try:\n     for x in y:\n{filler}    except OSError:\n      pass\n"
        one = compile(f"class A:\n    n = 1\n{body}", "a", "exec")
        other = compile(f"class A:\n    'words'\n    n = 1\n{body}", "b", "exec")
        assert read_code(one) == read_code(other), length


def test_many_names_and_constants_are_told_apart() -> None:
    """Arguments beyond one byte are read whole."""
    names = ", ".join(f"g{index}" for index in range(400))
    constants = ", ".join(f"x({index + 1000})" for index in range(400))
    one = compile(f"def f(x): return ({names}, {constants}, last.attribute)", "a", "exec")
    other = compile(f"def f(x): return ({names}, {constants}, last.another)", "a", "exec")
    assert read_code(one) != read_code(other)
    found = read_code(one).names
    assert ("g399",) in found
    assert ("last", "attribute") in found
    changed = compile(f"def f(x): return ({names}, {constants.replace('1399', '2399')}, last.attribute)", "a", "exec")
    assert read_code(changed) != read_code(one)


def test_imports_are_found_with_their_level() -> None:
    """Imports at any depth are listed once each, with dots and names taken."""
    code = compile("def f():\n  import a.b\n  from ..c import d, e\n  def g():\n    from . import h\n    import a.b\n", "a", "exec")
    assert read_code(code).imports == (Import(0, "a.b", ()), Import(2, "c", ("d", "e")), Import(1, "", ("h",)))


def test_constants_have_texts_of_their_own() -> None:
    """Constants that a program can tell apart have other texts; what is no constant has none."""
    plain = [None, True, 1, 1.0, 1j, "1", b"1", ..., 0.0, -0.0, range(3)]
    values = [*plain, (), (1,), ((1,),), (1, 1), frozenset(), frozenset({1}), (frozenset(),)]
    assert len({constant(value) for value in values}) == len(values)
    assert constant(frozenset({"a", "b", "c"})) == constant(frozenset({"c", "b", "a"}))
    assert constant([]) is None
    assert constant(([],)) is None
    assert constant(type("Sub", (int,), {})(1)) is None
