"""Instance attributes: what methods assign to attributes of their object or class, as symbols of the class."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lestockage.languages.facts import Span
from lestockage.languages.python.references import Scope

if TYPE_CHECKING:
    from lestockage.languages.python.unit import Unit


def declare_attributes(method: Unit, owner: Unit) -> None:
    """Make variables of the class out of the attributes that a method assigns to its first parameter, once per name.

    A name that the class body or an earlier method binds stays where it was first bound; an annotation is taken from the first place that
    has one. What is assigned is the method's code and no part of the attribute, so editing it changes the method and not the symbol.
    """
    receiver = Scope(method, ()).receiver
    if receiver is None:
        return
    for target, _, annotation in method.attributes:
        if type(target.ctx) is ast.Store and getattr(target.value, "id", None) == receiver:
            span = Span(target.lineno, target.col_offset, target.end_lineno or target.lineno, target.end_col_offset or 0)
            owner.declare_attribute(target.attr, span, annotation)
