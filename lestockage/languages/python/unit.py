"""Unit: a module, class, function, method or lambda while its file is walked, and the outline that collects them."""

from __future__ import annotations

import ast
from ast import Attribute, Name
from typing import NamedTuple

from lestockage.languages.facts import Span, Symbol
from lestockage.languages.python.control_flow.statement_lines import statement_lines
from lestockage.languages.python.digest import END, digest, text_digest
from lestockage.languages.python.rendering import render
from lestockage.languages.python.signature import visibility
from lestockage.languages.sites import encode_sites

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Code = ast.Module | Definition | ast.Lambda  # what a unit is made of

Sited = ast.Call | ast.Import | ast.ImportFrom | tuple[ast.expr]
"""What takes a site of its unit: a call, an import (one for each name that it binds), a decorator that is applied, as (expression,)."""


class Variable(NamedTuple):
    """A name assigned in a module or class body, or by methods: the place of its symbol, and the tokens of what in the body binds it."""

    place: int
    annotation: list[ast.expr]  # the first annotation, if any
    statements: list[str]


class Outline:
    """What is known of a file so far: symbols with their places, and the unit behind each content hash."""

    __slots__ = ("counts", "lines", "rebound", "sites", "spans", "symbols", "units")

    def __init__(self) -> None:
        self.symbols: list[Symbol] = []
        self.spans: list[Span] = []
        self.sites: list[bytes] = []
        self.lines: list[bytes] = []
        self.units: dict[bytes, Unit] = {}
        self.rebound: dict[str, None] = {}
        self.counts: dict[str, int] = {}

    def reserve(self, span: Span) -> int:
        """Take the next place in source order; the symbol is filled in when its own code has been walked."""
        self.spans.append(span)
        self.sites.append(b"")
        self.lines.append(b"")
        self.symbols.append(PENDING)
        return len(self.spans) - 1

    def ordinal(self, name: str) -> int:
        """Count the definitions of a dotted name: 0 for the first."""
        ordinal = self.counts.get(name, 0)
        self.counts[name] = ordinal + 1
        return ordinal


PENDING = Symbol("", 0, "", -1, None, "", (), False, b"", b"", b"", b"", False)


class Heading(NamedTuple):
    """What is said of a unit where it is defined, not in its body."""

    signature: str | None
    tokens: list[str]  # signature and decorators as syntax
    decorators: tuple[str, ...]
    container: int
    is_async: bool


class Unit:
    """One module, class, function, method or lambda: the tokens of its own syntax and what its facts will be made of."""

    __slots__ = (
        "annotated",
        "around",
        "assigned",
        "attributes",
        "captured",
        "complexity",
        "comprehended",
        "declares",
        "definitions",
        "deleted",
        "exports",
        "globals",
        "imports",
        "index",
        "kind",
        "lambdas",
        "line",
        "name",
        "node",
        "nonlocals",
        "opened",
        "ordinal",
        "ordinals",
        "outline",
        "sites",
        "tokens",
        "values",
        "variables",
    )

    def __init__(self, outline: Outline, kind: str, name: str, node: Code, span: Span) -> None:
        self.outline = outline
        self.kind = kind
        self.name = name
        self.node = node
        self.line = span.line
        self.index = outline.reserve(span)
        self.ordinal = outline.ordinal(name)
        self.declares = kind in {"module", "class"}
        self.complexity = 1
        self.tokens: list[str] = []
        self.ordinals: dict[Sited, int] = {}  # in walk order, an import's being that of its first name
        self.sites: list[int] = []  # the line and column of each
        self.imports: list[ast.Import | ast.ImportFrom] = []
        self.assigned: list[str] = []
        self.deleted: list[str] = []
        self.definitions: list[str] = []
        self.globals: list[str] = []
        self.nonlocals: list[str] = []
        self.values: list[tuple[str, ast.expr]] = []  # `name = value` where the value may be a reference
        self.attributes: list[tuple[ast.Attribute, ast.expr | None, ast.expr | None]] = []  # `x.name = value`, `x.name: annotation`
        self.annotated: list[tuple[str, ast.expr]] = []
        self.exports: list[ast.Assign | ast.AnnAssign | ast.AugAssign | None] = []  # what binds `__all__`; None: nothing that can be read
        self.variables: dict[str, Variable] = {}
        self.opened: dict[Definition | ast.Lambda, tuple[str, int]] = {}  # the definitions in it: dotted name and ordinal of their units
        self.lambdas = 0
        self.comprehended: list[list[str]] = []  # the names of each comprehension that is being walked, outermost first
        self.around: tuple[str, ...] = ()  # a lambda's: the names of the comprehensions around it, which are nobody's variables
        self.captured: tuple[str, ...] = ()  # those of them that it reads

    def place(self, expression: ast.expr) -> None:
        """Record the next site: where the name begins that the expression ends in, or where an expression without a name ends.

        A chain `a.b().b()` starts at the same place twice, so its start would not tell the two calls apart.
        """
        if isinstance(expression, Name):
            self.sites += (expression.lineno - self.line, expression.col_offset)
            return
        column = expression.end_col_offset or 0
        if isinstance(expression, Attribute):
            name = expression.attr
            length = len(name) if name.isascii() else len(name.encode())
            column = column - length if column > length else 0  # a normalised name may be longer than what is written
        self.sites += ((expression.end_lineno or 0) - self.line, column)

    def place_at(self, line: int, column: int) -> None:
        """Record the next site at an absolute position."""
        self.sites += (line - self.line, column)

    def child_name(self, name: str) -> str:
        """Return the dotted name of what this unit defines as `name`."""
        return f"{self.name}.{name}" if self.name else name

    def open(self, kind: str, name: str, node: Definition | ast.Lambda, span: Span) -> Unit:
        """Open the unit of what is defined here as `name`; its place is before those of what is in its head."""
        child = Unit(self.outline, kind, self.child_name(name), node, span)
        self.opened[node] = (child.name, child.ordinal)
        return child

    def declare(self, names: list[str], node: ast.stmt | ast.expr | ast.excepthandler | ast.pattern, start: int) -> None:
        """Make variables of the names that a module or class body binds at `node`, whose tokens begin at `start`."""
        tokens = "\0".join(self.tokens[start:])
        for name in dict.fromkeys(names):
            if name in self.globals:
                continue
            variable = self.variables.get(name)
            if variable is None:
                span = Span(node.lineno, node.col_offset, node.end_lineno or node.lineno, node.end_col_offset or 0)
                variable = self.variables[name] = Variable(self.outline.reserve(span), [], [])
            if type(node) is ast.AnnAssign and not variable.annotation:
                variable.annotation.append(node.annotation)
            variable.statements.append(tokens)

    def declare_attribute(self, name: str, span: Span, annotation: ast.expr | None) -> None:
        """Make a variable of an attribute that a method of this class assigns at `span`, unless the class has one already."""
        variable = self.variables.get(name)
        if variable is None:
            variable = self.variables[name] = Variable(self.outline.reserve(span), [], [])
        if annotation is not None and not variable.annotation:
            variable.annotation.append(annotation)

    def finish(self, heading: Heading, docstring: str | None) -> bytes:
        """Fill in the unit's symbol and those of its variables; return its signature hash, which stands for it in its container."""
        outline = self.outline
        signature_hash = digest(heading.tokens)
        # What a captured name means is not said in the body, so it is added to it.
        body_hash = digest((*self.tokens, END, *self.captured) if self.captured else self.tokens)
        content_hash = digest((signature_hash.hex(), body_hash.hex()))
        outline.units.setdefault(content_hash, self)
        outline.sites[self.index] = encode_sites(self.sites)
        outline.lines[self.index] = statement_lines(self.node, self.line)
        outline.symbols[self.index] = Symbol(
            self.name,
            self.ordinal,
            self.kind,
            heading.container,
            heading.signature,
            visibility(self.name),
            heading.decorators,
            heading.is_async,
            content_hash,
            signature_hash,
            body_hash,
            b"" if docstring is None else text_digest(docstring),
            True,
        )
        if self.variables:
            self._finish_variables()
        return signature_hash

    def _finish_variables(self) -> None:
        for name, variable in self.variables.items():
            annotation = render(variable.annotation[0]) if variable.annotation else None
            signature_hash = digest(("variable", name, annotation or ""))
            body_hash = digest(variable.statements)
            dotted = self.child_name(name)
            self.outline.symbols[variable.place] = Symbol(
                dotted,
                self.outline.ordinal(dotted),
                "variable",
                self.index,
                annotation,
                visibility(dotted),
                (),
                False,
                digest((signature_hash.hex(), body_hash.hex())),
                signature_hash,
                body_hash,
                b"",
                False,
            )
