"""Results: what a benchmark found, as it is kept in a file: samples, counts, memory, bytes; nothing of the machine but its kind."""

from __future__ import annotations

from statistics import median
from typing import Final

from pydantic import BaseModel, ConfigDict

FORMAT: Final = 1


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Samples(_Frozen):
    """One way over all edits of one kind: an entry for each edit, or for the last alone where a full rebuild was spared.

    `seconds` is processor time, `wall` what a clock on the wall says.
    """

    way: str
    seconds: tuple[float, ...]
    wall: tuple[float, ...]
    executed: tuple[int, ...]
    visited: tuple[int, ...]
    loaded: tuple[int, ...]

    @property
    def median(self) -> float:
        """The middle of the processor times, in seconds."""
        return median(self.seconds)

    @property
    def spread(self) -> tuple[float, float]:
        """The least and the most processor time, in seconds."""
        return min(self.seconds), max(self.seconds)


class KindResult(_Frozen):
    """One kind of edit: what was edited, and what each way took for it; `share` as `world.Edit` has it."""

    kind: str
    share: float | None
    edits: tuple[str, ...]
    ways: tuple[Samples, ...]

    def way(self, name: str) -> Samples | None:
        """The samples of a way, or None when it was not measured."""
        return next((samples for samples in self.ways if samples.way == name), None)


class Memory(_Frozen):
    """What Python allocated in one way for one edit (SQLite's own pages are not counted): most at once, and what is held at the end."""

    way: str
    peak: int
    held: int
    memos: int

    @property
    def per_memo(self) -> float | None:
        """Bytes held for each memo in memory, all that belongs to it included; None when there is none."""
        return self.held / self.memos if self.memos else None


class Disk(_Frozen):
    """The bytes of all files of a way: after the first state, and after every edit of every kind."""

    way: str
    first: int
    last: int


class Table(_Frozen):
    """One comparison: a world, the ways it was asked in, and what was found; all ways agreed after `compared` comparisons."""

    name: str
    digest: str
    facts: dict[str, int]
    kinds: tuple[KindResult, ...]
    memory: tuple[Memory, ...]
    disk: tuple[Disk, ...]
    compared: int

    def kind(self, name: str) -> KindResult | None:
        """The result of a kind of edit, or None when it was not measured."""
        return next((kind for kind in self.kinds if kind.kind == name), None)


class Machine(_Frozen):
    """What kind of machine it was: no name, no path."""

    system: str
    architecture: str
    cores: int
    python: str


class Benchmark(_Frozen):
    """Everything that one run found, with what is needed to run it again."""

    format: int = FORMAT
    command: str
    date: str
    version: str
    commit: str | None
    machine: Machine
    tree: str
    edits: int
    seed: int
    git: str | None
    peers: bool
    tables: tuple[Table, ...]
