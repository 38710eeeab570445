"""Dictionary store: the `MemoStore` protocol in plain dictionaries, slow and obvious: what every other store must agree with.

```python
data = DictData()
with database_over(DictStore(data)) as db:
    total(db)
with database_over(DictStore(data)) as db:   # opened again: nothing runs
    total(db)
```

A transaction works on a copy of everything, which takes the place of the original when it ends well. Reverse edges are looked for among all
nodes. Nothing is checked that the protocol leaves to the engine, but that writes happen inside a transaction.
"""

from __future__ import annotations

import copy
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from blake3 import blake3

from lestockage.database import Database
from lestockage.engine.memostore import HASH_LENGTH, Member, Row, Suspect, Trace
from lestockage.errors import StoreChanged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from lestockage.engine.events import Event
    from lestockage.engine.memostore import Dep, MemoStore

_KEPT: Final = 16
"""Results of earlier states of one memo."""
_DUE: Final = -1
"""The place of the suspect of a node that is due in any case."""


class _Contents:
    """What a store holds at one moment."""

    def __init__(self) -> None:
        self.revision = 1
        self.generation = 0
        self.next_id = 1
        self.names: dict[str, tuple[int, bytes]] = {}
        self.name_deps: set[tuple[int, int]] = set()
        self.codes: dict[tuple[int, bytes], int] = {}
        self.nodes: dict[int, Row] = {}
        self.suspects: dict[int, dict[int, tuple[int, bool]]] = {}
        """For a dirty node, by the place of its first read: the dependency, and whether sides of it were read."""
        self.traces: dict[int, list[tuple[int, Trace]]] = {}
        """Results of earlier states with their codes, the latest last."""
        self.values: dict[bytes, bytes] = {}
        self.members: dict[tuple[int, bytes], Member] = {}


class DictData:
    """What stores that are opened on it share, as they would a file."""

    def __init__(self) -> None:
        self.contents = _Contents()
        self.commits: dict[int, int] = {}
        """How often each store has committed, by its number."""
        self.leases: dict[bytes, int] = {}
        self.open: set[int] = set()
        self.lock = threading.RLock()


class DictLeases:
    """Who is at work on what among the stores on one `DictData`."""

    def __init__(self, data: DictData, holder: int) -> None:
        self._data = data
        self._holder = holder

    def clock(self) -> float:
        """Return seconds of a clock that only runs on."""
        return time.perf_counter()

    def pause(self, turn: int) -> None:
        """Wait before the next look, the longer the more often one has looked."""
        time.sleep(min(0.0005 * 2**turn, 0.008))

    def has_others(self) -> bool:
        """Tell whether another store is open."""
        return len(self._data.open) > 1

    def take(self, what: bytes) -> bool:
        """Take the lease on a piece of work, unless another holds it."""
        return self._data.leases.setdefault(what, self._holder) == self._holder

    def is_held(self, what: bytes) -> bool:
        """Tell whether another holds the lease."""
        return self._data.leases.get(what, self._holder) != self._holder

    def drop(self, what: bytes) -> None:
        """Give a lease back."""
        if self._data.leases.get(what) == self._holder:
            del self._data.leases[what]


class DictStore:
    """A memo store in memory; satisfies `lestockage.engine.memostore.MemoStore`."""

    def __init__(self, data: DictData | None = None) -> None:
        self._data = DictData() if data is None else data
        with self._data.lock:
            self._number = len(self._data.commits)
            self._data.commits[self._number] = 0
            self._data.open.add(self._number)
        self._written: _Contents | None = None
        """What the open transaction has made of everything."""
        self._seen: _Contents | None = None
        """What reads see, where that is an earlier state."""
        self.leases = DictLeases(self._data, self._number)
        self.rows_read = 0

    @property
    def _contents(self) -> _Contents:
        return self._written or self._seen or self._data.contents

    @property
    def _open_contents(self) -> _Contents:
        if self._written is None:
            msg = "a write outside of a transaction"
            raise RuntimeError(msg)
        return self._written

    # -- transactions

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Return a block whose writes become durable together or not at all; a block inside a block joins it."""
        if self._written is not None:
            before = copy.deepcopy(self._written)
            try:
                yield
            except BaseException:
                self._written = before
                raise
            return
        with self._data.lock:
            self._seen = None
            self._written = copy.deepcopy(self._data.contents)
            try:
                yield
                if vars(self._written) != vars(self._data.contents):
                    self._data.contents = self._written
                    self._data.commits[self._number] += 1
            finally:
                self._written = None

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Return a block whose reads are all of one state; inside a transaction, of that one."""
        before = self._seen
        self._seen = before or self._data.contents
        try:
            yield
        finally:
            self._seen = before

    @property
    def is_pinned(self) -> bool:
        """Whether reads see an earlier state, because of `pin`."""
        return self._seen is not None

    def pin(self) -> bool:
        """Let all reads see the store as it is now."""
        if self._written is not None or self._seen is not None:
            return False
        self._seen = self._data.contents  # which is never written, but replaced
        return True

    def unpin(self) -> None:
        """Let reads see the latest state again."""
        self._seen = None

    def foreign_commits(self) -> int:
        """Return a number that changes when another store has committed; none is noticed while reads see an earlier state."""
        if self._seen is not None:
            return self._foreign
        self._foreign = sum(commits for number, commits in self._data.commits.items() if number != self._number)
        return self._foreign

    _foreign = 0

    def changed_meanwhile(self) -> Exception:
        """Return the error for a store that another has written."""
        return StoreChanged("a dictionary")

    def close(self) -> None:
        """End the use of the store."""
        with self._data.lock:
            self._data.open.discard(self._number)
            for what in [what for what, holder in self._data.leases.items() if holder == self._number]:
                del self._data.leases[what]

    # -- counters and names

    def revision(self) -> int:
        """Return the revision of the stored inputs."""
        return self._contents.revision

    def set_revision(self, revision: int) -> None:
        """Record the revision of the inputs."""
        self._open_contents.revision = revision

    def generation(self) -> int:
        """Return how many times inputs were changed or memos dirtied."""
        return self._contents.generation

    def set_generation(self, generation: int) -> None:
        """Record that memos or inputs are written."""
        self._open_contents.generation = generation

    def new_ids(self, count: int) -> range:
        """Return fresh ids."""
        contents = self._open_contents
        first = contents.next_id
        contents.next_id += count
        return range(first, first + count)

    def names(self) -> dict[str, tuple[int, bytes]]:
        """Return every stored name with its id and fingerprint."""
        return dict(self._contents.names)

    def name(self, name: str) -> tuple[int, bytes] | None:
        """Return one stored name's id and fingerprint."""
        return self._contents.names.get(name)

    def put_name(self, name: str, fingerprint: bytes) -> int:
        """Return the id of a name, made when new; records the fingerprint."""
        names = self._open_contents.names
        number = names[name][0] if name in names else len(names) + 1
        names[name] = number, fingerprint
        return number

    def code(self, name: int, fingerprint: bytes) -> int | None:
        """Return the id of a name's code of that fingerprint."""
        return self._contents.codes.get((name, fingerprint))

    def put_code(self, name: int, fingerprint: bytes) -> int:
        """Return the id of a name's code of that fingerprint, made when new."""
        codes = self._open_contents.codes
        return codes.setdefault((name, fingerprint), len(codes) + 1)

    def all_name_deps(self) -> Sequence[tuple[int, int]]:
        """Return every recorded (dependent, dependency) pair of names."""
        return sorted(self._contents.name_deps)

    def name_deps(self, name: int) -> Sequence[int]:
        """Return the names whose nodes nodes of that name have read."""
        return [dep for dependent, dep in sorted(self._contents.name_deps) if dependent == name]

    def put_name_deps(self, edges: Iterable[tuple[int, int]]) -> None:
        """Record (dependent, dependency) pairs of names."""
        self._open_contents.name_deps.update(edges)

    # -- nodes

    def find(self, name: int, key: bytes) -> Row | None:
        """Return the node of a name and key."""
        found = [row for row in self._contents.nodes.values() if (row.name, row.key) == (name, key)]
        self.rows_read += len(found)
        return _as_read(found[0]) if found else None

    def look(self, name: int, key: bytes) -> Row | None:
        """Return the node of a name and key."""
        return self.find(name, key)

    def forget_at_hand(self) -> None:
        """Do nothing: nothing is."""

    def at_hand(self, name: int, key: bytes) -> Row | None:
        """Return None: everything is looked for."""
        del name, key
        return None

    def read_ahead(self, ids: Sequence[int]) -> None:
        """Do nothing: everything is looked for."""
        del ids

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """Return the nodes of these ids; those that are gone are left out."""
        nodes = self._contents.nodes
        found = [_as_read(nodes[number]) for number in dict.fromkeys(ids) if number in nodes]
        self.rows_read += len(found)
        return found

    def deps(self, ids: Sequence[int]) -> dict[int, tuple[Dep, ...]]:
        """Return what these nodes have read, in order, by node."""
        nodes = self._contents.nodes
        return {number: nodes[number].deps for number in ids if number in nodes}

    def insert(self, rows: Iterable[Row]) -> None:
        """Write nodes whose ids were given just now."""
        nodes = self._open_contents.nodes
        for row in rows:
            if row.id in nodes:
                msg = f"node {row.id} is there already"
                raise ValueError(msg)
            nodes[row.id] = row

    def update(self, rows: Sequence[Row]) -> None:
        """Write nodes that are there as they are now; suspects are cleared, an earlier result is kept as a trace."""
        contents = self._open_contents
        for row in rows:
            before = contents.nodes[row.id]
            was, now = _trace_of(before), _trace_of(row)
            if was is not None and (before.code, was[:3]) != (row.code, now and now[:3]):
                self._keep(row.id, before.code, was)
            if now is not None:
                self._forget(row.id, row.code, now)
            contents.nodes[row.id] = row._replace(name=before.name, key=before.key)
            contents.suspects.pop(row.id, None)

    def put_verified(self, ids: Sequence[int], revision: int) -> None:
        """Record that nodes hold in a revision; their suspects are cleared."""
        contents = self._open_contents
        for number in ids:
            contents.suspects.pop(number, None)
            if number in contents.nodes:
                contents.nodes[number] = contents.nodes[number]._replace(is_dirty=False, verified_at=revision)

    # -- dirt

    def suspects(self, node: int) -> list[Suspect]:
        """Return what made a node dirty, in the order in which it read that; then the same of the dirty ones below."""
        contents = self._contents
        found: list[Suspect] = []
        pending = [node]
        for number in pending:
            for place, (dep, has_sides) in sorted(contents.suspects.get(number, {}).items()):
                found.append(Suspect(number, place, dep, has_sides))
                if dep not in pending:
                    pending.append(dep)
        return found

    def cone(self, changed: Sequence[int]) -> list[Suspect]:
        """Return what `sweep` would note; it ends at what is dirty already."""
        contents = self._contents
        was_dirty = {number for number, row in contents.nodes.items() if row.is_dirty}
        found: list[Suspect] = []
        pending = list(dict.fromkeys(changed))
        for number in pending:
            for dependent, row in contents.nodes.items():
                place = _place_of(number, row.deps)
                if place is None:
                    continue
                found.append(Suspect(dependent, *place, dependent in was_dirty))
                if dependent not in was_dirty and dependent not in pending:
                    pending.append(dependent)
        return found

    def put_suspects(self, suspects: Sequence[Suspect]) -> None:
        """Mark nodes dirty because of these dependencies of theirs."""
        contents = self._open_contents
        for suspect in suspects:
            contents.suspects.setdefault(suspect.dependent, {}).setdefault(suspect.place, (suspect.dep, suspect.has_sides))
            contents.nodes[suspect.dependent] = contents.nodes[suspect.dependent]._replace(is_dirty=True)

    def sweep(self, changed: Sequence[int]) -> list[Suspect]:
        """Mark everything above these nodes dirty, noting why; returns what it noted."""
        found = self.cone(changed)
        self.put_suspects(found)
        return found

    def invalidate(self, ids: Sequence[int]) -> set[int]:
        """Mark nodes as due for execution, and everything above dirty; returns every node that has a new suspect."""
        contents = self._open_contents
        for number in ids:
            contents.suspects.setdefault(number, {})[_DUE] = (0, False)
            contents.nodes[number] = contents.nodes[number]._replace(is_dirty=True)
        return {suspect.dependent for suspect in self.sweep(ids)}.union(ids)

    def sweep_name(self, name: int) -> set[int]:
        """Mark every node of a name as due for execution, and everything above dirty."""
        return self.invalidate([number for number, row in self._open_contents.nodes.items() if row.name == name])

    def dirty(self, ids: Sequence[int]) -> list[int]:
        """Return those of these nodes that are dirty."""
        nodes = self._contents.nodes
        return [number for number in ids if number in nodes and nodes[number].is_dirty]

    def clean(self, names: Sequence[int]) -> list[int]:
        """Return the nodes of these names that are not dirty."""
        return [number for number, row in self._contents.nodes.items() if row.name in names and not row.is_dirty]

    def has_clean(self, name: int) -> bool:
        """Tell whether any node of a name is not dirty."""
        return bool(self.clean([name]))

    # -- results

    def traces(self, node: int, code: int) -> list[Trace]:
        """Return what is known of a memo's results with that code: the present one first, then earlier ones, the latest first."""
        row = self._contents.nodes.get(node)
        present = self.present(node)
        found = [present] if row is not None and present is not None and row.code == code else []
        return found + [trace for kept, trace in reversed(self._contents.traces.get(node, ())) if kept == code]

    def present(self, node: int) -> Trace | None:
        """Return what a memo's row says of its result; None when it does not say what was read."""
        row = self._contents.nodes.get(node)
        return None if row is None else _trace_of(row)

    def put_traces(self, traces: Iterable[tuple[int, int, Trace]]) -> None:
        """Keep results of earlier states, each with its node and code; those beyond a bound go, the oldest first."""
        for node, code, trace in traces:
            self._keep(node, code, trace)

    def _keep(self, node: int, code: int, trace: Trace) -> None:
        self._forget(node, code, trace)
        kept = self._open_contents.traces.setdefault(node, [])
        kept.append((code, trace))
        del kept[:-_KEPT]

    def _forget(self, node: int, code: int, trace: Trace) -> None:
        kept = self._open_contents.traces.get(node, [])
        kept[:] = [other for other in kept if (other[0], other[1][:3]) != (code, trace[:3])]

    def value(self, digest: bytes) -> bytes | None:
        """Return the encoded value of a digest; None when it is not there, or its bytes do not match."""
        if len(digest) != HASH_LENGTH:
            return digest
        found = self._contents.values.get(digest)
        return found if found is not None and blake3(found).digest() == digest else None

    def put_values(self, values: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep encoded values under their hashes."""
        self._open_contents.values.update(values)

    # -- inputs

    def members(self, name: int) -> list[Member]:
        """Return every stored input of a class."""
        return [member for (cls, _), member in sorted(self._contents.members.items()) if cls == name]

    def member(self, name: int, key: bytes) -> Member | None:
        """Return one stored input."""
        return self._contents.members.get((name, key))

    def put_members(self, members: Iterable[tuple[int, Member]]) -> None:
        """Record inputs, each with the name of its class."""
        self._open_contents.members.update({(name, member.key): member for name, member in members})

    def delete_member(self, name: int, key: bytes) -> None:
        """Forget an input."""
        self._open_contents.members.pop((name, key), None)


def _as_read(row: Row) -> Row:
    """Return a row as those who read it get it: dependencies and what they came to are asked for apart."""
    return row._replace(deps=(), reads=None, code=0, data=None)


def _trace_of(row: Row) -> Trace | None:
    """Return what a row says of its result; None when it does not say what was read."""
    return None if row.reads is None else Trace(row.deps, row.reads, row.digest, row.effects)


def _place_of(number: int, deps: tuple[Dep, ...]) -> tuple[int, int, bool] | None:
    """Return the place of the first read of a node, its number, and whether sides of it were read; None when it was not read."""
    places = [(place, dep) for place, dep in enumerate(deps) if number == (dep if type(dep) is int else dep[0])]  # type: ignore[index]
    return (places[0][0], number, any(type(dep) is not int for _, dep in places)) if places else None


def database_over(store: MemoStore, *, on_event: Callable[[Event], None] | None = None) -> Database:
    """Return a database that keeps its memos in any store that satisfies the protocol; closing it closes the store.

    `db.gc`, `db.check` and `db.file` are about a file, and find none.
    """
    db = Database(on_event=on_event)
    db.keep_in(store)
    return db
