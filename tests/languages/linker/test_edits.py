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


ASKING = """
class Wide:
    def show(self): ...

class Plain:
    def show(self): ...

class Graph:
    def is_multi(self):
        return False
    def draw(self):
        self.view.show()

class Multi(Graph):
    def is_multi(self):
        return True
    def draw(self):
        self.view.show()

def view(graph: Graph):
    new = graph.__class__()
    kind = Wide if graph.is_multi() else Plain
    if not graph.is_multi():
        new.other = kind()
    new.view = kind()
    return new

view(Graph()).draw()
view(Multi()).draw()
"""

ANSWERS = [
    ("        return True", "        return False"),
    ("        return True", "        return bool(self)"),
    ("class Multi(Graph)", "class Multi"),
    ("class Multi(Graph)", "def base(): return Graph\nclass Multi(base())"),
    ("    def is_multi(self):\n        return True\n", ""),
    ("    def is_multi(self):\n        return True\n", "    @staticmethod\n    def is_multi():\n        return True\n"),
    (
        "    def is_multi(self):\n        return True\n",
        "    def is_multi(self):\n        return False\n    def is_multi(self):\n        return True\n",
    ),
    ("view(Graph()).draw()", "Multi.is_multi = lambda self: False\nview(Graph()).draw()"),
    ("view(Graph()).draw()", "class More(Graph):\n    def is_multi(self):\n        return True\nview(More()).draw()"),
    ("        return False", "        return None"),
    ("view(Multi()).draw()", ""),
]


@pytest.mark.parametrize("edit", ANSWERS, ids=lambda edit: repr(edit[1])[:30])
def test_what_a_method_answers_changes(edit: tuple[str, str]) -> None:
    """An answer that is another, elsewhere, or no longer known; and the way back."""
    after = ASKING.replace(*edit)
    assert after != ASKING
    tree = Tree({"m.py": ASKING})
    first = tree.everything()
    tree.write({"m.py": after})
    assert tree.everything() == Tree({"m.py": after}).everything()
    tree.write({"m.py": ASKING})
    assert tree.everything() == first


@pytest.mark.parametrize("seed", range(12))
def test_what_methods_answer_changes_at_random(seed: int) -> None:
    """Several such edits in any order, some of them taken back."""
    random = Random(7000 + seed)  # noqa: S311  # no secret
    tree = Tree({"m.py": ASKING})
    tree.everything()
    for _ in range(10):
        text = ASKING
        for edit in random.sample(ANSWERS, random.randrange(4)):
            text = text.replace(*edit)
        tree.write({"m.py": text})
        assert tree.everything() == Tree({"m.py": text}).everything()


ASKED_BELOW = """
class Graph:
    def is_multi(self):
        return False
    def draw(self): ...

class Mixed:
    def is_multi(self):
        return True

class Multi(Mixed, Graph):
    def draw(self): ...

def f(graph: Graph):
    if graph.is_multi():
        graph.draw()
    if graph.is_multi():
        graph.draw()
"""
FURTHER = "class Further(Multi):\n    def draw(self): ...\n"


@pytest.mark.parametrize(
    "after",
    [
        ASKED_BELOW.replace("return True", "return False"),
        f"{ASKED_BELOW}{FURTHER}",
        f"{ASKED_BELOW}{FURTHER}    is_multi = None\n",
        ASKED_BELOW.replace("(Mixed, Graph)", "(Mixed)"),
        ASKED_BELOW.replace("return True", "return True\n    is_multi = print(is_multi)"),
    ],
)
def test_what_a_class_answers_changes_for_assumed_objects_of_one_above(after: str) -> None:
    """By a method that it has from a base which is not below that one, by a base, and by a name that is no method."""
    assert after != ASKED_BELOW
    steps = [after, ASKED_BELOW, f"{ASKED_BELOW}{FURTHER}", after]
    tree = Tree({"m.py": ASKED_BELOW})
    tree.everything()
    for source in steps:
        tree.write({"m.py": source})
        assert tree.everything() == Tree({"m.py": source}).everything()


def chain(of_low: str, of_middle: str) -> dict[str, str | bytes]:
    """Return classes in three files, each with a base of its own or none, of which the first and the last are given a part."""
    return {
        "low.py": f"import middle, top\nclass Low{of_low}:\n def put(self): self.part = top.One()\ndef show(low: Low): low.part.run()\n",
        "middle.py": f"import top\nclass Middle{of_middle}: ...\n",
        "top.py": """
            class Top:
                def put(self): self.part = Two()
            class One:
                def run(self): ...
            class Two:
                def run(self): ...
            """,
    }


def test_classes_that_get_bases_together_lose_them_one_by_one() -> None:
    """What a base passes on to its attributes is said once, where it has them only since the same edit."""
    states = [chain("", ""), chain("(middle.Middle)", "(top.Top)"), chain("(middle.Middle)", ""), chain("", "")]
    tree = Tree({"low.py": states[0]["low.py"]})  # it is known first, so its bases are looked at first
    tree.everything()
    for files in states:
        tree.write(files)
        assert tree.everything() == Tree(files).everything()


def test_a_project_that_was_empty_knows_what_it_was() -> None:
    """All files go and come back, and then a base goes."""
    full = chain("(middle.Middle)", "(top.Top)")
    tree = Tree(full)
    first = tree.everything()
    for path in full:
        tree.remove(path)
    tree.everything()
    tree.write(full)
    assert tree.everything() == first
    files = chain("(middle.Middle)", "")
    tree.write(files)
    assert tree.everything() == Tree(files).everything()
