"""Written rows: how many rows a write inserted, updated and deleted."""

from __future__ import annotations


class WrittenRows:
    """Counts of one `IntelWriter`; all zero when what was wanted was stored already.

    A *moved* node changed its position only, a *marked* one only whether it is stale.
    """

    __slots__ = (
        "edges_deleted",
        "edges_inserted",
        "edges_updated",
        "nodes_deleted",
        "nodes_inserted",
        "nodes_marked",
        "nodes_moved",
        "nodes_updated",
    )

    def __init__(self) -> None:
        self.nodes_inserted = 0
        self.nodes_updated = 0
        self.nodes_moved = 0
        self.nodes_marked = 0
        self.nodes_deleted = 0
        self.edges_inserted = 0
        self.edges_updated = 0
        self.edges_deleted = 0

    @property
    def total(self) -> int:
        """How many rows were written in all."""
        return sum(self.as_dict().values())

    def as_dict(self) -> dict[str, int]:
        """Return the counts by name."""
        return {name: getattr(self, name) for name in self.__slots__}

    def __repr__(self) -> str:
        counts = ", ".join(f"{name}={count}" for name, count in self.as_dict().items() if count)
        return f"WrittenRows({counts})"
