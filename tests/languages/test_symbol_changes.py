"""Symbol changes: what two states of a tree differ in, symbol by symbol."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lestockage.languages.python.survey import parse
from lestockage.languages.symbol_changes import Module, SymbolChange, changed_symbols

BASE = '''"""Doc."""
import os
LIMIT = 3
def f(a, b=1):
    """Doc."""
    return a + b
class C:
    """Doc."""
    def m(self, y):
        return y * 2
    def n(self):
        pass
'''


def state(files: dict[str, str]) -> list[Module]:
    """Return files, by the last part of their module's name, as a state."""
    return [Module(f"pkg/{name}.py", f"pkg.{name}", parse(source.encode()).scan) for name, source in files.items()]


def changes(old: dict[str, str], new: dict[str, str]) -> list[str]:
    """Return the changes as lines, those left out that members account for."""
    return [line(change) for change in changed_symbols(state(old), state(new)) if not change.is_from_members]


def line(change: SymbolChange) -> str:
    """Return a change as the tests write it."""
    names = [place.qualified_name.removeprefix("pkg.") for place in (change.old, change.new) if place is not None]
    return " ".join([change.change, change.kind, *dict.fromkeys(names), *change.parts])


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (("import os", "import  os  # why"), []),
        (("    return a + b", "\n    return (a + b)"), []),
        (("a + b", "a - b"), ["modified function a.f body"]),
        (("b=1", "b=2"), ["modified function a.f signature"]),
        (("def f", "@deco\ndef f"), ["modified function a.f signature"]),
        (("def f", "async def f"), ["modified function a.f signature"]),
        (('b=1):\n    """Doc."""', 'b=1):\n    """New."""'), ["modified function a.f docstring"]),
        (('b=1):\n    """Doc."""\n    return a + b', "b=2):\n    return b"), ["modified function a.f signature body docstring"]),
        (("LIMIT = 3", "LIMIT = 4"), ["modified variable a.LIMIT body"]),
        (("LIMIT = 3", "LIMIT: int = 3"), ["modified variable a.LIMIT signature body"]),
        (("import os", "import sys"), ["modified module a body"]),
        (("class C:", "class C(Base):"), ["modified class a.C signature"]),
        (("def f(a", "def g(a"), ["renamed function a.f a.g"]),
        (("def f(a, b=1)", "def g(a, b)"), ["renamed function a.f a.g signature"]),
        (("class C", "class D"), ["renamed class a.C a.D"]),
        (("def m(", "def other("), ["renamed method a.C.m a.C.other"]),
        (("    def n(self):\n        pass\n", ""), ["removed method a.C.n"]),
        (("    def n(self)", "    def o(self)"), ["removed method a.C.n", "added method a.C.o"]),  # `pass` is no evidence
        (("LIMIT = 3", "BOUND = 3"), ["removed variable a.LIMIT", "added variable a.BOUND"]),
        (("def f(a, b=1):", "class f:\n  def f(a, b=1):"), ["modified class a.f kind signature body docstring", "added method a.f.f"]),
        (("a + b", "sorted(a, key=lambda c: c)"), ["modified function a.f body"]),
        (("self, y):\n", "self, y):\n        self.x = y\n"), ["modified method a.C.m body", "added variable a.C.x"]),
    ],
)
def test_an_edit_is_told_symbol_by_symbol(edit: tuple[str, str], expected: list[str]) -> None:
    """Each edit of one file gives the changes of the symbols it touches, and none of those around it."""
    edited = BASE.replace(*edit)
    assert edited != BASE
    assert sorted(changes({"a": BASE}, {"a": edited})) == sorted(expected)


LAMBDAS = "def f(a):\n    return [lambda b: b + 1, lambda c: c + 2]\nPICK = lambda d: lambda: d\ndef g(key=lambda e: e): pass\n"


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (("b + 1", "b - 1"), ["modified function a.f body"]),
        (("[lambda b", "[lambda: 0, lambda b"), ["modified function a.f body"]),
        (("lambda: d", "lambda: -d"), ["modified module a body"]),
        (("lambda e: e", "lambda e: -e"), ["modified module a body"]),
        (("def f", "def h"), ["renamed function a.f a.h"]),
    ],
)
def test_a_lambda_is_part_of_what_holds_it(edit: tuple[str, str], expected: list[str]) -> None:
    """An edit in a lambda is one of the body around it, and no lambda is added, removed or renamed by its number."""
    assert LAMBDAS.count(edit[0]) == 1
    assert changes({"a": LAMBDAS}, {"a": LAMBDAS.replace(*edit)}) == expected


def test_a_moved_function_keeps_its_identity() -> None:
    """A function that went to another file is moved; moved and changed in signature is both."""
    assert changes({"a": "def f(x): return x + 1"}, {"a": "", "b": "\ndef f(x): return x + 1"}) == [
        "added module b",
        "moved function a.f b.f",
    ]
    moved = changes({"a": "def f(x): return x + 1"}, {"a": "", "b": "def f(x, y=0): return x + 1"})
    assert "moved function a.f b.f signature" in moved


def test_a_function_that_becomes_a_method_is_moved() -> None:
    """Moving a function into a class changes its kind of symbol, and not what it is."""
    assert "moved method a.f a.C.f" in changes({"a": "def f(x): return x + 1"}, {"a": "class C:\n    def f(x): return x + 1"})


def test_a_moved_class_takes_its_members_along() -> None:
    """Members of a moved class are not listed, unless they differ in more than their place."""
    source = "class C:\n    x = 1\n    def m(self): return 2\n    def n(self): return 3\n"
    assert changes({"a": source}, {"b": source}) == ["renamed module a b"]
    edited = "import os\n" + source.replace("return 3", "return 4")
    assert changes({"a": source}, {"b": edited, "a": ""}) == ["added module b", "moved class a.C b.C", "modified method a.C.n b.C.n body"]


def test_a_copy_is_added() -> None:
    """As long as the original stays, an equal function elsewhere is a new one."""
    source = "def f(x): return x + 1"
    assert changes({"a": source}, {"a": source, "b": source}) == ["added module b", "added function b.f"]


def test_the_likest_of_several_is_the_one_that_moved() -> None:
    """Of two functions with one body, the one of the same name is what moved."""
    old = "def f(x): return x + 1\ndef g(x): return x + 1"
    found = changes({"a": old}, {"b": "def g(x): return x + 1\nclass C:\n    def h(x): return x + 1"})
    assert sorted(found) == ["added class b.C", "added module b", "moved function a.g b.g", "removed module a", "renamed method a.f b.C.h"]


def test_repeated_definitions_are_told_apart() -> None:
    """The second definition of a name differs by itself."""
    old = "if x:\n    def f(): return 1\nelse:\n    def f(): return 2\n"
    found = changed_symbols(state({"a": old}), state({"a": old.replace("2", "3")}))
    assert [(change.new and change.new.ordinal, change.parts) for change in found if change.kind == "function"] == [(1, ("body",))]


def test_what_members_account_for_is_marked() -> None:
    """A class whose body differs because a method's signature does says so; one that also differs itself does not."""
    old, new = "class C:\n    def m(self): return 1\n", "class C:\n    def m(self, x): return 1\n"
    found = {change.kind: change.is_from_members for change in changed_symbols(state({"a": old}), state({"a": new}))}
    assert found == {"class": True, "method": False}


def test_places_are_those_of_both_states() -> None:
    """A change names path, qualified name and line in both states."""
    (found,) = changed_symbols(state({"a": "def f(): return 1"}), state({"a": "\n\ndef f(): return 2"}))
    assert (found.old, found.new) == (("pkg/a.py", "pkg.a.f", 0, 1), ("pkg/a.py", "pkg.a.f", 0, 3))


PIECES = (
    *("def f(x): return x + 1", "def g(x): return x + 1", "def f(x): return x", "def g(): pass", "def f(): ...", "x = 1", "x = 2"),
    *("class C:\n    def m(self): return 1", "class C:\n    def m(self): return 2", "class D:\n    def m(self): return 1\n    y = 1"),
)
STATES = st.dictionaries(st.sampled_from("abc"), st.lists(st.sampled_from(PIECES), max_size=5).map("\n".join), max_size=3)


@settings(deadline=None)
@given(STATES, STATES)
def test_changes_account_for_every_symbol(old: dict[str, str], new: dict[str, str]) -> None:
    """Nothing is lost or counted twice: what is neither added nor removed is in both states, once, and the way back is the mirror image."""
    found = changed_symbols(state(old), state(new))
    counts = [sum(len(module.scan.symbols) for module in state(files)) for files in (old, new)]
    added, removed = (sum(change.change == kind for change in found) for kind in ("added", "removed"))
    assert counts[0] - removed == counts[1] - added
    for places in ([change.old for change in found if change.old], [change.new for change in found if change.new]):
        assert len(places) == len(set(places))
    back = changed_symbols(state(new), state(old))
    assert (sum(change.change == "removed" for change in back), sum(change.change == "added" for change in back)) == (added, removed)


@settings(deadline=None)
@given(STATES)
def test_a_state_does_not_differ_from_itself(files: dict[str, str]) -> None:
    """Equal states have no changes."""
    assert changed_symbols(state(files), state(files)) == ()
