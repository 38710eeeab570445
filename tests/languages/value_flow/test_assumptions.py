"""Assumptions: what annotations say of parameters, variables, attributes and results."""

from __future__ import annotations

import pytest

from tests.languages.value_flow.reading import Reading, called, effects

ANNOTATIONS = {
    "a class": ("C", "<a>|a ^C"),
    "of a module": ("m.C", "<a>|a ^m.C"),
    "in quotes": ("'C'", "<a>|a ^C"),
    "quotes that cannot be parsed": ("'C['", "<a>"),
    "Optional": ("Optional[C]", "<a>|a ^C"),
    "Union": ("t.Union[C, D, None]", "<a>|a ^C|a ^D"),
    "or None": ("C | None", "<a>|a ^C"),
    "or in quotes": ("'C | D'", "<a>|a ^C|a ^D"),
    "Annotated": ("Annotated[C, f]", "<a>|a ^C"),
    "a generic class": ("C[D]", "<a>|a ^C"),
    "a class itself": ("type[C]", "<a>|^C"),
    "one of several classes itself": ("type[C | D]", "<a>|^C|^D"),
    "anything": ("Any", "<a>"),
    "a callable": ("Callable[[C], D]", "<a>"),
    "a literal": ("Literal['C']", "<a>"),
    "None": ("None", "<a>"),
}


@pytest.mark.parametrize("case", ANNOTATIONS)
def test_parameters(case: str) -> None:
    """A parameter is assumed to be an instance of what its annotation names, looked up where the function is defined."""
    annotation, wanted = ANNOTATIONS[case]
    assert called(f"def run(a: {annotation}): a()") == [wanted]


CONTAINERS = {
    "a list": ("list[C]", ["list0[*] <- a ^C"], "list"),
    "a set": ("set[C]", ["set0[*] <- a ^C"], "set"),
    "a tuple": ("tuple[C, D]", ["tuple0[0] <- a ^C", "tuple0[1] <- a ^D"], "tuple"),
    "a tuple of any length": ("tuple[C, ...]", ["tuple0[*] <- a ^C"], "tuple"),
    "a dict": ("dict[K, C]", ["dict0 has a ^K", "dict0[*] <- a ^C"], "dict"),
    "an iterable": ("Iterable[C]", ["generator0[*] <- a ^C"], "generator"),
    "in a container": ("list[list[C]]", ["list1[*] <- a ^C", "list0[*] <- list1"], "list"),
    "optional": ("list[C] | None", ["list0[*] <- a ^C"], "list"),
}


@pytest.mark.parametrize("case", CONTAINERS)
def test_containers(case: str) -> None:
    """The elements of an annotated container are assumed to be instances of its parameters."""
    annotation, wanted, kind = CONTAINERS[case]
    reading = Reading(f"def run(a: {annotation}): return a", "run")
    found = [each.replace("<a>|", "") for each in reading.effects]
    assert found == wanted
    assert reading.result == f"<a>|{kind}0"


def test_variables() -> None:
    """What is annotated may be what was assigned, or what the annotation says; a number is a number."""
    assert called("def run(c):\n x: C = c\n x()") == ["<c>|a C"]
    assert called("def run(c):\n x: C\n x = c\n x()") == ["<c>"]
    assert called("def run(c):\n x: int = 1\n x()") == ["a int"]
    assert called("x: C = f()\nx()", "") == ["f", "a C|f()"]


def test_a_local_class() -> None:
    """An annotation in a function means what its names mean there."""
    assert called("def run(c):\n class C: ...\n x: C\n x()") == ["a C|others:x"]


def test_attributes() -> None:
    """Those that a class body or a method annotates are said of instances."""
    assert effects("class C:\n a: A\n b: list[B] = f()\n c = g", "C") == ["a: a A", "f()", "list0[*] <- a B", "b: list0"]
    assert effects("class C:\n def run(self, o):\n  self.a: A = o\n  o.a: B = o", "C.run") == ["a: a A", "<self>.a = <o>", "<o>.a = <o>"]


def test_a_class_variable_has_its_value() -> None:
    """The annotation is about instances; the class has what was assigned."""
    assert Reading("class C:\n a: A = f\n b: B", "C").cells == {"a": "f", "b": "?"}


def test_results() -> None:
    """A return annotation is an assumption about the result."""
    assert Reading("def run(c) -> C: return c", "run").result == "<c>|a ^C"
    assert Reading("def run(c) -> C: ...", "run").result == "a ^C"
    assert Reading("def run(c) -> None: ...", "run").result == "?"


def test_what_a_generator_yields() -> None:
    """The return annotation is about the generator, its parameter about what is yielded."""
    assert Reading("def run(c) -> Iterator[C]: yield c", "run").yields == "<c>|a ^C"
    assert Reading("async def run(c) -> 'AsyncGenerator[C, None]': yield c", "run").yields == "<c>|a ^C"
    assert Reading("def run(c) -> C: yield c", "run").yields == "<c>"


def test_calls_in_annotations_are_made_by_who_defines() -> None:
    """And nothing else of them is evaluated there."""
    assert effects("def run(a: Annotated[C, f(1)] = g, *b: D[E]) -> h(): ...", "") == ["f(a int)", "h()", "run(a=g)"]
