"""Mentions: every way in which a file can say a name."""

from __future__ import annotations

import inspect
import sys

from lestockage.languages.python.mentions import mentions

SOURCE = b'''
from a import imported as renamed
__all__ = ["Shown"]
__all__.extend(["More"])
@register("named", key=value)
def decorated(one, /, two: Hint = default, *, three) -> Result:
    """Prose words."""
    getattr(one, "by_string")
    def nested():
        return three.attribute
    store_only = nested

class Shown(Base, metaclass=Meta):
    field = other

if __name__ == "__main__":
    main()
'''


def test_each_unit_has_its_own() -> None:
    """Names, attributes, strings, keywords and imports go to the definition they stand in; what is only bound is not said."""
    found = {unit.name: unit for unit in mentions(SOURCE).units}
    assert list(found) == ["", "decorated", "decorated.nested", "Shown"]
    assert found[""].names == {"imported", "__all__", "extend", "main", "__name__"}
    assert found["decorated"].names == {"register", "value", "key", "Hint", "default", "Result", "getattr", "one", "nested"}
    assert {"named", "by_string"} <= found["decorated"].strings
    assert (found["decorated"].decorators, found["decorated"].parameters) == (("register('named', key=value)",), ("one", "two", "three"))
    assert found["decorated.nested"].names == {"three", "attribute"}
    assert found["Shown"].names == {"Base", "Meta", "metaclass", "other"}


def test_exports_and_the_guarded_part() -> None:
    """What `__all__` names in any of its usual forms, and what runs when the file is a script."""
    found = mentions(SOURCE)
    assert found.exports == {"Shown", "More"}
    assert found.guarded == {"__name__", "main"}


def test_what_cannot_be_read_mentions_nothing() -> None:
    """A file that is no Python, and one too deep for the stack's ordinary room."""
    assert mentions(b"def (").units == ()


def test_depth_is_no_limit() -> None:
    """Code that is nested deeper than the caller's stack allows is read with room of its own."""
    deep = b"x = " + b"-" * 400 + b"y\n"

    def called_deep(levels: int) -> frozenset[str]:
        return called_deep(levels - 1) if levels else mentions(deep).units[0].names

    assert "y" in called_deep(0)
    assert "y" in called_deep(sys.getrecursionlimit() - len(inspect.stack()) - 120)
