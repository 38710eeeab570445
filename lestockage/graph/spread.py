"""Spread: how far a change travels, frontier by frontier: only rows of what it reaches, and of the edges into that, are read.

From a node that a change reaches it travels

- to whoever calls it, inherits from it, or reads it (a variable or attribute);
- to the variables and attributes that it writes;
- to a method of a base class that it overrides: a call written against the base may run it (constructors are not dispatched so);
- from a lambda to what holds it, which hands it to code that nobody may know;
- to whoever imports it, and no further: names that are imported on are resolved by the index, so each user has an edge to the definition
  itself. Only where a module's own statements have changed (`loading`) does every module that imports it run them, and so on.

All of it goes across projects: what stands for a node in another project's code is gone on from like the node itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lestockage.graph.reach import Reach, Reached
from lestockage.languages.facts import is_anonymous
from lestockage.store.external_refs import standing_for, symbols_behind
from lestockage.store.frontier_rows import edges_into, edges_out_of, nodes_by_id, nodes_by_identity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lestockage.store.connection import StoreFile
    from lestockage.store.edge_rows import EdgeRow
    from lestockage.store.node_rows import NodeRow

_RELATIONS: Final = {"call": "calls", "inheritance": "inherits from", "data_dependency": "reads", "import": "imports"}
_TYPES: Final = tuple(_RELATIONS)
ONLY_WRITES: Final = "write"
"""The provenance of a data dependency that is no read: the change travels from the caller to what it writes, and not back."""
_WRITES: Final = frozenset({ONLY_WRITES, "read write"})
_NOT_DISPATCHED: Final = frozenset({"__init__", "__new__", "__init_subclass__", "__class_getitem__"})


class Spread:
    """A change on its way; give it its sources with `start`, and let it `run`. Both may be repeated."""

    __slots__ = ("_ancestors", "_found", "_frontier", "_leaves", "_loading", "_store", "rows_read")

    def __init__(self, store: StoreFile) -> None:
        self._store = store
        self._found: dict[int, Reached] = {}
        self._frontier: dict[int, None] = {}
        self._leaves: set[int] = set()
        self._loading: set[int] = set()
        self._ancestors: dict[int, list[NodeRow]] = {}
        self.rows_read = 0

    def start(self, nodes: Iterable[NodeRow], *, is_whole: bool = True, is_loading: bool = False) -> None:
        """Take nodes as changed: with `is_whole` all that they contain too, with `is_loading` as code that whoever imports them runs."""
        given = list(nodes)
        for node in given:
            self._reach(Reached(node, 0, "", None, None))
        if is_loading:
            self._loading.update(node.id for node in given)
        containers = {node.id for node in given if node.node_type not in {"variable", "external"}}
        while is_whole and containers:
            held: dict[int, EdgeRow] = {row[1]: row for row in self._out_of(containers, "containment")}
            inner = self._nodes(held.keys() - self._found.keys())
            for node in inner:
                row = held[node.id]
                self._reach(Reached(node, 0, "is part of", row[0], row))
            containers = {node.id for node in inner if node.node_type not in {"variable", "external"}}

    def join(self, node: NodeRow, relation: str, cause: int) -> None:
        """Take a node as reached from `cause`, which is, by a relation that no edge of the tables shows."""
        self._reach(Reached(node, self._found[cause].distance + 1, relation, cause, None))

    def run(self, depth: int | None = None) -> Reach:
        """Let the change travel, at most `depth` steps from its sources (None: as far as it goes), and return all that it reached."""
        while self._frontier:
            frontier, self._frontier = self._frontier, {}
            steps = [node_id for node_id in frontier if depth is None or self._found[node_id].distance < depth]
            if steps:
                self._step(steps)
        return self.reach

    @property
    def reach(self) -> Reach:
        """All that was reached so far."""
        return Reach(self._found, self.rows_read)

    def is_affected(self, node_id: int) -> bool:
        """Tell whether a node behaves otherwise: it was reached, and by more than an import of a name that it may not use."""
        return node_id in self._found and node_id not in self._leaves

    def _reach(self, reached: Reached, *, is_leaf: bool = False) -> None:
        """Record a node, unless it is known; one that was known to import only is gone on from when something better leads to it."""
        node_id = reached.node.id
        if node_id in self._found:
            if is_leaf or node_id not in self._leaves:
                return
            self._leaves.discard(node_id)
        self._found[node_id] = reached
        if is_leaf:
            self._leaves.add(node_id)
        else:
            self._frontier[node_id] = None

    def _step(self, frontier: list[int]) -> None:
        """Go one step on from some nodes."""
        links: dict[int, tuple[str, int, EdgeRow, bool]] = {}
        # Other projects refer to a node through external nodes of their own, which stand for it.
        meant = {external: symbol for symbol, external in standing_for(self._store, frontier)}
        incoming = edges_into(self._store, [*frontier, *meant], _TYPES)
        self.rows_read += len(incoming) + len(meant)
        # The surest edge is the one to tell of, imports after all others.
        for row in sorted(incoming, key=lambda row: (row[2] == "import", -row[5], row[:5])):
            if row[2] == "data_dependency" and row[6] == ONLY_WRITES:
                continue
            callee = meant.get(row[1], row[1])
            is_leaf = row[2] == "import" and callee not in self._loading
            links.setdefault(row[0], (_RELATIONS[row[2]], callee, row, is_leaf))
        for row in self._out_of(frontier, "data_dependency"):
            if row[6] in _WRITES and (row[1] not in links or links[row[1]][3]):  # being set is more than importing a name
                links[row[1]] = ("is set by", row[0], row, False)
        known = self._found.keys() - self._leaves
        nodes = self._nodes(links.keys() - known - self._leaves)
        nodes += [self._found[node_id].node for node_id in links.keys() & self._leaves]
        for node in sorted(nodes):
            relation, cause, row, is_leaf = links[node.id]
            self._reach(Reached(node, self._found[cause].distance + 1, relation, cause, row), is_leaf=is_leaf)
        self._load(incoming, meant)
        reached = [self._found[node_id].node for node_id in frontier]
        self._overridden(reached)
        self._holding([node.id for node in reached if is_anonymous(node.symbol_name)])

    def _load(self, incoming: Iterable[EdgeRow], meant: dict[int, int]) -> None:
        """Take modules that import what runs anew as running anew too; one that was gone on from before is gone on from again."""
        for caller, callee, edge_type, *_ in incoming:
            is_running = edge_type == "import" and meant.get(callee, callee) in self._loading and caller not in self._loading
            if is_running and self._found[caller].node.node_type == "module":
                self._loading.add(caller)
                self._frontier[caller] = None

    def _holding(self, lambdas: list[int]) -> None:
        """Reach what holds some lambdas."""
        if not lambdas:
            return
        holders = {row[0]: row[1] for row in self._into(lambdas, "containment")}
        for node in sorted(self._nodes(holders)):
            self.join(node, "holds", holders[node.id])

    def _overridden(self, nodes: list[NodeRow]) -> None:
        """Reach the methods of base classes that some nodes override."""
        methods = {node.id: node for node in nodes if node.node_type == "method" and node.symbol_name not in _NOT_DISPATCHED}
        if not methods:
            return
        classes = {row[1]: row[0] for row in self._into(methods, "containment")}
        self._find_ancestors(set(classes.values()))
        wanted: dict[tuple[int, str, str], int] = {}
        for method_id, class_id in classes.items():
            for base in self._ancestors[class_id]:
                if base.file_path is not None:
                    wanted.setdefault(
                        (base.project_id, base.file_path, f"{base.qualified_name}.{methods[method_id].symbol_name}"), method_id
                    )
        if not wanted:
            return
        found = nodes_by_identity(self._store, wanted)
        self.rows_read += len(found)
        for node in found:
            assert node.file_path is not None  # noqa: S101  # it was asked for by its file
            self.join(node, "is overridden by", wanted[node.project_id, node.file_path, node.qualified_name])

    def _find_ancestors(self, classes: set[int]) -> None:
        """Read the classes that some classes inherit from, however far up, for those of which they are not known."""
        unknown = classes - self._ancestors.keys()
        bases: dict[int, set[int]] = {}
        frontier = set(unknown)
        while frontier:
            bases.update({class_id: set() for class_id in frontier})
            rows_up = self._out_of(frontier, "inheritance")
            behind = symbols_behind(self._store, {row[1] for row in rows_up})
            self.rows_read += len(behind)
            for row in rows_up:
                bases[row[0]].add(behind.get(row[1], row[1]))
            frontier = {base for found in bases.values() for base in found} - bases.keys()
        rows = {node.id: node for node in self._nodes(set(bases) - unknown)}
        rows.update({node.id: node for node in self._nodes({base for found in bases.values() for base in found} & unknown)})
        for class_id in unknown:
            above: dict[int, None] = {}
            pending = sorted(bases[class_id])
            while pending:
                base = pending.pop()
                if base not in above and base != class_id:
                    above[base] = None
                    pending += sorted(bases[base])
            self._ancestors[class_id] = [rows[base] for base in above]

    def _nodes(self, ids: Iterable[int]) -> list[NodeRow]:
        wanted = set(ids)
        found = nodes_by_id(self._store, wanted) if wanted else []
        self.rows_read += len(found)
        return found

    def _into(self, ids: Iterable[int], edge_type: str) -> list[EdgeRow]:
        rows = edges_into(self._store, ids, (edge_type,))
        self.rows_read += len(rows)
        return rows

    def _out_of(self, ids: Iterable[int], edge_type: str) -> list[EdgeRow]:
        rows = edges_out_of(self._store, ids, (edge_type,))
        self.rows_read += len(rows)
        return rows
