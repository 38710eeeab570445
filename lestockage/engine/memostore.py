"""Memo store: what the engine asks of whatever keeps memos beyond the process.

The engine encodes every key and value; a store keeps bytes, ids and edges, and knows nothing of queries. `DictStore` in
`lestockage.testing` is the slow obvious one.

Invariant at every commit: a row that is not dirty is valid for the stored inputs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import AbstractContextManager

    from lestockage.engine.sharing import LeaseStore


Dep: TypeAlias = "int | tuple[int, bytes]"
"""What a memo read: a node by id, or one side (a facet) of what a node's execution left."""


HASH_LENGTH: Final = 32
"""Digests of this length stand for bytes kept apart; others are the bytes."""


class Row(NamedTuple):
    """One stored node: an input cell, or a memo.

    `digest` is the identity of its value: the encoded bytes themselves when they are few, else their BLAKE3 (`HASH_LENGTH` tells); None for
    no value.
    `deps` is what it read, in order, and `reads` what each came to; they are given when a node is put, and left out when one is read.
    `code` is the id of the code that computed it, `effects` what the execution made beside the value.
    `data` is its encoded value, where the store has it at hand when a node is read; None elsewhere.
    `is_sound` is False for a node whose row was damaged: nothing but its id, and the name and key by which it was found, can be believed.
    """

    id: int
    name: int
    key: bytes
    digest: bytes | None
    changed_at: int
    verified_at: int
    is_dirty: bool = False
    deps: tuple[Dep, ...] = ()
    effects: bytes | None = None
    code: int = 0
    reads: tuple[bytes, ...] | None = None
    data: bytes | None = None
    is_sound: bool = True


class Trace(NamedTuple):
    """What a memo came to in one state of what it reads: its dependencies in order, what each came to, and the result."""

    deps: tuple[Dep, ...]
    reads: tuple[bytes, ...]
    digest: bytes | None
    effects: bytes | None


class Suspect(NamedTuple):
    """A dirty node and a dependency that made it so: the place of its first read, and whether sides of it were read.

    `was_dirty` when the node had been dirty for other reasons already, where the store looked.
    """

    dependent: int
    place: int
    dep: int
    has_sides: bool
    was_dirty: bool = True


class Member(NamedTuple):
    """One stored input: its encoded key, and the ids of its cells."""

    key: bytes
    cells: tuple[int, ...]


class MemoStore(Protocol):
    """Ids are positive and never given twice. Reading needs no transaction; every write happens inside one."""

    def revision(self) -> int:
        """The revision of the stored inputs, 1 in an empty store."""
        ...

    def generation(self) -> int:
        """How many times inputs were changed or memos dirtied, by any process."""
        ...

    def set_generation(self, generation: int) -> None:
        """Record that memos or inputs are written."""
        ...

    def foreign_commits(self) -> int:
        """A number that changes when another process has committed; cheap to ask."""
        ...

    def changed_meanwhile(self) -> Exception:
        """The error for a store that another process has written."""
        ...

    def names(self) -> dict[str, tuple[int, bytes]]:
        """Every stored name with its id and the fingerprint of the code behind it."""
        ...

    def code(self, name: int, fingerprint: bytes) -> int | None:
        """The id of a name's code of that fingerprint; None when nothing was computed with it."""
        ...

    def put_code(self, name: int, fingerprint: bytes) -> int:
        """The id of a name's code of that fingerprint, made when new."""
        ...

    def name(self, name: str) -> tuple[int, bytes] | None:
        """One stored name's id and fingerprint."""
        ...

    def all_name_deps(self) -> Sequence[tuple[int, int]]:
        """Every recorded (dependent, dependency) pair of names."""
        ...

    def name_deps(self, name: int) -> Sequence[int]:
        """The names whose nodes nodes of that name have read."""
        ...

    def find(self, name: int, key: bytes) -> Row | None:
        """The node of a name and key."""
        ...

    def look(self, name: int, key: bytes) -> Row | None:
        """As `find`; others that may be asked for next may be at hand then. Who asks makes sure afterwards that nobody has committed."""
        ...

    def at_hand(self, name: int, key: bytes) -> Row | None:
        """The node of a name and key where it was read together with others, and nothing was written since; None when that is not so.

        Nothing is at hand any more when `foreign_commits` has changed.
        """
        ...

    def read_ahead(self, ids: Sequence[int]) -> None:
        """Those of these nodes that are memos are about to be asked for: a store that can, has them at hand from here; as `look`."""
        ...

    def forget_at_hand(self) -> None:
        """Have nothing at hand any more: something was taken out of the store by other means."""
        ...

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """The nodes of these ids, in any order; those that are gone are left out."""
        ...

    def deps(self, ids: Sequence[int]) -> dict[int, tuple[Dep, ...]]:
        """What these nodes have read, in order, by node."""
        ...

    def suspects(self, node: int) -> list[Suspect]:
        """The dependencies that made a node dirty, in the order in which it read them (0: it is due anyway); then those of the dirty below.

        At least those of the node itself; of every node that is there, all.
        """
        ...

    def traces(self, node: int, code: int) -> list[Trace]:
        """What is known of a memo's results with that code: the present one first, then earlier ones, the latest first."""
        ...

    def present(self, node: int) -> Trace | None:
        """What a memo's row says of its result; None when it does not say what was read."""
        ...

    def put_traces(self, traces: Iterable[tuple[int, int, Trace]]) -> None:
        """Keep results of earlier states, each with its node and code; those beyond a bound go, the oldest first."""
        ...

    def value(self, digest: bytes) -> bytes | None:
        """The encoded value of a digest; None when it is not there, or its bytes do not match."""
        ...

    def members(self, name: int) -> list[Member]:
        """Every stored input of a class."""
        ...

    def member(self, name: int, key: bytes) -> Member | None:
        """One stored input."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """A block whose writes become durable together or not at all; a block inside a block joins it."""
        ...

    def set_revision(self, revision: int) -> None:
        """Record the revision of the inputs."""
        ...

    def put_name(self, name: str, fingerprint: bytes) -> int:
        """The id of a name, made when new; records the fingerprint."""
        ...

    def put_name_deps(self, edges: Iterable[tuple[int, int]]) -> None:
        """Record (dependent, dependency) pairs of names."""
        ...

    @property
    def leases(self) -> LeaseStore:
        """Who is at work on what."""
        ...

    @property
    def is_pinned(self) -> bool:
        """Whether reads see an earlier state, because of `pin`."""
        ...

    def snapshot(self) -> AbstractContextManager[None]:
        """A block whose reads are all of one state; inside a transaction, of that one."""
        ...

    def pin(self) -> bool:
        """Let all reads see the store as it is now, until `unpin`, or until this process writes; False when that is the case already."""
        ...

    def unpin(self) -> None:
        """Let reads see the latest state again."""
        ...

    def new_ids(self, count: int) -> range:
        """Fresh ids for nodes that are about to be put."""
        ...

    def insert(self, rows: Iterable[Row]) -> None:
        """Write nodes whose ids were given just now, with the edges that follow from `deps`."""
        ...

    def update(self, rows: Sequence[Row]) -> None:
        """Write nodes that are there as they are now: edges follow `deps`, suspects are cleared, an earlier result is kept as a trace."""
        ...

    def put_verified(self, ids: Sequence[int], revision: int) -> None:
        """Record that nodes hold in a revision with the value and dependencies that they have; their suspects are cleared."""
        ...

    def put_values(self, values: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep encoded values under their hashes."""
        ...

    def put_members(self, members: Iterable[tuple[int, Member]]) -> None:
        """Record inputs, each with the name of its class."""
        ...

    def delete_member(self, name: int, key: bytes) -> None:
        """Forget an input."""
        ...

    def cone(self, changed: Sequence[int]) -> list[Suspect]:
        """What `sweep` would note; nothing is written."""
        ...

    def put_suspects(self, suspects: Sequence[Suspect]) -> None:
        """Mark nodes dirty because of these dependencies of theirs; what is above them is given too."""
        ...

    def sweep(self, changed: Sequence[int]) -> list[Suspect]:
        """Mark everything above these nodes dirty, noting why; returns what it noted."""
        ...

    def dirty(self, ids: Sequence[int]) -> list[int]:
        """Those of these nodes that are dirty."""
        ...

    def clean(self, names: Sequence[int]) -> list[int]:
        """The nodes of these names that are not dirty."""
        ...

    def has_clean(self, name: int) -> bool:
        """Whether any node of a name is not dirty."""
        ...

    def invalidate(self, ids: Sequence[int]) -> set[int]:
        """Mark nodes as due for execution (their suspect is 0), and everything above dirty; returns every node that has a new suspect."""
        ...

    def sweep_name(self, name: int) -> set[int]:
        """Mark every node of a name as due for execution (its suspect is 0), and everything above dirty; returns as `invalidate` does."""
        ...

    def close(self) -> None:
        """End the use of the store."""
        ...
