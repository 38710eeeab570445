"""Outside: how far names outside the project are followed."""

from __future__ import annotations

from tests.calls.found import found


def outside(source: str) -> set[str]:
    """The names outside that code of one file is found to call."""
    return {callee for _, callee in found({"m.py": source})[1]}


def test_a_chain_is_followed_as_code_says_it() -> None:
    """Attributes and calls behind an imported name are one name."""
    assert "numpy.random.default_rng().integers" in outside("import numpy as np\ndef f():\n    np.random.default_rng().integers(3)\n")


def test_an_object_that_travels_is_followed_for_one_attribute() -> None:
    """What an object kept in an attribute is asked for is a name of its class."""
    methods = "    def __init__(self):\n        self.s = requests.Session()\n    def f(self):\n        self.s.get()\n"
    assert "requests.Session().get" in outside(f"import requests\nclass A:\n{methods}")


def test_a_class_that_travels_is_no_object() -> None:
    """Attributes of whatever a parameter holds are not names of each class that is passed as data."""
    assert outside("from numpy import ndarray\ndef f(x):\n    x.elements()\nf(ndarray)\n") == set()


def test_names_do_not_grow_in_loops() -> None:
    """Many attributes, taken in a circle and narrowed on the way, give one name for each."""
    step = "        if isinstance(x, x.{0}):\n            x = x.{0}\n            x.b{0}()\n"
    steps = "".join([step.format(f"a{number}") for number in range(8)])
    names = outside(f"import tree\ndef walk(x):\n    while x:\n{steps}walk(tree.Node())\n")
    assert "tree.Node" in names
    assert len(names) < 50
