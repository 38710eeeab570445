"""Touched: what of a module differs between two versions of its source, as far as it can change what other code does.

Definitions are told apart by the hash of their own syntax, so comments, layout, docstrings and moves touch nothing. A module's own
statements are compared one by one: those that only bind names (assignments, imports) touch these names, all others what importing runs.
"""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from lestockage.languages.facts import is_anonymous
from lestockage.languages.python.survey import parse
from lestockage.languages.python.syntax import read

if TYPE_CHECKING:
    from lestockage.languages.facts import Scan


class Touched(NamedTuple):
    """The difference: names are dotted within the module.

    `changed` are definitions that are new or other than they were, `deleted` those that are gone, `rebound` are names that the module's own
    statements bind otherwise now; `runs_anew`: importing the module does something else.
    """

    changed: frozenset[str]
    deleted: frozenset[str]
    rebound: frozenset[str]
    runs_anew: bool


def touched(old: bytes | None, new: bytes | None) -> Touched:
    """Compare two versions of a file; None: there is no such version. A version that can't be parsed differs in everything."""
    before, after = (definitions(parse(source).scan) if source is not None else {} for source in (old, new))
    changed, deleted = compare(before, after)
    rebound, runs_anew = _statements(old, new)
    return Touched(changed, deleted, rebound, runs_anew)


Definitions = dict[tuple[str, int], tuple[str, bytes]]
"""The kind and hash of each function and class of a file, by name within the module and ordinal."""


def definitions(scan: Scan) -> Definitions:
    """Return the functions and classes of a file."""
    return {
        (symbol.name, symbol.ordinal): (symbol.kind, symbol.content_hash)
        for symbol in scan.symbols
        if symbol.kind not in {"module", "variable"}
    }


def compare(before: Definitions, after: Definitions) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of definitions that changed or are new, and of those that are gone.

    A function that another one holds may be run by whoever gets it from there, so a function counts as changed with what it holds, and
    whatever holds a lambda with that.
    """
    changed = {name for (name, ordinal), digest in after.items() if before.get((name, ordinal)) != digest}
    names = {name for name, _ in after}
    functions = {name for (name, _), (kind, _) in after.items() if kind != "class"}
    deleted = {name for name, _ in before} - names
    changed |= {name for name, ordinal in before.keys() - after.keys() if name in names}
    for name in [*changed, *deleted]:
        inner, holder = name, name.rpartition(".")[0]
        while holder:
            if holder in functions or is_anonymous(inner):
                changed.add(holder)
            inner, holder = holder, holder.rpartition(".")[0]
    return frozenset(changed), frozenset(deleted)


def _statements(old: bytes | None, new: bytes | None) -> tuple[frozenset[str], bool]:
    """Return the names that a module's own statements bind otherwise, and whether other statements differ."""
    trees = [ast.Module([], []) if source is None else read(source) for source in (old, new)]
    bodies = []
    for tree in trees:
        if not isinstance(tree, ast.Module):
            return frozenset(), True
        own = [node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
        bodies.append([node for node in own if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))])
    dumps = [[ast.dump(node) for node in body] for body in bodies]
    counts = [Counter(dump) for dump in dumps]
    if counts[0] == counts[1]:
        return frozenset(), dumps[0] != dumps[1]
    names: set[str] = set()
    runs_anew = False
    for body, texts, kept in zip(bodies, dumps, [counts[1], counts[0]], strict=True):
        for node, text in zip(body, texts, strict=True):
            if not kept[text]:
                bound = _bound(node)
                runs_anew |= bound is None
                names |= bound or set()
    return frozenset(names), runs_anew


def _bound(node: ast.stmt) -> set[str] | None:
    """Return the names that a statement binds and does nothing else; None for any other statement."""
    match node:
        case ast.Import(names=aliases):
            return {(alias.asname or alias.name).partition(".")[0] for alias in aliases}
        case ast.ImportFrom(names=aliases) if all(alias.name != "*" for alias in aliases):
            return {alias.asname or alias.name for alias in aliases}
        case ast.Assign(targets=targets) if all(isinstance(target, ast.Name) for target in targets):
            return {target.id for target in targets if isinstance(target, ast.Name)}
        case ast.AnnAssign(target=ast.Name(id=name)):
            return {name}
        case _:
            return None
