"""Data edges: reads and writes of module variables and of attributes lead to their symbols."""

from __future__ import annotations

import pytest

from lestockage.queries.data_edges import DATA, statement_of
from tests.queries.trees import Tree

FILES: dict[str, str | bytes] = {
    "pkg/__init__.py": "",
    "pkg/config.py": """
        LIMIT = 3
        cache = {}

        def raise_limit():
            global LIMIT
            LIMIT += 1

        def shadowed(LIMIT):
            return LIMIT

        def local():
            cache = {}
            return cache
        """,
    "pkg/shape.py": """
        from pkg.config import LIMIT
        from pkg import config
        import pkg.config

        class Shape:
            sides = 0
            seen = []

            def __init__(self, name):
                self.name = name
                self.area = LIMIT

            def describe(self):
                self.area += 1
                return self.name, self.sides, self.unknown

            @property
            def label(self):
                return self.name

            @classmethod
            def count(cls):
                return cls.seen

            def call(self):
                return self.describe(), self.label

        class Square(Shape):
            sides = 4

            def look(self):
                return self.sides, self.area

        def through_module():
            config.LIMIT = pkg.config.cache
            return len(config.cache)

        def through_object(shape: Shape):
            square = Square("s")
            shape.name = square.area
            return Shape.seen, [LIMIT for x in square.seen if x.name]

        def deferred():
            return lambda: LIMIT

        def either(shape: "Shape | Square", flag):
            thing = Shape("a") if flag else None
            return thing.name
        """,
}


@pytest.fixture(scope="module")
def tree() -> Tree:
    """Return the tree that the tests read."""
    return Tree(FILES)


@pytest.mark.parametrize(
    ("caller", "wanted"),
    [
        ("pkg.config.raise_limit", {("pkg.config.LIMIT", "read write", 1)}),
        ("pkg.config.shadowed", set()),
        ("pkg.config.local", set()),
        (
            "pkg.shape.Shape.__init__",
            {("pkg.shape.Shape.name", "write", 0), ("pkg.shape.Shape.area", "write", 1), ("pkg.config.LIMIT", "read", 1)},
        ),
        (
            "pkg.shape.Shape.describe",
            {("pkg.shape.Shape.area", "read write", 0), ("pkg.shape.Shape.name", "read", 1), ("pkg.shape.Shape.sides", "read", 1)},
        ),
        ("pkg.shape.Shape.count", {("pkg.shape.Shape.seen", "read", 0)}),
        ("pkg.shape.Shape.call", set()),
        ("pkg.shape.Square.look", {("pkg.shape.Square.sides", "read", 0), ("pkg.shape.Shape.area", "read", 0)}),
        ("pkg.shape.through_module", {("pkg.config.LIMIT", "write", 0), ("pkg.config.cache", "read", 0)}),
        (
            "pkg.shape.through_object",
            {
                *(("pkg.shape.Shape.name", "write", 1), ("pkg.shape.Shape.area", "read", 1)),
                *(("pkg.shape.Shape.seen", "read", 2), ("pkg.config.LIMIT", "read", 2)),
            },
        ),
        ("pkg.shape.deferred.<lambda1>", {("pkg.config.LIMIT", "read", 0)}),
        ("pkg.shape.deferred", set()),
    ],
)
def test_accesses_lead_to_variables(tree: Tree, caller: str, wanted: set[tuple[str, str, int]]) -> None:
    """Each variable that is read or written has one edge, tied to the first statement that does so; what is called has none."""
    assert {(edge.qualified_name, edge.provenance, statement_of(edge.site)) for edge in tree.edges(caller, DATA)} == wanted


def test_an_edit_of_another_function_resolves_no_access(tree: Tree) -> None:
    """Accesses are resolved again for the function that was edited, and for no other."""
    fresh = Tree(FILES)
    fresh.executed()
    fresh.replace("pkg/shape.py", "return cls.seen", "return cls.sides")
    executed = fresh.executed()
    assert (executed["facts"], executed["edges_of"]) == (1, 1)
    assert fresh.calls("pkg.shape.Shape.count", DATA) == {"pkg.shape.Shape.sides"}


def test_a_variable_that_comes_is_found(tree: Tree) -> None:
    """A read of a name that nobody binds gets its edge when the name is bound."""
    fresh = Tree({"a.py": "def f():\n    return LATER\n"})
    assert fresh.edges("a.f", DATA) == []
    fresh.write({"a.py": "LATER = 1\ndef f():\n    return LATER\n"})
    assert fresh.calls("a.f", DATA) == {"a.LATER"}
