"""Neighbouring syntax: trees that differ from a given one by one piece, or by where it stands."""

from __future__ import annotations

import ast
from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING

from tests.languages.syntax_corpus import EXPRESSIONS, STATEMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

# Blocks whose parts lie side by side; "#" is where a statement goes.
BLOCKS = [
    "#\na",
    "if a:\n #\n b\nelse:\n c",
    "for a in b:\n #\n c\nelse:\n d\ne",
    "async for a in b:\n #\nelse:\n c",
    "while a:\n #\n b\nelse:\n c\nd",
    "with a, b as c:\n #\n d\ne",
    "try:\n #\n a\nexcept b:\n c\nexcept d as e:\n f\nelse:\n g\nfinally:\n h",
    "try:\n a\nexcept b:\n #\nexcept c:\n d\ne",
    "match a:\n case b:\n  #\n  c\n case d if e:\n  f\ng",
    "@a\nclass B(c, d=e):\n #\nf",
]
SMALL = ["return", "raise y", "x: y", "def f(): pass"]
HEADS = "def f(a: b, c=d, /, e: g = h, *i: j, k: l, m=n, **o: p) -> q: pass   @a\nclass B(c, d, e=f, **g): h   @a\n@b(c)\nasync def f(): g"
WIDE = "f(a, b)(c, d=e, **g)[h, i](*j)   [a, (b, c), {d, e}, [g]]   {a: b, **c, d: {e: g}}   [a for b in c if d if e for g in h if i]"
WIDE += "   lambda a, b=c, *d, e, g=h, **i: j   f'{a!r:{b}}{c}'   a < b < c, d and e and g, [h or i]   a[b:c:d, e:, :g]"


def trees() -> Iterator[ast.Module]:
    """Go through small modules of one function, each statement of the corpus alone and in every block."""
    statements = [f"x = ({text})" for text in (*EXPRESSIONS, *WIDE.split("   "))] + STATEMENTS + HEADS.split("   ")
    for statement in statements:
        yield _function(statement)
    for block in BLOCKS:
        for statement in SMALL:
            margin = block[: block.index("#")].rpartition("\n")[2]
            yield _function(block.replace("#", statement.replace("\n", "\n" + margin)))


def neighbours(tree: ast.Module) -> Iterator[ast.Module]:
    """Go through the trees in which an item has moved to the end or the start of another list, or a child into an empty field."""
    places = _places(tree)
    for source, (_, _, value, sort) in enumerate(places):
        for target, (_, _, other, sort_there) in enumerate(places):
            if source == target or sort != sort_there or value in (None, []) or not isinstance(other, list | None):
                continue
            for last in (True, False):
                copy = deepcopy(tree)
                there = _places(copy)
                if not _is_inside(there[target][0], there[source], last=last):
                    _move(there[source], there[target], last=last)
                    yield copy


def edits(tree: ast.Module) -> Iterator[ast.Module]:
    """Go through the trees that lack one piece of the given one, or have another name or number in one place."""
    for position, (_, field, value, _) in enumerate(_places(tree)):
        if value:
            copy = deepcopy(tree)
            setattr(_places(copy)[position][0], field, value[1:] if isinstance(value, list) else None)
            yield copy
    for position, node in enumerate(ast.walk(tree)):
        for field, (sort, _) in _grammar(type(node)).items():
            value = getattr(node, field)
            if value == [] or getattr(node, "kind", None) is not None:  # nothing to rename; u"...", which only a str can be
                continue
            for other in OTHERS.get(sort, ()):
                copy = deepcopy(tree)
                setattr(list(ast.walk(copy))[position], field, [other, *value[1:]] if isinstance(value, list) else other)
                yield copy


OTHERS: dict[str, tuple[object, ...]] = {
    "identifier": ("another",),
    "int": (7,),
    "constant": ("another", b"another", 7, 7.0, 7j, True, None, ...),
    "operator": (ast.Add(), ast.Sub()),
    "unaryop": (ast.Not(), ast.Invert()),
    "boolop": (ast.And(), ast.Or()),
    "cmpop": (ast.Lt(), ast.NotIn()),
}

SORTS = {"stmt", "expr", "keyword", "pattern", "arg", "excepthandler", "withitem", "comprehension", "match_case", "alias"}
# Bound, as long as another list, or never empty.
FIXED = {("Assign", "targets"), ("Delete", "targets"), ("withitem", "optional_vars"), ("Dict", "keys"), ("Dict", "values")}
FIXED |= {("Compare", "comparators"), ("arguments", "kwonlyargs"), ("arguments", "kw_defaults"), ("MatchMapping", "keys")}
FIXED |= {("MatchMapping", "patterns"), ("MatchClass", "kwd_patterns"), ("JoinedStr", "values")}
FIXED |= {(kind, "generators") for kind in ("ListComp", "SetComp", "DictComp", "GeneratorExp")}

Place = tuple[ast.AST, str, object, str]  # a node, its field, the field's value, the sort of what goes there


def _function(body: str) -> ast.Module:
    return ast.parse("def f():\n pass\n" + "\n".join(" " + line for line in body.splitlines()))


def _places(tree: ast.Module) -> list[Place]:
    """Return every field that may hold any number of trees, or one or none, in a fixed order."""
    found = []
    for node in ast.walk(tree.body[0]):
        for field, (sort, count) in _grammar(type(node)).items():
            if count and sort in SORTS and (type(node).__name__, field) not in FIXED:
                found.append((node, field, getattr(node, field), sort))
    return found


@cache
def _grammar(kind: type[ast.AST]) -> dict[str, tuple[str, str]]:
    """Return what each field of a node class holds and how often ("*", "?" or ""), from the grammar in its docstring."""
    grammar = " ".join((kind.__doc__ or "").split()).partition("(")[2].rpartition(")")[0]
    entries = [entry.split(" ") for entry in grammar.split(", ") if entry]
    return {field: (sort.rstrip("*?"), sort[len(sort.rstrip("*?")) :]) for sort, field in entries}


def _is_inside(node: ast.AST, place: Place, *, last: bool) -> bool:
    moved = place[2]
    item = (moved[-1] if last else moved[0]) if isinstance(moved, list) else moved
    return isinstance(item, ast.AST) and any(below is node for below in ast.walk(item))


def _move(source: Place, target: Place, *, last: bool) -> None:
    node, field, value, _ = source
    if isinstance(value, list):
        item = value.pop(-1 if last else 0)
    else:
        item = value
        setattr(node, field, None)
    there, name, items, _ = target
    if isinstance(items, list):
        items.insert(0 if last else len(items), item)
    else:
        setattr(there, name, item)
