"""Definitions: the visitors of functions, classes and lambdas, each of which opens a unit of its own, and of the module around them."""

from __future__ import annotations

import ast

from lestockage.languages.facts import Span
from lestockage.languages.python.digest import END, NONE, Sink
from lestockage.languages.python.expressions import optional
from lestockage.languages.python.instance_attributes import declare_attributes
from lestockage.languages.python.parameters import parameters
from lestockage.languages.python.rendering import render
from lestockage.languages.python.signature import (
    class_signature,
    function_signature,
    parameter_list,
    parameter_names,
    type_parameter_names,
)
from lestockage.languages.python.unit import Definition, Heading, Outline, Unit
from lestockage.languages.python.visit import VISITORS, visits


def module(tree: ast.Module) -> Outline:
    """Walk a whole file."""
    outline = Outline()
    last = tree.body[-1] if tree.body else None
    span = Span(1, 0, 1, 0) if last is None else Span(1, 0, last.end_lineno or last.lineno, last.end_col_offset or 0)
    unit = Unit(outline, "module", "", tree, span)
    docstring = _body(tree.body, unit)
    unit.finish(Heading(None, ["{Module"], (), -1, is_async=False), docstring)
    return outline


@visits(ast.FunctionDef, ast.AsyncFunctionDef)
def function(node: ast.FunctionDef | ast.AsyncFunctionDef, put: Sink, unit: Unit) -> None:
    """Open a function's unit. Its decorators, defaults and annotations are the code of the unit that defines it."""
    is_async = type(node) is ast.AsyncFunctionDef
    kind = "method" if unit.kind == "class" else "function"
    complexity = unit.complexity
    child = unit.open(kind, node.name, node, _span(node))
    tokens = ["{async " + kind if is_async else "{" + kind, node.name]
    decorators = _decorators(node, tokens.append, unit)
    _type_parameters(node, tokens.append, unit)
    parameters(node.args, tokens.append, unit)
    optional(node.returns, tokens.append, unit)
    unit.complexity = complexity  # radon counts no decision of a definition's head
    unit.definitions.append(node.name)
    child.assigned += type_parameter_names(node)
    docstring = _body(node.body, child)
    if child.attributes and kind == "method":
        declare_attributes(child, unit)
    put("{def")
    put(child.finish(Heading(function_signature(node), tokens, decorators, unit.index, is_async), docstring).hex())


@visits(ast.ClassDef)
def class_(node: ast.ClassDef, put: Sink, unit: Unit) -> None:
    """Open a class's unit. Calls in its decorators, bases and keywords are the code of the unit that defines it."""
    complexity = unit.complexity
    child = unit.open("class", node.name, node, _span(node))
    tokens = ["{class", node.name]
    decorators = _decorators(node, tokens.append, unit)
    _type_parameters(node, tokens.append, unit)
    for base in node.bases:
        VISITORS[type(base)](base, tokens.append, unit)
    for keyword in node.keywords:
        tokens.append(NONE if keyword.arg is None else "=" + keyword.arg)
        VISITORS[type(keyword.value)](keyword.value, tokens.append, unit)
    tokens.append(END)
    unit.complexity = complexity
    unit.definitions.append(node.name)
    child.assigned += type_parameter_names(node)
    for base in node.bases:
        child.place(base)
    docstring = _body(node.body, child)
    put("{def")
    put(child.finish(Heading(class_signature(node), tokens, decorators, unit.index, is_async=False), docstring).hex())


DEEPEST_LAMBDA = 100  # as many as Python allows functions in functions: every name and every scope holds those around it


@visits(ast.Lambda)
def lambda_(node: ast.Lambda, put: Sink, unit: Unit) -> None:
    """Open a lambda's unit. Its defaults are the code of the unit that defines it.

    Its decisions count there too, by radon's rule, so how many they are is part of what that unit is hashed by. Raises RecursionError for
    lambdas that are nested more deeply than `DEEPEST_LAMBDA`, as the parser does for what is too deep for it.
    """
    if unit.name.count("<lambda") >= DEEPEST_LAMBDA:
        raise RecursionError
    unit.lambdas += 1
    span = Span(node.lineno, node.col_offset, node.end_lineno or node.lineno, node.end_col_offset or 0)
    child = unit.open("function", f"<lambda{unit.lambdas}>", node, span)
    tokens = ["{lambda"]
    parameters(node.args, tokens.append, unit)
    if unit.comprehended or unit.around:
        own = parameter_names(node.args)
        child.around = tuple([name for names in (unit.around, *unit.comprehended) for name in names if name not in own])
    VISITORS[type(node.body)](node.body, child.tokens.append, child)
    if child.around:
        said = {*child.tokens}.difference(child.assigned)
        child.captured = tuple([name for name in dict.fromkeys(child.around) if name in said])
    put("{def")
    signature_hash = child.finish(Heading(f"({parameter_list(node.args)})", tokens, (), unit.index, is_async=False), None)
    put(f"{signature_hash.hex()}{child.complexity}")
    unit.complexity += child.complexity - 1


def _body(statements: list[ast.stmt], unit: Unit) -> str | None:
    """Walk a unit's own statements and return its docstring, which is left out."""
    docstring = None
    put = unit.tokens.append
    first = statements[0] if statements else None
    if type(first) is ast.Expr and type(first.value) is ast.Constant and type(first.value.value) is str:
        docstring = first.value.value
        statements = statements[1:]
    for statement in statements:
        VISITORS[type(statement)](statement, put, unit)
    return docstring


def _decorators(node: Definition, put: Sink, unit: Unit) -> tuple[str, ...]:
    if not node.decorator_list:
        put(END)
        return ()
    for decorator in node.decorator_list:
        VISITORS[type(decorator)](decorator, put, unit)
        unit.ordinals[decorator,] = len(unit.sites) >> 1
        unit.place(decorator)
    put(END)
    return tuple([render(decorator) for decorator in node.decorator_list])


def _type_parameters(node: Definition, put: Sink, unit: Unit) -> None:
    for parameter in getattr(node, "type_params", ()):  # since Python 3.12
        VISITORS[type(parameter)](parameter, put, unit)


def _span(node: Definition) -> Span:
    line = node.decorator_list[0].lineno if node.decorator_list else node.lineno
    return Span(line, node.col_offset, node.end_lineno or node.lineno, node.end_col_offset or 0)
