"""Scopes: names read from outside, names that others see, and names that others assign."""

from __future__ import annotations

from lestockage.languages.python.value_flow.opcodes import HEADING, INSIDE, MODULE, OTHERS
from tests.languages.value_flow.reading import Reading, called


def test_others_see_the_last_value_and_those_at_calls() -> None:
    """What a name was when nothing could be called, nobody saw."""
    assert Reading("x = f\nx = g\nx = h").cells == {"x": "h"}
    assert Reading("x = f\nx = g\nc()\nx = h").cells == {"x": "g|h"}


def test_a_call_does_not_see_what_its_result_is_assigned_to() -> None:
    """Others than the very call may have seen the value before it."""
    assert Reading("x = f\nx = c()").cells == {"x": "c()"}
    assert Reading("x = f\nx = c(d())").cells == {"x": "c(d())|f"}
    assert Reading("x = f\ny = c()\nx = g").cells == {"x": "f|g", "y": "c()"}


def test_branches_show_what_each_showed() -> None:
    """A name that a call has seen in one branch is seen with what it is behind both."""
    assert Reading("x = f\nif c: x = g; d()\nelse: x = h").cells == {"x": "g|h"}
    assert Reading("x = f\nif c: x = g\nelse: x = h\nx = k").cells == {"x": "k"}


def test_a_loop_shows_what_it_leaves() -> None:
    """A target is a name like any other, and one that is bound again has not been seen."""
    assert Reading("for x in f: pass").cells == {"x": "each of f"}
    assert Reading("for x in f: pass\nx = g").cells == {"x": "g"}


def test_every_name_of_a_module_is_there() -> None:
    """Names without a value that matters hide those of scopes around all the same."""
    assert Reading("import a\nx = 1\ndef f(): ...\nclass C: ...\nfor i in 3: pass").cells == {
        "a": "a:None",
        "f": "f",
        "C": "C",
        "x": "?",
        "i": "each of a int",
    }


def test_a_function_without_inner_scopes_shows_nothing() -> None:
    """Nobody can see its names."""
    assert Reading("def run(a):\n b = a\n c()\n b = c", "run").cells == {}


def test_a_function_shows_its_names_to_inner_ones() -> None:
    """Parameters and what is assigned later too."""
    source = "def run(a):\n b = f\n def inner(): ...\n b = g\n inner()\n return inner"
    assert Reading(source, "run").cells == {"a": "<a>", "inner": "inner", "b": "g"}


def test_a_return_shows_what_is() -> None:
    """What a function returns may look at its names later."""
    source = "def run(a):\n b = f\n def inner(): ...\n if a:\n  return inner\n b = g\n return inner"
    assert Reading(source, "run").cells["b"] == "f|g"


def test_a_yield_shows_what_is() -> None:
    """Whoever iterates runs between."""
    assert Reading("def run():\n b = f\n k = lambda: b\n yield k\n b = g", "run").cells["b"] == "f|g"


def test_a_lambda_in_a_comprehension_sees_its_variables() -> None:
    """They are names of the unit for it."""
    assert Reading("def run(c):\n return [lambda: x for x in c]", "run").cells["x"] == "each of <c>"
    assert called("def run(c):\n [lambda: x for x in c]\n x()") == ["x"]


def test_free_names() -> None:
    """What the unit does not bind is looked up outside, from inside it."""
    assert Reading("x = 1\ndef run(a):\n x(a); y()", "run").free == [("x", INSIDE), ("y", INSIDE)]


def test_names_of_the_heading_are_looked_up_where_the_unit_is_defined() -> None:
    """Annotations and bases see a class body around."""
    source = "class A:\n class B: ...\n class C(B, x.D): ...\n def run(self, b: B): b()"
    assert Reading(source, "A.C").bases == ["^B", "^x.D"]
    assert ("B", HEADING) in Reading(source, "A.run").free


def test_what_others_assign() -> None:
    """A name of one's own may have been assigned by others since the last call; before, it may not."""
    source = "x = None\ndef f():\n global x\n x = g\nx()\nf()\nx()"
    assert called(source, "") == ["?", "f", "others:x"]
    assert ("x", OTHERS) in Reading(source).free


def test_what_inner_functions_assign() -> None:
    """Likewise in a function that holds others."""
    source = "def run():\n x = f\n def change():\n  nonlocal x\n  x = g\n x()\n change()\n x()\n x = h\n x()"
    assert called(source) == ["f", "change", "f|others:x", "h"]
    assert Reading(source, "run.change").outer == {"x": ("g", False)}


def test_definitions_and_imports_are_what_they_are() -> None:
    """What others assign to the name of a function is left out."""
    assert called("import m\ndef f(): ...\nf()\nf()\nm()", "") == ["f", "f", "m:None"]


def test_no_one_assigns_to_names_of_a_plain_function() -> None:
    """There is nobody who could."""
    assert called("def run(c):\n x = f\n c()\n x()") == ["<c>", "f"]


def test_global_names() -> None:
    """What is assigned flows out, and what is read is one's own value until something is called."""
    source = "def run(c):\n global x\n x = f\n x()\n c()\n x()"
    assert called(source) == ["f", "<c>", "f|module:x"]
    assert Reading(source, "run").outer == {"x": ("f", True)}


def test_a_global_name_that_is_read_first() -> None:
    """It is what it means in the module, past the scopes between."""
    assert called("def run():\n global x\n x()\n x = f") == ["module:x"]
    assert Reading("def run():\n global x\n x()\n x = f", "run").free == [("x", MODULE), ("f", INSIDE)]


def test_a_class_body_reads_names_that_it_has_not_bound_yet_outside() -> None:
    """And those that it has, itself."""
    reading = Reading("class C:\n x()\n x = f\n x()", "C")
    assert reading.called == ["x", "f"]
    assert reading.cells == {"x": "f"}


def test_comprehensions_in_a_class_body_do_not_see_it() -> None:
    """But for the first iterable."""
    assert called("class C:\n x = f\n y = [x() for i in x()]", "C") == ["f", "x"]


def test_a_method_skips_nothing_by_itself() -> None:
    """Which scopes are looked at is the linker's matter."""
    assert Reading("class C:\n f = 1\n def run(self): f()", "C.run").free == [("f", INSIDE)]


def test_an_unused_parameter_is_no_variable() -> None:
    """Its annotation says nothing then either."""
    reading = Reading("def run(a, /, b: C, *c, d, **e): d()", "run")
    assert reading.parameters == [("a", 0, "?"), ("b", 1, "?"), ("c", 2, "?"), ("d", 3, "<d>"), ("e", 4, "?")]
    assert reading.free == []
