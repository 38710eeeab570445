"""Symbol changes: how the symbols of one state of a source tree differ from those of another.

Symbols are matched in three steps, each of which takes what the one before has left:

1. those of one file by name and ordinal;
2. those with one kind of body elsewhere: the same body hash means moved, renamed, or both;
3. the members of what was matched in step 2, by their names within it.

A body that says nothing (`pass`, `...`, a docstring alone, one constant returned) is no evidence: it is matched elsewhere only where the
whole definition is the same, its name included. Lambdas, whose names are numbers, are no symbols here: they are part of the body of what
holds them.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from lestockage.languages.facts import is_anonymous
from lestockage.languages.python.digest import digest
from lestockage.languages.python.survey import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lestockage.languages.facts import Scan, Symbol

ADDED: Final = "added"
REMOVED: Final = "removed"
MODIFIED: Final = "modified"
MOVED: Final = "moved"  # to another file or container
RENAMED: Final = "renamed"  # and possibly moved, too


class Module(NamedTuple):
    """One file of a state: its path, its module's dotted name, and what it defines."""

    path: str
    name: str
    scan: Scan


class Place(NamedTuple):
    """A symbol in one of the states; `line` is where it begins, from 1."""

    path: str
    qualified_name: str
    ordinal: int
    line: int


class SymbolChange(NamedTuple):
    """One symbol that differs.

    `change` is "added", "removed", "modified", "moved" or "renamed"; `kind` that of the newer symbol, or of the older one if there is none.
    `parts` are what differs beside its place and name: any of "kind", "signature", "body" and "docstring", in this order. `is_from_members`
    says that a class or module differs in its body only, and that members of it are listed too, which may be all there is to it.
    """

    change: str
    kind: str
    old: Place | None
    new: Place | None
    parts: tuple[str, ...]
    is_from_members: bool


class _Entry:
    """One symbol of one state."""

    __slots__ = ("body", "children", "container", "module", "number", "place", "symbol")

    def __init__(self, module: Module, number: int, container: _Entry | None) -> None:
        self.module = module
        self.number = number
        self.symbol: Symbol = module.scan.symbols[number]
        self.container = container
        self.body = self.symbol.body_hash  # and the lambdas in it
        self.children: list[_Entry] = []
        name = f"{module.name}.{self.symbol.name}" if self.symbol.name else module.name
        self.place = Place(module.path, name, self.symbol.ordinal, module.scan.spans[number].line)

    @property
    def name(self) -> str:
        """The last part of its name; a module's is that of its dotted name."""
        return self.place.qualified_name.rpartition(".")[2]

    @property
    def family(self) -> str:
        """The kind, as far as a symbol can keep its identity under another: a function that becomes a method is the same function."""
        return "function" if self.symbol.kind == "method" else self.symbol.kind


_Pairs = dict[_Entry, _Entry]  # newer symbol -> older one


def changed_symbols(old: Iterable[Module], new: Iterable[Module]) -> tuple[SymbolChange, ...]:
    """Return what differs between two states, by path and line of the newer place, or of the older one where there is no newer.

    Files that are the same in both states may be left out; nothing is found to have moved to or from them, which nothing can have. A file
    that could not be read has a scan without symbols, so everything it had would count as removed: leave it out of both states.
    """
    older, newer = (list(_entries(modules)) for modules in (old, new))
    pairs = _in_place(older, newer)
    _elsewhere(older, newer, pairs)
    taken = set(pairs.values())
    changes = [_change(each, None) for each in older if each not in taken]
    changed: set[_Entry] = {each.container for each in older if each not in taken and each.container is not None}
    compared = []
    for each in newer:
        before = pairs.get(each)
        found = _change(before, each)
        if found.change == MODIFIED and not found.parts:
            continue
        if before is not None and found.change == MOVED and _went_along(each, before, pairs):
            if not found.parts:
                continue
            found = found._replace(change=MODIFIED)
        compared.append((each, before, found))
        changed.update(entry.container for entry in (each, before) if entry is not None and entry.container is not None)
    for each, before, found in compared:
        explained = found.parts == ("body",) and found.kind in ("class", "module") and (each in changed or before in changed)
        changes.append(found._replace(is_from_members=explained))
    return tuple(sorted(changes, key=_order))


def _order(change: SymbolChange) -> tuple[str, int, str, int]:
    place = change.new or change.old
    assert place is not None  # noqa: S101  # a change has one of them
    return place.path, place.line, place.qualified_name, place.ordinal


def _entries(modules: Iterable[Module]) -> Iterator[_Entry]:
    """Yield every symbol, containers before what they contain."""
    for module in sorted(modules, key=lambda each: each.path):
        made: list[_Entry] = []
        for number, symbol in enumerate(module.scan.symbols):
            container = made[symbol.container] if symbol.container >= 0 else None
            if container is not None and is_anonymous(symbol.name):
                container.body = digest((container.body.hex(), symbol.content_hash.hex()))
                made.append(container)
                continue
            entry = _Entry(module, number, container)
            if container is not None:
                container.children.append(entry)
            made.append(entry)
        yield from dict.fromkeys(made)


def _in_place(older: Sequence[_Entry], newer: Sequence[_Entry]) -> _Pairs:
    """Match by file, name and ordinal. A module whose file stays is the same module."""
    known = {(each.module.path, each.symbol.name, each.symbol.ordinal): each for each in older}
    found = {each: known.get((each.module.path, each.symbol.name, each.symbol.ordinal)) for each in newer}
    return {each: before for each, before in found.items() if before is not None}


def _elsewhere(older: Sequence[_Entry], newer: Sequence[_Entry], pairs: _Pairs) -> None:
    """Match what is left by its body, outermost first, and the members of what is matched so by their names."""
    taken = set(pairs.values())
    by_body: dict[tuple[str, bytes], list[_Entry]] = {}
    for each in older:
        if each not in taken:
            by_body.setdefault((each.family, each.body), []).append(each)
    for each in sorted(newer, key=_depth):
        if each in pairs:
            continue
        same = by_body.get((each.family, each.body), ())
        candidates = [before for before in same if before not in taken and _is_same(before, each)]
        if candidates:
            _take(each, max(candidates, key=lambda before: _likeness(before, each)), pairs, taken)


def _depth(entry: _Entry) -> int:
    return 0 if entry.container is None else entry.symbol.name.count(".") + 1


def _take(entry: _Entry, before: _Entry, pairs: _Pairs, taken: set[_Entry]) -> None:
    """Match two symbols, and their members of one name with each other."""
    pending = [(entry, before)]
    while pending:
        new, old = pending.pop()
        pairs[new] = old
        taken.add(old)
        members = {(each.name, index): each for each, index in _numbered(old.children) if each not in taken}
        for each, index in _numbered(new.children):
            member = members.get((each.name, index))
            if each not in pairs and member is not None and member.family == each.family:
                pending.append((each, member))


def _numbered(members: Sequence[_Entry]) -> list[tuple[_Entry, int]]:
    """Return members with their order among those of the same name."""
    counts: dict[str, int] = {}
    found = []
    for each in members:
        counts[each.name] = counts.get(each.name, -1) + 1
        found.append((each, counts[each.name]))
    return found


def _is_same(before: _Entry, after: _Entry) -> bool:
    """Tell whether equal bodies are evidence enough: a variable or an empty body needs its name and signature too."""
    if before.symbol.kind == "variable" or before.symbol.body_hash in _empty_bodies():
        return before.name == after.name and before.symbol.signature_hash == after.symbol.signature_hash
    return True


def _likeness(before: _Entry, after: _Entry) -> tuple[bool, bool, bool, bool]:
    """Order candidates: an equal definition first, then one of the same name, in the same file, with the same docstring."""
    return (
        before.symbol.content_hash == after.symbol.content_hash,
        before.name == after.name,
        before.module.path == after.module.path,
        before.symbol.docstring_hash == after.symbol.docstring_hash,
    )


@cache
def _empty_bodies() -> frozenset[bytes]:
    """Return the hashes of bodies that say nothing about what they belong to."""
    statements = ("pass", "...", "return", "return None", "return True", "return False", "return self", "raise NotImplementedError")
    heads = ("def f(self):", "async def f(self):", "class f:")
    sources = [f"{head}\n {statement}\n" for head in heads for statement in ("'doc'", *statements)]
    return frozenset([symbol.body_hash for source in ["", *sources] for symbol in parse(source.encode()).scan.symbols[-1:]])


def _change(before: _Entry | None, after: _Entry | None) -> SymbolChange:
    if before is None or after is None:
        known = before or after
        assert known is not None  # noqa: S101  # one of them is given
        change = ADDED if before is None else REMOVED
        old, new = (None if each is None else each.place for each in (before, after))
        return SymbolChange(change, known.symbol.kind, old, new, (), is_from_members=False)
    if before.place.path == after.place.path and before.symbol.name == after.symbol.name:
        change = MODIFIED
    else:
        change = MOVED if before.name == after.name else RENAMED
    return SymbolChange(change, after.symbol.kind, before.place, after.place, _parts(before, after), is_from_members=False)


def _parts(before: _Entry, after: _Entry) -> tuple[str, ...]:
    """Return what differs, the name aside."""
    old, new = before.symbol, after.symbol
    differs = {
        "kind": before.family != after.family,
        "signature": _heading(before) != _heading(after) if before.name != after.name else old.signature_hash != new.signature_hash,
        "body": before.body != after.body,
        "docstring": old.docstring_hash != new.docstring_hash,
    }
    if old.kind != new.kind and _heading(before) == _heading(after):
        differs["signature"] = False  # a function that became a method
    return tuple([part for part, is_other in differs.items() if is_other])


def _heading(entry: _Entry) -> tuple[object, ...]:
    """Return how a symbol is used, without its name."""
    symbol = entry.symbol
    before, _, after = (symbol.signature or "").partition(f" {entry.name}")
    return (before, after, symbol.decorators, symbol.is_async)


def _went_along(after: _Entry, before: _Entry, pairs: _Pairs) -> bool:
    """Tell whether a symbol has another place only because what contains it has."""
    return after.container is not None and pairs.get(after.container) is before.container
