"""Durable: keeps memos and inputs in step with a memo store.

Opening loads nothing. A memo comes out of the store when it is first asked for; its dependencies stay there. So a change has to reach it
through the store: the sweep that records a changed input dirties the stored cone in the same transaction, and whatever of that cone is in
memory is dirtied with it. A dirty memo's suspects are loaded when it is verified, and theirs in turn: the cone, nothing else.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from blake3 import blake3

from lestockage.engine import effects, events, registry
from lestockage.engine.codec import Codec, codec_for, digest
from lestockage.engine.commit import storable, write
from lestockage.engine.durable_inputs import DurableInputs
from lestockage.engine.durable_names import Names
from lestockage.engine.handle_codec import decoding_for, handle_extension
from lestockage.engine.mark import mark
from lestockage.engine.node import STALE, Cell, Facet, Memo, Node, each
from lestockage.engine.publish import replace_edges
from lestockage.engine.stored import GONE, UNLOADED, Stored
from lestockage.errors import CodecError, UnencodableType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from lestockage.engine.declaration import Declaration
    from lestockage.engine.memostore import MemoStore, Row
    from lestockage.engine.runtime import Engine


class Durable:
    """One engine's side of its store."""

    def __init__(self, db: Engine, store: MemoStore) -> None:
        self.db = db
        self.store = store
        self.lock = threading.RLock()
        self.nodes: dict[int, Node] = {}
        """Every stored node that is in memory, by id."""
        self.names = Names(self)
        self.inputs = DurableInputs(self)
        self._unsaved: dict[Memo, None] = {}
        self._verified: dict[Memo, None] = {}
        self._superseded: dict[Memo, int] = {}
        """Memos whose latest result cannot be stored, with the row of an earlier one."""
        self._above: dict[int, dict[Memo, None]] = {}
        """Loaded memos by the rows that made them dirty in the store, until a commit makes them clean there."""
        self._key_codecs: dict[Declaration, Codec | None] = {}
        self._has_unlinked = False
        self._is_writing = False
        self._undo: list[Callable[[], object]] = []
        """How to take back what memory took for stored in the transaction that is open."""
        self._foreign_commits = store.foreign_commits()
        self._generation = store.generation()
        db.revision = store.revision()

    # -- loading

    def load(self, memo: Memo) -> None:
        """Fill a new memo from the store, if it is known there; nobody else sees it yet."""
        with self.lock:
            self.flush()
            self._check_generation()
            name = self.names.of_query(memo.table.declaration)
            if name is None or name in self.names.fresh:
                memo.table.may_be_stored = False
                return
            key = self.key(memo)
            row = None if key is None else self.store.find(name, key)
            if row is not None:
                self._adopt(memo, row)

    def _adopt(self, memo: Memo, row: Row) -> None:
        memo.stored = Stored(row.id, row.digest)
        memo.changed_at = row.changed_at
        memo.verified_at = max(row.verified_at, 1)
        if not memo.table.declaration.is_task:
            self._has_unlinked = True
            self.nodes[row.id] = memo
        if not row.is_sound:
            self._found_damage(memo)
        self.db.counts.loaded += 1
        if row.is_dirty:
            memo.suspects = UNLOADED
            return
        if not self.restore(memo, row.data):
            return
        if self.db.on_event is not None:
            self.db.on_event(events.DidLoad(memo))

    def _found_damage(self, memo: Memo) -> None:
        self.db.counts.damaged += 1
        if self.db.on_event is not None:
            self.db.on_event(events.DidFindDamage(memo))

    def restore(self, memo: Memo, data: bytes | None = None) -> bool:
        """Bring a green memo's value back into memory, given its bytes or not; False when the store has none that can be read."""
        stored = memo.stored
        declaration = memo.table.declaration
        if stored is None or stored.digest is None or declaration.codec is None or not declaration.options.durable:
            return False
        if data is None:
            data = stored.data if stored.data is not None else self.store.value(stored.digest)
        if data is None:
            self._found_damage(memo)
            return False
        token = decoding_for.set(self.db)
        try:
            memo.last = declaration.codec.decode(data)
        except CodecError:
            self._found_damage(memo)
            return False
        finally:
            decoding_for.reset(token)
        memo.value = memo.last
        memo.table.reused += 1
        return True

    def has(self, declaration: Declaration, key: bytes) -> bool:
        """Whether a task's result is stored."""
        with self.lock:
            name = self.names.of_query(declaration)
            return name is not None and name not in self.names.fresh and self.store.find(name, key) is not None

    def load_suspects(self, memo: Memo) -> dict[Node, None]:
        """The nodes that made a stored memo dirty, in the order in which it read them."""
        with self.lock:
            ids = self.store.suspects(memo.stored.id)
            for number in ids:
                self._above.setdefault(number, {})[memo] = None
            absent = [number for number in ids if number and number not in self.nodes]
            rows = {row.id: row for row in self.store.rows(absent)}
            return dict.fromkeys([self._node(number, rows) for number in ids] or [GONE])

    def link(self, memo: Memo) -> None:
        """Bring the dependencies of a loaded green memo into memory too, for those who follow the calls."""
        with self.lock:
            ids = self.store.deps([memo.stored.id]).get(memo.stored.id, ())
            rows = {row.id: row for row in self.store.rows([number for number in ids if number not in self.nodes])}
            nodes = [self._node(number, rows) for number in ids]
            with self.db.lock:
                replace_edges(self.db, memo, dict.fromkeys(nodes))
            memo.stored.is_linked = True

    def _node(self, number: int, rows: dict[int, Row]) -> Node:
        found = self.nodes.get(number)
        if found is not None:
            return found
        row = rows.get(number)
        if row is None or not row.is_sound:
            return GONE
        if row.name == self.names.run:
            return self._run(row)
        declared = self.names.declared(row.name)
        if declared is None:
            return GONE
        if not isinstance(declared, registry.Declared):
            return self.inputs.node(declared, row)
        return self._memo(declared.declaration, row)

    def _run(self, row: Row) -> Node:
        """The run of a cycle's head, which the other participants depend on."""
        owner = self._node(int.from_bytes(row.key, "big"), {found.id: found for found in self.store.rows([int.from_bytes(row.key, "big")])})
        if not isinstance(owner, Memo):
            return GONE
        facet = effects.facet(self.db, owner, effects.RUN, None)
        if facet.stored is None:
            facet.stored = Stored(row.id, None)
            # The head may have run since without this row being known: then its latest revision is the only safe answer.
            facet.changed_at = max(row.changed_at, owner.verified_at) if row.is_dirty and owner.suspects is None else row.changed_at
            facet.verified_at = max(owner.verified_at, facet.changed_at)
            self.nodes[row.id] = facet
        return facet

    def _memo(self, declaration: Declaration, row: Row) -> Node:
        codec = self._key_codec(declaration)
        if codec is None:
            return GONE
        token = decoding_for.set(self.db)
        try:
            values = codec.decode(row.key)
        except CodecError:
            return GONE
        finally:
            decoding_for.reset(token)
        args = values[0] if declaration.arity == 1 else values
        table = self.db.ingredients[declaration.index]
        memo = Memo(table, args)
        made = self.db.adopt(declaration, memo)
        if made is memo:
            self._adopt(memo, row)
        return made

    # -- keeping

    def encode(self, memo: Memo, reads: dict[Node, None], value: Any) -> Stored | None:
        """The stored form of a new result; None when the query is not kept, or left side outputs, which have no place in the store yet."""
        declaration = memo.table.declaration
        if not declaration.is_stored or memo in self.db.pushed or memo in self.db.created:
            return None
        if not declaration.options.durable or declaration.codec is None:
            return self._identity(declaration, reads)
        data = declaration.codec.encode(value)
        return Stored(memo.stored.id if memo.stored is not None else 0, digest(data), data, is_linked=True)

    def _identity(self, declaration: Declaration, reads: dict[Node, None]) -> Stored | None:
        """A value that is not stored is identified by the query's code and by what it read."""
        hasher = blake3(self.names.fingerprint(declaration))
        for node in reads:
            found = self.inputs.digest(node) if isinstance(node, Cell) else node.stored and node.stored.digest
            if found is None:
                return None
            hasher.update(len(found).to_bytes(1, "big") + found)
        return Stored(0, hasher.digest(), is_linked=True)

    def published(self, memo: Memo, fresh: Stored | None) -> None:
        """A memo has a new result; it will be written at the next commit."""
        self._verified.pop(memo, None)
        if fresh is None:
            if memo.stored is not None and memo.stored.id:
                # Its row tells of an earlier result, with other dependencies, and cannot be replaced.
                self.nodes.pop(memo.stored.id, None)
                self._superseded[memo] = memo.stored.id
            self._unsaved.pop(memo, None)
            memo.stored = None
            return
        if memo.stored is None and memo in self._superseded:
            fresh.id = self._superseded.pop(memo)
        if memo.stored is not None:
            fresh.id = memo.stored.id
        memo.stored = fresh
        self._unsaved[memo] = None

    def learned(self, memo: Memo, data: bytes) -> None:
        """A task's result arrived as bytes; it is decoded when it is asked for."""
        memo.stored = Stored(0, digest(data), data, is_linked=True)
        self._unsaved[memo] = None

    def validated(self, memo: Memo) -> None:
        """A memo was found to hold."""
        if memo.stored is not None and memo.stored.id and memo not in self._unsaved:
            self._verified[memo] = None

    def forget(self, memo: Memo) -> None:
        """A memo was discarded."""
        self._unsaved.pop(memo, None)
        self._verified.pop(memo, None)
        if memo.stored is not None:
            self.nodes.pop(memo.stored.id, None)
            memo.stored = None

    def _key_codec(self, declaration: Declaration) -> Codec | None:
        if not declaration.is_stored:
            return None
        if declaration not in self._key_codecs:
            annotations = tuple(parameter.annotation for parameter in declaration.parameters)
            try:
                codec = codec_for(tuple[annotations] if annotations else tuple[()], extra=handle_extension)  # type: ignore[valid-type]
            except UnencodableType:
                codec = None
            self._key_codecs[declaration] = codec
        return self._key_codecs[declaration]

    def key(self, memo: Memo) -> bytes | None:
        """A memo's encoded arguments; None when they cannot be stored."""
        declaration = memo.table.declaration
        if declaration.is_task:
            key: bytes = memo.args.key
            return key
        codec = self._key_codec(declaration)
        if codec is None:
            return None
        try:
            return codec.encode(declaration.tupled(memo.args))
        except CodecError:
            return None

    # -- writing

    def flush(self) -> None:
        """Dirty the stored cone above changed inputs, in one transaction.

        The inputs themselves wait for the commit: should it never come, rows are dirty over inputs that have not changed, and hold.
        """
        if not self.inputs.has_unswept:
            return
        with self.lock, self.writing(is_change=False):
            self.spread(self.store.sweep(self.inputs.unswept()))
            self.inputs.swept()

    @contextmanager
    def writing(self, *, is_change: bool = True) -> Iterator[None]:
        """A transaction of the store; if it fails, memory forgets what it believed to be stored, and can be committed again.

        What other processes need not hear of is no change: dirt over inputs that are not committed.
        """
        if self._is_writing:
            yield
            return
        self._is_writing = True
        generation = self._generation
        try:
            with self.store.transaction():
                if self.store.generation() != self._generation:
                    self.db.abandon()
                    raise self.store.changed_meanwhile()  # noqa: TRY301  # undone below, as whatever fails
                if is_change:
                    self._generation += 1
                    self.store.set_generation(self._generation)
                yield
        except BaseException:
            self._generation = generation
            for undo in reversed(self._undo):
                undo()
            raise
        finally:
            self._undo.clear()
            self._is_writing = False

    def on_failure(self, undo: Callable[[], object]) -> None:
        """Have something taken back in memory, should the transaction that is open fail."""
        self._undo.append(undo)

    def number(self, nodes: Sequence[Node], ids: Iterable[int]) -> None:
        """Give nodes without a row the ids of their rows, in the transaction that is open."""
        for node, number in zip(nodes, ids, strict=True):
            node.stored = Stored(number, None)
            self.nodes[number] = node

        def forget() -> None:
            for node in nodes:
                if node.stored is not None:
                    self.nodes.pop(node.stored.id, None)
                    node.stored = None

        if nodes:
            self.on_failure(forget)

    def _check_generation(self) -> None:
        """Refuse to mix what this process knows with what another one has written since."""
        commits = self.store.foreign_commits()
        if commits != self._foreign_commits:
            self._foreign_commits = commits
            if self.store.generation() != self._generation:
                self.db.abandon()
                raise self.store.changed_meanwhile()

    def after_write(self) -> None:
        """At the end of a write: what is in memory without its dependencies must hear of the change now."""
        if self._has_unlinked:
            self.flush()

    def spread(self, swept: set[int]) -> None:
        """Dirty the memos in memory that the store has dirtied, and those above them that it had dirtied before.

        A sweep ends at what is dirty in the store already. What was found to hold since is dirty there until the commit, so from there on
        the way up is the one by which its suspects were found.
        """
        pending = list(swept)
        seen = set(swept)
        while pending:
            number = pending.pop()
            node = self.nodes.get(number)
            if isinstance(node, Memo) and not node.stored.is_linked:
                node.suspects = UNLOADED
                node.value = STALE
                self._verified.pop(node, None)
                mark(self.db, node)
            if not self._above:
                continue
            readers: list[Node] = [*self._above.get(number, ()), *each(None if node is None else node.dependents)]
            for reader in readers:
                if reader.stored is not None and reader.stored.id and reader.stored.id not in seen:
                    seen.add(reader.stored.id)
                    pending.append(reader.stored.id)

    def commit(self) -> None:
        """Make every green memo and every input durable. Writes nothing when nothing is new; after a failure it can be called again."""
        with self.lock:
            memos = storable(self, self._unsaved)
            verified = [memo for memo in self._verified if memo.suspects is None]
            overtaken = [memo.stored.id for memo in self._unsaved if memo not in memos and memo.stored is not None and memo.stored.id]
            overtaken += self._superseded.values()
            if not memos and not verified and not overtaken and not self.inputs.has_changes:
                return
            with self.writing():
                self.flush()
                if self.inputs.has_changes:
                    self.store.set_revision(self.db.revision)
                    self.inputs.write()
                write(self, memos)
                runs = [run for memo in verified if (run := self.run_of(memo)) is not None]
                self.store.put_verified([node.stored.id for node in (*verified, *runs)], self.db.revision)
                if overtaken:
                    self.store.invalidate(overtaken)
            self.inputs.written()
            for memo in memos:
                self._unsaved.pop(memo, None)
                memo.stored.data = None
                if memo.table.declaration.is_task:
                    # Found again by its key; whoever needed the value has read it.
                    memo.table.entries.pop(memo.args.key, None)
                else:
                    self.nodes[memo.stored.id] = memo
                memo.table.may_be_stored = True
            self.names.fresh.clear()
            self._verified.clear()
            self._above.clear()

    def run_of(self, memo: Memo) -> Facet | None:
        """The stored run of a memo that was the head of a cycle."""
        run = self.db.facets.get(memo, {}).get(effects.RUN)
        return run if run is not None and run.stored is not None else None
