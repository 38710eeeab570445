"""Facts: what a unit imports, binds, annotates, assigns, inherits and exports."""

from __future__ import annotations

import pytest

from lestockage.languages.facts import Bound, Import
from tests.languages.surveying import facts, written


def bindings(text: str, name: str = "") -> dict[str, set[str]]:
    """Return the kinds of binding of every name in a unit's scope."""
    found: dict[str, set[str]] = {}
    for kind, names in facts(text, name).bindings:
        for bound in names:
            found.setdefault(bound, set()).add(kind)
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import a", [Import("a", None, None, "a", 0, 0)]),
        ("import a.b", [Import("a.b", None, None, "a", 0, 0)]),
        ("import a.b as c, d", [Import("a.b", None, "c", "c", 0, 0), Import("d", None, None, "d", 0, 1)]),
        ("from a import b", [Import("a", "b", None, "b", 0, 0)]),
        ("from ..a import b as c", [Import("a", "b", "c", "c", 2, 0)]),
        ("from . import b", [Import(None, "b", None, "b", 1, 0)]),
        ("from a import *", [Import("a", "*", None, "*", 0, 0)]),
    ],
)
def test_imports_are_listed_by_the_name_they_bind(text: str, expected: list[Import]) -> None:
    """Each bound name is one import, with all that is needed to find its module."""
    assert list(facts(text).imports) == expected


def test_imports_belong_to_the_unit_they_stand_in() -> None:
    """An import in a function is the function's."""
    text = "import a\ndef f():\n    if x:\n        import b\n"
    assert [found.bound for found in facts(text).imports] == ["a"]
    assert [found.bound for found in facts(text, "f").imports] == ["b"]


def test_every_way_to_bind_a_name_is_told() -> None:
    """A scope lists its names by how they are bound."""
    text = """
    def f(a, /, b, *c, d, **e):
        global g
        nonlocal h
        import i.j, k as l
        from m import n
        def o(): pass
        class p: pass
        q = r[0] = s.t = 1
        u += 1
        v: int
        for w in x: pass
        with x as y: pass
        try: pass
        except E as z: pass
        (aa := 1)
        match x:
            case [ab, *ac]: pass
            case {**ad}: pass
        del ae
        a = 1
    """
    kinds = {
        "parameter": "a b c d e",
        "global": "g",
        "nonlocal": "h",
        "import": "i l n",
        "definition": "o p",
        "assignment": "q u v w y z aa ab ac ad a",
        "deletion": "ae",
    }
    expected: dict[str, set[str]] = {}
    for kind, names in kinds.items():
        for name in names.split():
            expected.setdefault(name, set()).add(kind)
    assert bindings(text, "f") == expected


def test_inner_scopes_bind_nothing_in_the_unit() -> None:
    """Names of lambdas, comprehensions and nested bodies are no names of the unit; a walrus in a comprehension is."""
    text = "def f():\n    lambda a: (b := a)\n    [c for c in x if (d := c)]\n    def g(h): i = 1\n"
    assert bindings(text, "f") == {"d": {"assignment"}, "g": {"definition"}}


def test_a_binding_is_listed_once() -> None:
    """Repetition of the same kind adds nothing."""
    assert facts("x = 1\nx = 2\nfor x in y: pass").bindings == (Bound("assignment", ("x",)),)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("x = a.b", {"x": "name:a.b"}),
        ("x = C()", {"x": "name:C.()"}),
        ("x = y = C(1).d", {"x": "name:C.().d", "y": "name:C.().d"}),
        ("x: int = C()", {"x": "name:C.()"}),
        ("x = []", {"x": "literal:list"}),
        ("x = 'a'", {"x": "literal:str"}),
        ("x = a[0]", {"x": "name:a.[]"}),
        ("if a:\n    x = b", {"x": "name:b"}),
        ("x = a\nx = b", {}),
        ("x = a\nx += b", {}),
        ("x = a\nimport x", {}),
        ("x = a\ndef x(): pass", {}),
        ("x = a\ndel x", {}),
        ("x = a\nfor x in b: pass", {}),
        ("x = a or b", {}),
        ("x, y = a, b", {}),
        ("x = None", {}),
        ("x = (y := a)", {}),
    ],
)
def test_a_value_is_known_when_it_is_the_only_one(statement: str, expected: dict[str, str]) -> None:
    """A name that is bound once, to what a reference describes, stands for that reference."""
    assert {value.name: written(value.reference) for value in facts(statement).values} == expected


def test_a_global_or_a_parameter_is_no_value() -> None:
    """Other bindings of the name make its value unknown."""
    assert facts("def f():\n    global x\n    x = a\n", "f").values == ()
    assert facts("def f(x):\n    x = a\n", "f").values == ()


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ("C", "name:C"),
        ("a.C", "name:a.C"),
        ("'C'", "name:C"),
        ("'a.C | None'", "name:a.C"),
        ("Optional[C]", "name:C"),
        ("t.Optional['C']", "name:C"),
        ("C | None", "name:C"),
        ("None | C", "name:C"),
        ("Union[C, None]", "name:C"),
        ("Union[C]", "name:C"),
        ("Annotated[C, 1]", "name:C"),
        ("Final[C]", "name:C"),
        ("list[C]", "name:list"),
        ("'list[C]'", "name:list"),
        ("A | B", None),
        ("A | B | None", None),
        ("Union[A, B]", None),
        ("Optional", None),
        ("Any", None),
        ("type[C]", None),
        ("Callable[[], C]", None),
        ("Literal['a']", None),
        ("None", None),
        ("f()", None),
        ("a + b", None),
        ("'not an expression at all'", None),
        ("'x\\0y'", None),
        ("''", None),
        ("'" + "C" * 1001 + "'", None),
        ("Annotated[()]", None),
        ("f().g[C]", "name:f.().g"),
    ],
)
def test_an_annotation_tells_the_class(annotation: str, expected: str | None) -> None:
    """Parameters, results and variables are instances of the one class that their annotation allows."""
    found = facts(f"def f(a: {annotation}, *args: int, **kw: int) -> {annotation}:\n    b: {annotation} = 1\n", "f")
    wanted = [] if expected is None else [expected]
    assert [written(typed.type) for typed in found.parameters] == wanted
    assert [written(typed.type) for typed in found.variables] == wanted
    assert written(found.returns) == expected


def test_a_variable_bound_again_has_no_known_type() -> None:
    """The annotation of one binding says nothing of another."""
    assert facts("def f():\n    a: C = 1\n    a = 2\n", "f").variables == ()


def test_every_kind_of_parameter_can_be_typed() -> None:
    """Positional-only, plain and keyword-only parameters are listed in order."""
    found = facts("def f(a: A, /, b: B, *, c: C): pass", "f").parameters
    assert [(typed.name, written(typed.type)) for typed in found] == [("a", "name:A"), ("b", "name:B"), ("c", "name:C")]


def test_attributes_of_self_are_listed() -> None:
    """Assignments to attributes of the receiver are kept in order, those of unknown value too; others are not."""
    text = """
    class C:
        def m(self, other):
            self.a = D()
            self.b, x = 1, 2
            self.c: E = f
            self.d: F
            self.e += 1
            self.a = None
            other.z = self.y.z = 1
            for self.g in x: pass
    """
    found = facts(text, "C.m")
    assert [(value.name, written(value.reference)) for value in found.attributes] == [
        ("a", "name:D.()"),
        ("b", None),
        ("c", "name:f"),
        ("e", None),
        ("a", None),
        ("g", None),
    ]
    assert [(typed.name, written(typed.type)) for typed in found.attribute_types] == [("c", "name:E"), ("d", "name:F")]


def test_bases_and_metaclass_are_references() -> None:
    """A generic base is its class; a computed base is there without a name."""
    found = facts("class C(A, b.B[T], f(), x or y, metaclass=M, k=1): pass", "C")
    assert [written(base.reference) for base in found.bases] == ["name:A", "name:b.B", "name:f.()", None]
    assert [base.ordinal for base in found.bases] == [0, 1, 2, 3]
    assert written(found.metaclass) == "name:M"
    assert facts("class C: pass", "C").metaclass is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("__all__ = ['a', 'b']", ("a", "b")),
        ("__all__ = ('a',)", ("a",)),
        ("__all__: list[str] = ['a']", ("a",)),
        ("__all__ = []", ()),
        ("__all__ = ['a'] + ['b'] + ['c']", ("a", "b", "c")),
        ("__all__ = ['a']\n__all__ += ['b', 'a']", ("a", "b")),
        ("__all__ = ['a']\n__all__.append('b')\n__all__.extend(('c', 'd'))\n__all__.remove('a')", ("b", "c", "d")),
        ("if x:\n    __all__ = ['a']\nelse:\n    __all__ = ['b']", ("a", "b")),
        ("__all__ = ['a']; __all__ += ['b']; __all__.append('c')", ("a", "b", "c")),
    ],
)
def test_exports_are_read(text: str, expected: tuple[str, ...]) -> None:
    """What can be told without running the module is told."""
    found = facts(text)
    assert (found.has_exports, found.exports) == (True, expected)


@pytest.mark.parametrize(
    "text",
    [
        "__all__ = names()",
        "__all__ = ['a'] + other",
        "__all__ = ['a']\n__all__ += other.__all__",
        "__all__ = ['a']\n__all__ *= 2",
        "__all__ = ['a']\n__all__.extend(other)",
        "__all__ = ['a']\n__all__.append(*x)",
        "__all__ = ['a']\n__all__.append(k='b')",
        "__all__ = ['a']\n__all__.append(b)",
        "__all__ = ['a']\n__all__.sort(x)",
        "__all__, x = ['a'], 1",
        "__all__, x = ['a'], 1\n__all__.append('b')",
        "__all__: list[str]",
        "from a import __all__",
        "__all__ = ['a']\ndel __all__",
        "for __all__ in x: pass",
        "__all__ = ['\\ud800']",
        "__all__ = ['a b']",
        "__all__ = [1]",
        "__all__ = __all__ = ['a']\nwith x as __all__: pass",
    ],
)
def test_computed_exports_are_unknown(text: str) -> None:
    """A list that can't be followed is said to be there, and not guessed."""
    found = facts(text)
    assert (found.has_exports, found.exports) == (True, None)


def test_only_modules_export() -> None:
    """A module without the list has none, and elsewhere the name means nothing."""
    assert not facts("x = 1").has_exports
    assert not facts("class C:\n    __all__ = ['a']", "C").has_exports
    assert facts("class C:\n    __all__ = ['a']", "C").exports is None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("pass", 1),
        ("if a: pass\nelif b: pass\nelse: pass", 3),
        ("for a in b: pass", 2),
        ("for a in b: pass\nelse: pass", 3),
        ("while a: pass", 2),
        ("while a: pass\nelse: pass", 3),
        ("with a: pass", 1),
        ("try: pass\nexcept A: pass\nexcept B: pass\nelse: pass\nfinally: pass", 4),
        ("try: pass\nexcept* A: pass", 2),
        ("assert a and b, c or d", 2),
        ("a and b and c or d", 4),
        ("a if b else c", 2),
        ("[a for b in c if d if e]", 4),
        ("{a: b for c in d for e in f}", 3),
        ("lambda: a if b else c", 2),
        ("match a:\n case 1: pass\n case 2: pass", 3),
        ("match a:\n case 1: pass\n case _: pass", 2),
        ("match a:\n case b: pass", 1),
        ("def g(x=a or b):\n if c: pass", 1),
        ("@a(b or c)\nclass g(d or e):\n if f: pass", 1),
    ],
)
def test_complexity_is_radons(body: str, expected: int) -> None:
    """Decisions are counted as radon counts them, in a unit's own body."""
    assert facts("def f():\n" + "\n".join(" " + line for line in body.splitlines()), "f").complexity == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [("exec(x)", True), ("globals()['x'] = 1", True), ("globals().update(x)", True), ("x.exec()", False), ("f = exec", False)],
)
def test_code_that_binds_what_no_syntax_says_is_told(body: str, expected: bool) -> None:
    """Who calls `exec` or `globals` may bind any name of the module; who only has a method of that name does not."""
    assert facts(f"def f(x):\n    {body}", "f").is_dynamic is expected


def test_builtins_are_no_accesses() -> None:
    """A name that Python itself provides leads to no variable, unless it is an attribute of one that is read."""
    text = "def f():\n    len(x)\n    int.y\n"
    assert {written(access.reference) for access in facts(text, "f").accesses} == {"name:x", "name:int.y"}
