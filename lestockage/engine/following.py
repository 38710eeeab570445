"""Following: takes over what other processes have committed to the file, so that memory tells of the same inputs as the store.

Others are noticed by a counter that is cheap to read. Memory follows between calls, never inside one: at the start of an outermost
call that is no green hit, when a write begins, at a commit, and at `db.refresh()`. What a running call takes from the store is checked
afterwards; if the file has moved on, the call unwinds and starts again (`overtaken`).

Inputs changed here and not yet recorded win over those of others, cell by cell. Numbers of revisions are the file's: where this process has
counted on by itself, its numbers are moved above those that others have used meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.engine.follow_inputs import follow_inputs
from lestockage.engine.follow_memos import follow_memos
from lestockage.engine.node import Cell, Derived, Node
from lestockage.engine.overtaken import Overtaken

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from lestockage.engine.durable import Durable

    T = TypeVar("T")


class Following:
    """How far one database has followed its file."""

    def __init__(self, durable: Durable) -> None:
        self._durable = durable
        store = durable.store
        self._commits = store.foreign_commits()
        self._is_behind = False
        self.generation = store.generation()
        """How often inputs were changed or memos dirtied in the file, as far as memory knows."""
        self.base = store.revision()
        """The revision of the file, as far as memory knows; greater numbers were counted here only."""
        self.has_company = False
        """Whether another process has ever committed while this database was open."""

    def is_behind(self) -> bool:
        """Whether another process has changed inputs, or dirtied memos, that memory does not know of yet."""
        store = self._durable.store
        commits = store.foreign_commits()
        if commits != self._commits:
            with self._durable.lock:
                is_behind = store.generation() != self.generation or self._durable.inputs.has_changes  # which others know nothing of
                self._notice()
                self._is_behind = is_behind
                self._commits = commits
        return self._is_behind

    def _notice(self) -> None:
        """Others write to the file: what was not there may be there now."""
        self.has_company = True
        self._durable.nodes.forget_ahead()
        self._durable.names.refresh()
        for table in self._durable.db.ingredients:
            table.may_be_stored = True

    def attend(self, *, must_follow: bool = False) -> None:
        """Follow, from outside of any call. While other threads' calls run, an outermost call that can do without goes on as it is."""
        db = self._durable.db
        db.check_open()
        if not self.is_behind() or db.exclusive.is_mine():
            return
        if db.readers and not must_follow:
            return
        if db.is_suspended_here():
            raise self._durable.store.changed_meanwhile()
        with db.exclusive:  # entering it takes over
            pass

    def check(self, found: T) -> T:
        """Give on what was read from the store just now, if memory knows the state that it is of.

        Raises:
            Overtaken: when the file has moved on.
        """
        if self.is_behind():
            if not self._durable.db.exclusive.is_mine():
                raise Overtaken
            self.take_over()
        return found

    def read(self, read: Callable[[], T]) -> T:
        """What `read` finds in the store, in a state that memory has taken over; inside a write it follows by itself.

        Raises:
            Overtaken: in a query, when the file has moved on.
        """
        while True:
            found = read()
            if not self.is_behind():
                return found
            if not self._durable.db.exclusive.is_mine():
                raise Overtaken
            self.take_over()

    def looked(self, look: Callable[[], T]) -> T:
        """What somebody finds who asks no query: memory follows before, and again while the file moves on."""
        must_follow = False
        while True:
            self.attend(must_follow=must_follow)
            try:
                return look()
            except Overtaken:
                must_follow = True

    def take_over(self) -> None:
        """Bring memory to the state of the file; the caller holds `db.exclusive`, so nothing runs."""
        durable = self._durable
        with durable.lock:
            if not self.is_behind():
                return
            with durable.store.snapshot():
                is_ahead = self._follow()
            if is_ahead:
                durable.flush()

    def _follow(self) -> bool:
        """Take everything over, within one snapshot; tells whether this process had counted revisions of its own."""
        durable = self._durable
        db = durable.db
        store = durable.store
        before = db.revision
        reached = store.revision()
        is_ahead = durable.inputs.has_changes or db.revision > self.base
        if is_ahead:
            self._move_up(max(reached - self.base, 0))
            db.revision += 1
        else:
            db.revision = max(db.revision, reached)
        self.base = reached
        self.generation = store.generation()
        self._commits = store.foreign_commits()
        self._is_behind = False
        self._notice()
        durable.names.detach_foreign()
        durable.inputs.renew()
        follow_inputs(durable, is_ahead=is_ahead)
        follow_memos(durable, is_ahead=is_ahead)
        if db.revision != before:
            db.exclusive.followed(before)
            db.renew()
        return is_ahead

    def _move_up(self, distance: int) -> None:
        """Move the numbers that were counted here above those of the file, keeping their order."""
        db = self._durable.db
        db.revision += distance
        nodes: dict[Node, None] = dict.fromkeys(self._durable.nodes.by_id.values())
        nodes[db.untracked] = None
        for table in db.ingredients:
            nodes.update(dict.fromkeys(table.entries.values()))
        for facets in db.facets.values():
            nodes.update(dict.fromkeys(facets.values()))
        for inputs in db.inputs.values():
            nodes[inputs.members] = None
            nodes.update(dict.fromkeys(inputs.presence.values()))
            for handle in inputs.handles.values():
                nodes.update(dict.fromkeys(handle._cells or ()))
        for node in nodes:
            if node.changed_at > self.base:
                node.changed_at += distance
            if isinstance(node, Derived) and node.verified_at > self.base:
                node.verified_at += distance
            if type(node) is Cell:
                node.before = None
        self._durable.renumbered()

    def moved(self) -> None:
        """Record, inside a transaction, that inputs are changed or memos dirtied in it."""
        self._durable.on_failure(self._take_back(self.generation, self.base))
        self.generation += 1
        self._durable.store.set_generation(self.generation)

    def _take_back(self, generation: int, base: int) -> Callable[[], None]:
        def undo() -> None:
            self.generation, self.base = generation, base

        return undo

    # -- a snapshot for calls that are overtaken again and again

    def pin(self) -> bool:
        """Hold the file as it is now for this connection's reads; False when it has moved on in between."""
        durable = self._durable
        if durable.db.is_suspended_here():
            raise durable.store.changed_meanwhile()
        with durable.db.exclusive:
            durable.flush()
            if not durable.store.pin():
                return False
            if self.is_behind():
                durable.store.unpin()
                return False
        return True

    def unpin(self) -> bool:
        """Let the snapshot go; returns False, the new state."""
        self._durable.store.unpin()
        return False
