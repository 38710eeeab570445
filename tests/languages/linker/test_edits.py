"""Edits: a linker that has followed a program through its changes says what one says that reads it for the first time."""

from __future__ import annotations

from random import Random

import pytest

from tests.calls.programs import programs
from tests.languages.linker.edits import edited, rewrite
from tests.queries.trees import Tree

PROGRAMS = programs()
SEEDS = 60
STEPS = 12


def follow(seed: int, steps: int = STEPS) -> tuple[Tree, dict[str, str], dict[str, str]] | None:
    """Edit a program in steps; return the tree and its files before and after the first step whose results are others than a new tree's."""
    random = Random(seed)  # noqa: S311  # no secret
    files = dict(random.choice(PROGRAMS).files)
    states = [files]
    tree = Tree(dict(files))
    tree.everything()
    for _ in range(steps):
        before = files
        files = random.choice(states) if random.random() < 0.2 else edited(files, random.choice(PROGRAMS).files, random)
        states.append(files)
        rewrite(tree, before, files)
        if tree.everything() != Tree(dict(files)).everything():
            return tree, before, files
    return None


@pytest.mark.parametrize("seed", range(SEEDS))
def test_an_edited_program_has_the_results_of_a_new_one(seed: int) -> None:
    """Whatever is edited, in whatever order, and whatever earlier state comes back: the results are those of a first reading."""
    assert follow(seed) is None


LIST = """
class Node:
    def __init__(self):
        self.next = None

    def last(self):
        node = self
        while node.next:
            node = node.next
        return node.show()

    def show(self): ...

def walk(node: Node):
    while node:
        node.show()
        node = node.next
"""


def test_what_supports_only_itself_goes() -> None:
    """An object that a loop reads from itself is not there any longer once nobody passes one: two objects say the same copy."""
    tree = Tree({"a.py": LIST, "b.py": "import a\nn = a.Node()\nn.next = a.Node()\na.walk(n)\n"})
    tree.everything()
    for source in ("import a\na.walk(None)\n", "import a\nn = a.Node()\nn.next = a.Node()\n", ""):
        tree.write({"b.py": source})
        assert tree.everything() == Tree({"a.py": LIST, "b.py": source}).everything()


def test_a_test_for_what_is_no_class_is_passed() -> None:
    """`isinstance` with what is known to be no class leaves everything through, and breaks nothing."""
    tree = Tree({"a.py": "def f(): ...\nclass A:\n    def m(self): ...\nx = A()\nif isinstance(x, f):\n    x.m()\n"})
    assert "a.A.m" in tree.calls("a")
