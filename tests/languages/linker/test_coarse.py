"""Coarse: where variables would hold far too many values, only what can be called travels as data, and linking comes to an end."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from lestockage.languages.python.linker import linker
from tests.calls.programs import programs
from tests.languages.linker.edits import edited, rewrite
from tests.queries.trees import Tree

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAMS = programs()

SOURCE = """
class A:
    def m(self): ...

def call(f): f()
def ask(a): a.m()
def typed(a: A): a.m()
def make(): return A()

call(make)
ask(A())
typed(A())
make().m()
"""


@pytest.fixture
def most_values(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have any program hold too many values."""
    monkeypatch.setattr(linker, "MOST_VALUES", 0)
    monkeypatch.setattr(linker, "MANY", 0)
    return


def test_functions_travel_and_objects_do_not() -> None:
    """What there is enough of is followed everywhere."""
    tree = Tree({"m.py": SOURCE})
    assert tree.calls("m.call") == {"m.make"}
    assert tree.calls("m.ask") == {"m.A.m"}


@pytest.mark.usefixtures("most_values")
def test_what_can_be_called_still_travels() -> None:
    """A function that is passed is called; an object that is passed is not asked, unless it is annotated, or a result."""
    tree = Tree({"m.py": SOURCE})
    assert tree.calls("m.call") == {"m.make"}
    assert tree.calls("m.ask") == set()
    assert tree.calls("m.typed") == {"m.A.m"}
    assert "m.A.m" in tree.calls("m")


@pytest.mark.usefixtures("most_values")
@pytest.mark.no_cover  # others cover it; measured line by line it takes twice as long
@pytest.mark.parametrize("seed", range(10))
def test_edits_of_a_coarse_program(seed: int) -> None:
    """Random edits give what a new linker finds, coarse too."""
    random = Random(5000 + seed)  # noqa: S311  # no secret
    files = dict(random.choice(PROGRAMS).files)
    tree = Tree(dict(files))
    tree.everything()
    for _ in range(8):
        before = files
        files = edited(files, random.choice(PROGRAMS).files, random)
        rewrite(tree, before, files)
        assert tree.everything() == Tree(dict(files)).everything()
