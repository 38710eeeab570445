"""Symbols: what a Python file defines, how it is named, and where it stands."""

from __future__ import annotations

import ast

import pytest

from lestockage.languages.facts import Span
from lestockage.languages.python.control_flow.statement_lines import decode_lines
from lestockage.languages.python.definitions import module
from lestockage.languages.sites import decode_sites
from tests.languages.surveying import scan, symbol


def names(text: str) -> list[tuple[str, int, str]]:
    """Return name, ordinal and kind of every symbol, in order."""
    return [(found.name, found.ordinal, found.kind) for found in scan(text).symbols]


def test_an_empty_file_is_a_module() -> None:
    """A file without a statement has one symbol."""
    found = scan("")
    assert [(known.name, known.kind, known.container) for known in found.symbols] == [("", "module", -1)]
    assert found.spans == (Span(1, 0, 1, 0),)


def test_symbols_come_in_source_order() -> None:
    """The module is first; variables, functions and classes follow as they stand."""
    text = """
    A = 1
    def f():
        def inner(): pass
        class Local:
            z = 1
            def m(self): pass
        local = 2
    class C:
        x: int
        def m(self):
            def inside(): pass
    B = 2
    """
    assert names(text) == [
        ("", 0, "module"),
        ("A", 0, "variable"),
        ("f", 0, "function"),
        ("f.inner", 0, "function"),
        ("f.Local", 0, "class"),
        ("f.Local.z", 0, "variable"),
        ("f.Local.m", 0, "method"),
        ("C", 0, "class"),
        ("C.x", 0, "variable"),
        ("C.m", 0, "method"),
        ("C.m.inside", 0, "function"),
        ("B", 0, "variable"),
    ]


def test_lambdas_are_numbered_by_source_order_within_what_holds_them() -> None:
    """They stand among the other symbols; those in a head belong to what holds the definition."""
    text = """
    a = lambda: lambda: 1
    @deco(lambda: 2)
    def f(b=lambda: 3, *, c=lambda: 4):
        def inner(): return lambda: 5
        return lambda d=lambda: 6: 7
    class C:
        m = lambda self: 8
    [(lambda: 9) for e in sorted(f, key=lambda g: 10)]
    (lambda: 11) if (lambda: 12) else (lambda: 13)
    """
    whole = scan(text)
    assert [(found.name, *span[:2]) for found, span in zip(whole.symbols, whole.spans, strict=True) if found.kind != "variable"][1:] == [
        *(("<lambda1>", 2, 4), ("<lambda1>.<lambda1>", 2, 12)),
        *(("f", 3, 0), ("<lambda2>", 3, 6), ("<lambda3>", 4, 8), ("<lambda4>", 4, 24)),
        *(("f.inner", 5, 4), ("f.inner.<lambda1>", 5, 24), ("f.<lambda1>", 6, 11), ("f.<lambda2>", 6, 20)),
        *(("C", 7, 0), ("C.<lambda1>", 8, 8)),
        *(("<lambda5>", 9, 2), ("<lambda6>", 9, 36), ("<lambda7>", 10, 1), ("<lambda8>", 10, 17), ("<lambda9>", 10, 35)),
    ]


def test_a_lambda_is_a_private_function() -> None:
    """Its signature is its parameters; it has facts of its own, one site for each call and the line of its body."""
    text = "class C:\n    m = lambda self, a=f(), *, b: (\n        self.n(a)(b)\n    )\n"
    found = symbol(text, "C.<lambda1>")
    assert (found.kind, found.visibility, found.signature, found.decorators) == ("function", "private", "(self, a=f(), *, b)", ())
    assert (found.is_async, found.has_facts, found.docstring_hash) == (False, True, b"")
    whole = scan(text)
    place = whole.symbols.index(found)
    assert whole.symbols[found.container].name == "C"
    assert whole.spans[place] == Span(2, 8, 4, 5)
    assert [site.line for site in decode_sites(whole.sites[place])] == [1, 1]
    assert decode_lines(whole.lines[place], 2) == [3]


def test_a_unit_knows_what_it_has_opened() -> None:
    """By the node of each definition in it, lambdas and those in heads too, the name and ordinal of the definition's unit."""
    tree = ast.parse("def f(a=lambda: 1):\n    class C: pass\n    async def g(): pass\ndef f(): pass\n")
    units = module(tree).units.values()
    opened = {unit.name: {type(node).__name__: place for node, place in unit.opened.items()} for unit in units if unit.ordinal == 0}
    assert opened["f"] == {"ClassDef": ("f.C", 0), "AsyncFunctionDef": ("f.g", 0)}
    (whole,) = [unit for unit in units if unit.kind == "module"]
    assert list(whole.opened.values()) == [("f", 0), ("<lambda1>", 0), ("f", 1)]
    assert [node for node in whole.opened if isinstance(node, ast.Lambda)] == [tree.body[0].args.defaults[0]]  # type: ignore[attr-defined]


def test_a_container_is_the_symbol_around() -> None:
    """Each symbol points at what it is defined in, also from inside a branch."""
    found = scan("if x:\n    class C:\n        if y:\n            def m(self): pass\n            k = 1\n").symbols
    assert [(known.name, found[known.container].name) for known in found[1:]] == [("C", ""), ("C.m", "C"), ("C.k", "C")]


def test_repeated_definitions_are_told_apart() -> None:
    """Definitions of one name are numbered in order, whatever their kind."""
    text = "if x:\n    def f(): pass\nelse:\n    def f(): return 1\nclass f: pass\nf = f\n"
    assert names(text)[1:] == [("f", 0, "function"), ("f", 1, "function"), ("f", 2, "class"), ("f", 3, "variable")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = b = 1", ["a", "b"]),
        ("a, (b, *c), [d] = x", ["a", "b", "c", "d"]),
        ("a: int", ["a"]),
        ("a += 1", ["a"]),
        ("a = 1\na = 2", ["a"]),
        ("for a, b in x:\n    c = 1\nelse:\n    d = 1", ["a", "b", "c", "d"]),
        ("while x:\n    a = 1\nelse:\n    b = 1", ["a", "b"]),
        ("with x as a, y as (b, c), z:\n    d = 1", ["a", "b", "c", "d"]),
        ("try:\n    a = 1\nexcept E as b:\n    c = 1\nelse:\n    d = 1\nfinally:\n    e = 1", ["a", "b", "c", "d", "e"]),
        ("try:\n    a = 1\nexcept* E as b:\n    c = 1", ["a", "b", "c"]),
        ("if (a := x):\n    b = 1\nelif y:\n    c = 1\nelse:\n    d = 1", ["a", "b", "c", "d"]),
        (
            "match x:\n    case {'k': a, **b}: pass\n    case [c, *d, _]: pass\n    case C(k=e) as f: pass\n    case None: g = 1",
            [*"abcdefg"],
        ),
        ("async def f():\n    async for a in x: pass", []),
        ("[a for a in x]", []),
        ("[(a := 1) for b in x]", ["a"]),
        ("lambda a: (b := a)", []),
        ("x.a = y[0] = 1", []),
        ("(x.a): int = 1", []),
        ("import a\nfrom b import c", []),
        ("del a", []),
    ],
)
@pytest.mark.parametrize("header", ["", "class K:\n"])
def test_names_assigned_by_a_body_are_variables(text: str, expected: list[str], header: str) -> None:
    """Every way of binding in a module or class body makes a variable, once per name; names of inner scopes do not."""
    prefix = "K." if header else ""
    indented = "\n".join(" " + line for line in text.splitlines()) if header else text
    found = scan(header + indented).symbols
    assert [known.name.removeprefix(prefix) for known in found if known.kind == "variable"] == expected


def test_names_declared_global_are_no_class_variables() -> None:
    """A class body that assigns a global defines nothing of its own; the scan lists what is bound from afar."""
    found = scan("class C:\n    global g\n    g = 1\ndef f():\n    global h\n    h = 1\nglobal m\nm = 1\n")
    assert [known.name for known in found.symbols] == ["", "C", "f", "m"]  # m: there, the statement means nothing
    assert found.rebound == ("g", "h")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("f", "public"),
        ("_f", "protected"),
        ("__f", "private"),
        ("__f__", "public"),
        ("_", "protected"),
        ("__", "private"),
        ("____", "private"),
    ],
)
def test_visibility_follows_the_underscores(name: str, expected: str) -> None:
    """Leading underscores hide a name, those of a dunder do not."""
    assert symbol(f"class _C:\n    def {name}(self): pass", f"_C.{name}").visibility == expected


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("async  def f(a:int,/,*args,k = 1)->str: pass", "f", "async def f(a: int, /, *args, k=1) -> str"),
        ("def f(a, b: 'X' = (1), *, c: int=2, **kw: int): pass", "f", "def f(a, b: 'X' = 1, *, c: int = 2, **kw: int)"),
        ("def f(a=1,\n /, # why\n b=[]): pass", "f", "def f(a=1, /, b=[])"),
        ("class C(Base , metaclass = M, **kw): pass", "C", "class C(Base, metaclass=M, **kw)"),
        ("class C(): pass", "C", "class C"),
        ("x: list [int] = 1", "x", "list[int]"),
        ("x = 1", "x", None),
    ],
)
def test_signatures_are_normalised(text: str, name: str, expected: str | None) -> None:
    """A signature reads the same however it was laid out."""
    assert symbol(text, name).signature == expected


def test_decorators_are_listed_as_text() -> None:
    """Decorators are kept in order, normalised, and apart from the signature."""
    found = symbol("@a . b\n@c( 1,k = 'x' )\nasync def f(): pass", "f")
    assert found.decorators == ("a.b", "c(1, k='x')")
    assert found.signature == "async def f()"
    assert found.is_async


def test_a_span_starts_at_the_first_decorator() -> None:
    """Spans count lines from 1 and columns in UTF-8 bytes, decorators included."""
    found = scan("# é\nclass C:\n    @a\n    @b\n    def f(self):\n        return 'é'; x\n")
    assert found.spans == (Span(1, 0, 6, 22), Span(2, 0, 6, 22), Span(3, 4, 6, 22))


def test_a_variable_spans_its_first_statement() -> None:
    """A variable stands where it is first assigned; bound by a loop, where the target is."""
    found = scan("x = [\n 1]\nx = 2\nfor y in x: pass\n")
    assert found.spans[1:] == (Span(1, 0, 2, 3), Span(4, 4, 4, 5))


def test_only_units_have_facts() -> None:
    """Variables are symbols without facts."""
    found = scan("x = 1\ndef f(): pass\nclass C:\n    def m(self): pass\n")
    assert [(known.kind, known.has_facts) for known in found.symbols] == [
        ("module", True),
        ("variable", False),
        ("function", True),
        ("class", True),
        ("method", True),
    ]
