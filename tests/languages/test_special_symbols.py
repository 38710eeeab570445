"""Special symbols: overloads, properties, fields, members, comprehensions and stubs, as the scan has them."""

from __future__ import annotations

import pytest

from tests.languages.surveying import scan, symbol


def kinds(text: str) -> dict[str, str]:
    """Return the kind of every symbol but the module, by name and, where it is not 0, ordinal."""
    return {found.name + (f"#{found.ordinal}" if found.ordinal else ""): found.kind for found in scan(text).symbols[1:]}


def test_overloads_are_numbered_and_keep_their_own_signatures() -> None:
    """Each overload and the implementation is a symbol with its signature and decorators."""
    text = """
    from typing import overload
    @overload
    def f(x: int) -> int: ...
    @overload
    def f(x: str) -> str: ...
    def f(x): return x
    """
    found = [known for known in scan(text).symbols if known.name == "f"]
    assert [(known.ordinal, known.signature, known.decorators) for known in found] == [
        (0, "def f(x: int) -> int", ("overload",)),
        (1, "def f(x: str) -> str", ("overload",)),
        (2, "def f(x)", ()),
    ]


def test_the_parts_of_a_property_are_told_apart() -> None:
    """Getter, setter and deleter share a name, and their decorators say which is which."""
    text = """
    class C:
        @property
        def x(self): return 1
        @x.setter
        def x(self, value): pass
        @x.deleter
        def x(self): pass
    """
    found = [known for known in scan(text).symbols if known.name == "C.x"]
    assert [(known.kind, known.ordinal, known.decorators) for known in found] == [
        ("method", 0, ("property",)),
        ("method", 1, ("x.setter",)),
        ("method", 2, ("x.deleter",)),
    ]


def test_fields_and_members_are_variables_of_their_class() -> None:
    """Fields of a data class, named tuple or typed dictionary have their types, members of an enumeration none."""
    text = """
    @dataclass
    class D:
        a: int
        b: list[str] = field(default_factory=list)
    class N(NamedTuple):
        c: int = 0
    class E(Enum):
        RED = 1
        GREEN = auto()
    """
    found = {known.name: known.signature for known in scan(text).symbols if known.kind == "variable"}
    assert found == {"D.a": "int", "D.b": "list[str]", "N.c": "int", "E.RED": None, "E.GREEN": None}


@pytest.mark.parametrize("display", ["[{} for a in x]", "{{{} for a in x}}", "{{{}: 1 for a in x}}", "({} for a in x)"])
def test_a_comprehension_is_part_of_its_unit(display: str) -> None:
    """Comprehensions make no symbol and bind nothing outside; a name assigned in one by a walrus is the unit's."""
    assert kinds("v = " + display.format("a")) == {"v": "variable"}
    assert kinds("v = " + display.format("(w := a)")).keys() == {"v", "w"}


def test_definitions_in_branches_are_symbols() -> None:
    """Whatever statement they stand in, definitions belong to the unit around, repeated ones by number."""
    text = """
    if x:
        def f(): pass
    else:
        f = None
    try:
        import a
    except ImportError:
        class A: pass
    for i in y:
        def g(): pass
    with z:
        async def g(): pass
    while x:
        class A: pass
    match x:
        case 1:
            def h(): pass
    """
    assert kinds(text) == {
        "f": "function",
        "f#1": "variable",
        "A": "class",
        "A#1": "class",
        "i": "variable",
        "g": "function",
        "g#1": "function",
        "h": "function",
    }


def test_a_stub_defines_as_any_file_does() -> None:
    """Bodies of dots and variables without a value are what stubs are made of."""
    found = scan("x: int\ndef f(a: str = ...) -> None: ...\nclass C(Base):\n    y: int\n    def m(self) -> C: ...\n")
    assert [(known.name, known.signature) for known in found.symbols[1:]] == [
        ("x", "int"),
        ("f", "def f(a: str = ...) -> None"),
        ("C", "class C(Base)"),
        ("C.y", "int"),
        ("C.m", "def m(self) -> C"),
    ]


CLASS = "class C(A):\n    x = 1\n    def m(self, a):\n        return a\n"


@pytest.mark.parametrize(
    ("edit", "is_other"),
    [
        (("class C(A)", "class C(B)"), True),
        (("class C(A)", "@deco\nclass C(A)"), True),
        (("class C(A)", "class C(A, metaclass=M)"), True),
        (("self, a)", "self, a, b)"), True),
        (("    def m", "    @deco\n    def m"), True),
        (("    def m", "    async def m"), True),
        (("    x = 1\n", ""), True),
        (("return a", "return -a"), False),
        (("class C(A):\n", "class C(A):\n    '''Doc.'''\n"), False),
        (("return a", "self.y = a"), False),
    ],
)
def test_a_class_is_its_bases_decorators_and_members_signatures(edit: tuple[str, str], is_other: bool) -> None:
    """The hash of a class changes with what its members look like from outside, and not with what is in their bodies."""
    before, after = symbol(CLASS, "C"), symbol(CLASS.replace(*edit), "C")
    assert (before.content_hash != after.content_hash) is is_other
