"""Node: one vertex of the dependency graph, and the two ends of every edge.

Edges run dependent -> dependency. A node keeps its dependents, a derived node also keeps its dependencies; both ends are written in one
step under the database's lock, so the two always mirror each other (`lestockage.testing.check_invariants`).

Most nodes have one dependent and one dependency, so a single one is kept bare: `None`, the node itself, or a collection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lestockage.engine.table import Table


class _Sentinel:
    """A named constant that equals nothing but itself."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


STALE: Final[Any] = _Sentinel("STALE")
"""What `Memo.value` holds while it must not be served: dirty, evicted, or not computed yet."""
MISSING: Final[Any] = _Sentinel("MISSING")
"""What `Memo.last` holds when there is no earlier result to compare with."""

Many = "None | Node | dict[Node, None]"


class Node:
    """Something that can change and be read.

    `changed_at` is the revision in which the value last changed. `dependents` are the derived nodes that read it.
    `stored` is what the durable store knows of the node, None while it knows nothing.
    """

    __slots__ = ("changed_at", "dependents", "stored")

    changed_at: int
    dependents: Node | dict[Node, None] | None
    stored: Any
    suspects: Node | dict[Node, None] | None = None

    def describe(self) -> str:
        """The node's name as people write it, for events, errors and explanations."""
        raise NotImplementedError


class Derived(Node):
    """A node whose value follows from others.

    `suspects` are the dependencies that turned dirty or changed since the node was last green: None exactly while it is green (or was
    never computed). `verified_at` is the revision in which it was last known to hold, 0 when never.
    """

    __slots__ = ("deps", "suspects", "verified_at")

    verified_at: int
    deps: Node | tuple[Node, ...] | None


class Memo(Derived):
    """What one query returned for one tuple of arguments.

    `value` is the result while green and STALE otherwise: the hit path reads this slot and nothing else. `last` is the latest result,
    kept while dirty so that a new one can be compared with it; MISSING once evicted. Made by `new_memo`: a call of `__init__` would cost as
    much as the rest, and wrappers spell its lines out.
    """

    __slots__ = ("args", "last", "table", "value")

    table: Table
    args: Any
    value: Any
    last: Any

    def describe(self) -> str:
        """See `Node.describe`."""
        return self.table.describe(self.args)

    def __repr__(self) -> str:
        return f"<Memo {self.describe()}>"


def new_memo(table: Table, args: Any) -> Memo:
    """A memo that was never computed."""
    memo = Memo()
    memo.table = table
    memo.args = args
    memo.value = STALE
    memo.last = MISSING
    memo.changed_at = memo.verified_at = 0
    memo.deps = memo.suspects = memo.dependents = memo.stored = None
    return memo


class Facet(Derived):
    """One separately tracked side of what a memo's execution left behind: a tracked field, or its side outputs.

    It is green when its owner is; its owner's execution sets `changed_at`. Readers of one facet do not re-run when another changes.
    `about` is the struct whose field it is, or the memo that was specified; None for a side of the execution itself. `digest` is what a
    store calls the value, None until it was asked.
    """

    __slots__ = ("about", "digest", "name", "value")

    def __init__(self, owner: Memo, name: str, value: Any, changed_at: int, about: Any = None) -> None:  # what a side is
        self.deps = owner
        self.about = about
        self.digest: bytes | None = None
        self.name = name
        self.value = value
        self.changed_at = changed_at
        self.verified_at = changed_at
        self.suspects = None
        self.dependents = None
        self.stored = None

    @property
    def owner(self) -> Memo:
        """The memo whose execution sets this facet."""
        owner = self.deps
        assert isinstance(owner, Memo)  # noqa: S101  # set once, in __init__
        return owner

    def describe(self) -> str:
        """See `Node.describe`."""
        return f"{self.name} of {self.owner.describe()}"


class Cell(Node):
    """A value that is set from outside: one field of one input, or a fact about which inputs there are.

    `before` is the value and `changed_at` that the latest change replaced, for as long as nobody may have looked: going back takes the
    change back. `digest` is what a store calls the value, None until it was asked.
    """

    __slots__ = ("before", "digest", "name", "owner", "value")

    def __init__(self, owner: Any, name: str, value: Any, changed_at: int) -> None:
        self.owner = owner
        self.name = name
        self.value = value
        self.before: tuple[Any, int] | None = None
        self.digest: bytes | None = None
        self.changed_at = changed_at
        self.dependents = None
        self.stored = None

    def describe(self) -> str:
        """See `Node.describe`."""
        return f"{self.owner!r}.{self.name}" if self.name else repr(self.owner)

    def __repr__(self) -> str:
        return f"<Cell {self.describe()}>"


def each(nodes: Node | Iterable[Node] | None) -> Iterator[Node]:
    """The nodes of an edge list in whichever of its three forms it is kept."""
    if nodes is None:
        return iter(())
    if isinstance(nodes, Node):
        return iter((nodes,))
    return iter(nodes)


def add(nodes: Node | dict[Node, None] | None, node: Node) -> Node | dict[Node, None]:
    """An edge list with one more node (itself when already there)."""
    if nodes is None or nodes is node:
        return node
    if type(nodes) is dict:
        nodes[node] = None
        return nodes
    return {nodes: None, node: None}  # type: ignore[dict-item]  # a bare node, by exclusion


def discard(nodes: Node | dict[Node, None] | None, node: Node) -> Node | dict[Node, None] | None:
    """An edge list without that node; shrinks back to the bare form so that a long life does not cost memory."""
    if nodes is node:
        return None
    if type(nodes) is dict:
        nodes.pop(node, None)
        if len(nodes) == 1:
            return next(iter(nodes))
        return nodes or None
    return nodes
