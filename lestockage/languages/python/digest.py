"""Digest: how a unit's syntax becomes bytes to hash, one token after the other.

Syntax is written in prefix order: a node's tag, then its fields in fixed order, a list closed by `END`, an absent field as `NONE`.
Tags begin with "{", names stand for themselves, strings carry their length, and no other token can look like any of these, so the
sequence can be read back in one way only: two token lists are equal exactly when the syntax is (positions, parentheses, quotes and
layout are no syntax).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

from blake3 import blake3

END = "}"
NONE = "{}"

Sink = Callable[[str], None]  # takes one token: the bound `append` of a token list


def digest(tokens: Iterable[str]) -> bytes:
    """Return the 32 bytes of BLAKE3 over a token list; lone surrogates in string literals are kept apart from anything else."""
    return blake3("\0".join(tokens).encode("utf-8", "surrogatepass")).digest()


def text_digest(text: str) -> bytes:
    """Return the 32 bytes of BLAKE3 over one text, such as a docstring."""
    return blake3(text.encode("utf-8", "surrogatepass")).digest()


def integer_text(value: int) -> str:
    """Return an integer as a literal, in hexadecimal where the interpreter refuses to write that many decimal digits."""
    try:
        return str(value)
    except ValueError:
        return hex(value)


def _number(value: complex) -> str:
    return "~" + repr(value)  # repr tells all floats apart, and 1.0 from 1; the mark keeps inf from being a name


# Keyed by exact type: True is no 1, and 1.0 neither. repr of bytes, True, False and None is no identifier, nor starts like another token.
CONSTANTS: dict[type, Callable[..., str]] = {
    int: integer_text,
    float: _number,
    complex: _number,
    bytes: repr,
    bool: repr,
    type(None): repr,
    type(...): lambda _: "...",
}

OPERATORS: dict[type[ast.AST], str] = {
    kind: "{" + kind.__name__ for family in (ast.operator, ast.unaryop, ast.boolop, ast.cmpop) for kind in family.__subclasses__()
}
