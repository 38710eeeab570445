"""Comparison: how two snapshots of a project differ: symbols, with what was measured of them before and after, and the project's totals."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.analytics.evolution.timeline import Timeline
from lestockage.analytics.evolution.trend import trend
from lestockage.languages.facts import Scan, Span, Symbol
from lestockage.languages.symbol_changes import Module, SymbolChange, changed_symbols
from lestockage.store.snapshot_state import degrees_in, differing_files, files_in, nodes_of_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lestockage.analytics.evolution.trend import TrendPoint
    from lestockage.languages.symbol_changes import Place
    from lestockage.store.connection import StoreFile
    from lestockage.store.snapshot_rows import SnapshotRow
    from lestockage.store.snapshot_state import SymbolKey
    from lestockage.store.snapshot_writer import NodeState


class Measures(NamedTuple):
    """What is measured of a symbol in one state: cyclomatic complexity (None for what has none), lines, references to it and from it."""

    complexity: int | None
    lines: int
    incoming: int
    outgoing: int


class ComparedSymbol(NamedTuple):
    """A symbol that differs, with its measures in the states that have it."""

    change: SymbolChange
    before: Measures | None
    after: Measures | None


class Comparison(NamedTuple):
    """Two snapshots; `files` counts those that differ, `failed` are paths that could not be read in one of them: they are left out."""

    old: TrendPoint
    new: TrendPoint
    files: int
    symbols: tuple[ComparedSymbol, ...]
    failed: tuple[str, ...]


def compare(store: StoreFile, old: SnapshotRow, new: SnapshotRow, points: Sequence[TrendPoint] = ()) -> Comparison:
    """Return how the newer of two snapshots of one project differs from the older, whichever was recorded first.

    Symbols are matched as by `changed_symbols`, so a moved or renamed one is told as such. Reads the files that differ, and for the totals
    every interval of the project, unless `points`, the project's `trend`, are given.
    """
    paths = differing_files(store, old, new)
    failed = {file.path for each in (old, new) for file in files_in(store, each) if file.failure is not None}
    compared = [path for path in paths if path not in failed]
    older, newer = (_State(store, each, compared) for each in (old, new))
    symbols = [
        ComparedSymbol(change, older.measures(change.old), newer.measures(change.new))
        for change in changed_symbols(older.modules, newer.modules)
    ]
    totals = {point.snapshot.id: point for point in points or trend(Timeline(store, old.project_id))}
    return Comparison(totals[old.id], totals[new.id], len(paths), tuple(symbols), tuple(path for path in paths if path in failed))


class _State:
    """The files that differ, in one snapshot."""

    def __init__(self, store: StoreFile, snapshot: SnapshotRow, paths: Sequence[str]) -> None:
        self._nodes: dict[SymbolKey, NodeState] = {}
        self.modules: list[Module] = []
        for path in paths:
            nodes = nodes_of_file(store, snapshot, path)
            if nodes:
                self.modules.append(_module(path, nodes))
                self._nodes.update({(path, node.qualified_name, node.ordinal): node for node in nodes})
        self._incoming, self._outgoing = (degrees_in(store, snapshot, paths, incoming=incoming) for incoming in (True, False))

    def measures(self, place: Place | None) -> Measures | None:
        """Return what is measured of the symbol at a place."""
        if place is None:
            return None
        key = (place.path, place.qualified_name, place.ordinal)
        node = self._nodes[key]
        return Measures(node.complexity, node.lines, self._incoming.get(key, 0), self._outgoing.get(key, 0))


def _module(path: str, nodes: Sequence[NodeState]) -> Module:
    """Return a file's symbols as `changed_symbols` takes them; the first one is the module."""
    module = nodes[0].qualified_name
    latest: dict[str, int] = {}  # a name's container is the last one of that name before it
    symbols = []
    for number, node in enumerate(nodes):
        name = node.qualified_name[len(module) + 1 :]
        container = latest[name.rpartition(".")[0]] if number else -1
        symbols.append(
            Symbol(
                name,
                node.ordinal,
                node.node_type,
                container,
                node.signature,
                node.visibility or "public",
                tuple(node.decorators.split("\n")) if node.decorators else (),
                (node.signature or "").startswith("async "),
                node.content_hash,
                node.signature_hash,
                node.body_hash,
                node.docstring_hash,
                has_facts=node.complexity is not None,
            )
        )
        latest[name] = number
    spans = tuple([Span(node.start_line, node.start_column, node.end_line, node.end_column) for node in nodes])
    return Module(path, module, Scan(None, tuple(symbols), spans, (), (), ()))
