"""Instance attributes: what methods assign to their object is a symbol of the class."""

from __future__ import annotations

import pytest

from tests.languages.surveying import scan, symbol


def variables(text: str) -> list[str]:
    """Return the names of the variables in order."""
    return [found.name for found in scan(text).symbols if found.kind == "variable"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("self.x = 1", ["C.x"]),
        ("self.x: int = 1", ["C.x"]),
        ("self.x: int", ["C.x"]),
        ("self.x += 1", ["C.x"]),
        ("self.x, (self.y, *self.z) = 1, (2, 3)", ["C.x", "C.y", "C.z"]),
        ("for self.x in y: pass", ["C.x"]),
        ("with y as self.x: pass", ["C.x"]),
        ("self.x = self.y = 1; self.x = 2", ["C.x", "C.y"]),
        ("self.x.y = self.z[0] = other.w = 1", []),
        ("del self.x", []),
        ("self = other; self.x = 1", []),
        ("def inner(self): self.x = 1", []),
    ],
)
def test_what_a_method_assigns_to_its_object_is_an_attribute(body: str, expected: list[str]) -> None:
    """Every way of binding an attribute of the first parameter counts, once per name; attributes of anything else do not."""
    assert variables(f"class C:\n    def m(self):\n        {body}\n") == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("def m(this): this.x = 1", ["C.x"]),
        ("@classmethod\n    def m(cls): cls.x = 1", ["C.x"]),
        ("@staticmethod\n    def m(self): self.x = 1", []),
        ("def m(*self): self.x = 1", []),
        ("async def m(self): self.x = 1", ["C.x"]),
    ],
)
def test_the_first_parameter_is_the_object_or_class(head: str, expected: list[str]) -> None:
    """Whatever it is called, the parameter that receives the object or class counts, and a static method has none."""
    assert variables(f"class C:\n    {head}\n") == expected


def test_a_function_has_no_object() -> None:
    """The first parameter of a plain function is like any other."""
    assert variables("def f(self): self.x = 1") == []


def test_a_name_of_the_class_body_is_the_same_attribute() -> None:
    """A declaration in the class body and assignments in methods are one symbol, where the first of them stands."""
    found = scan("class C:\n    x: int = 0\n    def m(self):\n        self.x = 1\n        self.y: str = ''\n    y = None\n")
    places = [(known.name, known.signature, span.line) for known, span in zip(found.symbols, found.spans, strict=True)]
    assert [place for place in places if place[0] in ("C.x", "C.y")] == [("C.x", "int", 2), ("C.y", "str", 5)]


def test_an_attribute_spans_the_target() -> None:
    """An attribute that a method binds stands where the target stands, and its class contains it."""
    found = scan("class C:\n    def m(self):\n        self.x = [\n            1]\n")
    place = [known.name for known in found.symbols].index("C.x")
    assert found.spans[place] == (3, 8, 3, 14)
    assert found.symbols[found.symbols[place].container].name == "C"


def test_editing_what_is_assigned_changes_the_method_alone() -> None:
    """The value is the method's code: neither the attribute nor the class changes with it."""
    before, after = (f"class C:\n    def m(self):\n        self.x = {value}\n" for value in ("1", "2"))
    assert symbol(before, "C.x") == symbol(after, "C.x")
    assert symbol(before, "C") == symbol(after, "C")
    assert symbol(before, "C.m").body_hash != symbol(after, "C.m").body_hash
