"""Engine: one database's state in memory, and the operations wired together.

Every operation lives in a module of its own and receives the engine; they reach each other through it.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

from lestockage.engine import claims, eviction, execute, fetch, recall, registry, specify, tracked
from lestockage.engine.dependency_graph import dependency_graph
from lestockage.engine.equality import same
from lestockage.engine.explain import Explanation, explain
from lestockage.engine.frame import Frame, current
from lestockage.engine.held import load_held_call
from lestockage.engine.inputs import Input, InputTable
from lestockage.engine.keys import distinct
from lestockage.engine.mark import mark
from lestockage.engine.node import Cell, Facet, Memo, Node
from lestockage.engine.overtaken import outermost_call
from lestockage.engine.recheck import Mismatch, recheck
from lestockage.engine.table import Table
from lestockage.engine.write import Exclusive
from lestockage.errors import ArgumentError, Cancelled, DatabaseClosed, DeletedHandle, QueryInsideWrite

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from lestockage.engine.declaration import Declaration
    from lestockage.engine.dependency_graph import Graph
    from lestockage.engine.events import Event


class Counts:
    """Exact counts of work since the database was opened: what the cost promises are measured in."""

    __slots__ = ("_tables", "damaged", "loaded", "marked", "recalled", "verified")

    def __init__(self, tables: list[Table]) -> None:
        self._tables = tables
        self.marked = 0
        """Edges followed while pushing dirt."""
        self.verified = 0
        """Dependencies looked at during verification."""
        self.loaded = 0
        """Memos taken from the store."""
        self.damaged = 0
        """Memos whose row or value in the store was damaged; they are computed again."""
        self.recalled = 0
        """Results of earlier states that hold again."""

    @property
    def executed(self) -> int:
        """Bodies run."""
        return sum(table.executed for table in self._tables)

    @property
    def visited(self) -> int:
        """Nodes looked at for the sake of a change."""
        return self.marked + self.verified


class QueryStats(NamedTuple):
    """One query in one database: memos in memory; bodies run, memos validated without running and values loaded since opening.

    `stored` are its memos in the file, `stored_bytes` what their rows and values take there; 0 in memory. Green hits are not counted: that
    would cost more than a hit.
    """

    memos: int
    executed: int
    validated: int
    reused: int
    stored: int = 0
    stored_bytes: int = 0


InputT = TypeVar("InputT", bound=Input)
T = TypeVar("T")


class _NoMemos(dict[Any, Any]):
    """An always empty table: sends every call to the miss path, which looks at why."""

    __slots__ = ()


_BLOCKED: dict[Any, Any] = _NoMemos()


class Engine:
    """The state of one database. `lestockage.Database` adds the store behind it."""

    def __init__(self, *, on_event: Callable[[Event], None] | None = None) -> None:
        self.revision = 1
        self.on_event = on_event
        self.ingredients: list[Table] = []
        self.counts = Counts(self.ingredients)
        self.store: Any = None
        self._entries: list[dict[Any, Memo]] = []
        self._blocked: list[dict[Any, Memo]] = []
        self._tables = self._entries
        """What wrappers look into: the tables' entries, or nothing while calls must take the slow path."""
        self.lock = threading.Lock()
        self.turnstile = threading.Condition(self.lock)
        self.exclusive = Exclusive(self)
        self.readers = 0
        """Outermost calls under way, but those that execute for the first time: they show in `running` only."""
        self.running: dict[Memo, Frame] = {}
        self.waiting: dict[Any, Memo] = {}
        self.failed: dict[Memo, tuple[Exception, dict[Node, None]]] = {}
        self.positions: dict[Memo, dict[Node, int]] = {}
        self.facets: dict[Memo, dict[Any, Facet]] = {}
        self.pushed: dict[Memo, tuple[Any, ...]] = {}
        self.created: dict[Memo, dict[Any, Any]] = {}
        self.specified: dict[Memo, dict[Memo, Any]] = {}
        self.participants: dict[Memo, tuple[Memo, ...]] = {}
        """The other memos of the cycle that a head drove, by head."""
        self.inputs: dict[type[Input], InputTable] = {}
        self.interned: dict[type, Any] = {}
        self.loaders: dict[tuple[type[Input], str], Callable[[Any], Any]] = {}
        self.untracked = Cell("untracked", "", None, 1)
        self.reasons: dict[Memo, tuple[int, Node]] = {}
        """For memos that were verified: the revision in which a change made them run (0: none did), and the dependency looked at last."""
        self.recalls: dict[Memo, int] = {}
        """The revision in which a memo last had the result of an earlier state again, instead of running."""
        self.awaiting: dict[Memo, list[Any]] = {}
        self.awaited: dict[object, tuple[Frame | None, Memo]] = {}
        self.suspended: dict[int, int] = {}
        """Async calls under way, by the thread of their event loop."""
        self.died_at = 0
        """The latest revision in which an input or a struct ceased to be: what holds its handle would not hold that of its like."""
        self.was_undone = False
        """Whether something that a running query may have read was taken back since queries began to run."""
        self.is_calm = True
        """Whether a first execution may take the short way (`first`): no store, no write, nobody who waits, nothing failed or undone.

        Whoever takes the short way claims a memo and then looks here; whoever disturbs the calm does that and then looks at `running`: so
        one of the two sees the other. Written under the lock.
        """
        self._cancelled: set[Frame] = set()
        self._is_open = True
        self.halts = 0
        registry.attach(self)

    # -- operations, so that modules reach each other without importing each other

    execute = staticmethod(execute.execute)
    recall = staticmethod(recall.recall)
    make_green = staticmethod(fetch.make_green)
    make_struct = staticmethod(tracked.make)
    give = staticmethod(specify.give)
    are_equal = staticmethod(same)

    def claim(self, memo: Memo, caller: Frame | None) -> Frame | None:
        """See `claims.claim`."""
        return claims.claim(self, memo, caller)

    def release(self, frame: Frame) -> None:
        """Give a claim back, if the frame still holds it, and wake whoever waits."""
        running = self.running
        if running.get(frame.memo) is frame:
            del running[frame.memo]
            if self.waiting:
                self.wake()

    def wake(self) -> None:
        """Let threads look again that wait for a memo."""
        with self.lock:
            self.turnstile.notify_all()

    def disturb(self) -> None:
        """Something happened that only the long way looks at."""
        with self.lock:
            self.is_calm = False

    def ended(self, frame: Frame) -> None:
        """A first execution is over, or did not begin, while all was not calm: let others go on that wait for it."""
        self.release(frame)
        with self.lock:
            self.calm_down()
            self.turnstile.notify_all()

    def is_asked(self) -> bool:
        """Whether an outermost call is under way."""
        if self.readers or not self.running:
            return self.readers > 0
        return any(frame.caller is None and frame.root is not None for frame in list(self.running.values()))

    def calm_down(self) -> None:
        """Forget what concerned calls that are over, and see whether all is calm now. The caller holds the lock."""
        if not self.is_asked():
            if self._cancelled:
                self._cancelled.clear()
                self.resume()
            self.failed.clear()
            self.was_undone = False
        is_disturbed = self.waiting or self.failed or self.was_undone or self.exclusive.owner is not None
        self.is_calm = self.store is None and self._tables is self._entries and not is_disturbed

    # -- tables

    def add_table(self, declaration: Declaration) -> None:
        """Make room for a query's memos."""
        table = Table(declaration)
        self.ingredients.append(table)
        self._entries.append(table.entries)
        self._blocked.append(_BLOCKED)

    def input_table(self, cls: type[Input]) -> InputTable:
        """The inputs of a class."""
        table = self.inputs.get(cls)
        if table is None:
            table = self.inputs.setdefault(cls, InputTable(cls))
        return table

    # -- reading

    def begin_reading(self) -> None:
        """Register an outermost call; waits while a write is going on."""
        if self.exclusive.is_mine():
            raise QueryInsideWrite("a query was asked inside `with db.write():`, between two revisions. Ask it before or after.")
        with self.lock:
            while self.exclusive.owner is not None:
                self.turnstile.wait()
            self.check_open()
            self.readers += 1

    def end_reading(self) -> None:
        """The outermost call is over."""
        with self.lock:
            self.readers -= 1
            if not self.is_calm and not self.readers:
                self.calm_down()
                if self.exclusive.owner is not None:
                    self.turnstile.notify_all()

    def check_running(self, caller: Frame) -> None:
        """Raise in a query that was cancelled."""
        if caller.root in self._cancelled:
            raise Cancelled(f"{caller.memo.describe()} was cancelled; nothing was stored. Ask again to compute again.")

    # -- stopping and closing

    def halt(self) -> None:
        """Send every call to the slow path."""
        self.halts += 1
        self.is_calm = False
        self._tables = self._blocked

    def resume(self) -> None:
        """Take one `halt` back."""
        self.halts -= 1
        if not self.halts and self._is_open:
            self._tables = self._entries

    def cancel(self) -> None:
        """Make every query that is running now raise `Cancelled` at its next query call; returns at once.

        Nothing of what they were computing is stored; memos that were finished stay.
        """
        with self.lock:
            self._cancel({root for frame in list(self.running.values()) if (root := frame.root) is not None})

    def cancel_calls(self, root: Frame | None) -> None:
        """Cancel one line of calls: the one that `root` started."""
        with self.lock:
            if root is not None:
                self._cancel({root})

    def _cancel(self, roots: set[Frame]) -> None:
        """Note lines of calls as cancelled, and send every call to where that is looked at. Holds the lock."""
        if roots and not self._cancelled:
            self.halt()
        self._cancelled |= roots

    @property
    def is_open(self) -> bool:
        """Whether the database can be used."""
        return self._is_open

    @property
    def is_undisturbed(self) -> bool:
        """Whether calls may take the short way: the database is open, and nobody writes, waits to, or has cancelled calls."""
        return self._tables is self._entries

    def abandon(self) -> None:
        """Let nobody use the database any more: its state in memory is not what the store holds. Open it again to go on."""
        self._is_open = False
        self.is_calm = False
        self._tables = self._blocked

    def check_open(self) -> None:
        """Raise if the database was closed."""
        if not self._is_open:
            raise DatabaseClosed("the database is closed. Open it again with Database(path).")

    def close(self) -> None:
        """End the use of the database; waits for running queries. Closing twice is fine."""
        if not self._is_open:
            return
        with self.exclusive:
            self._is_open = False

    def __enter__(self) -> Self:
        self.check_open()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def looked(self, look: Callable[[], T]) -> T:
        """What somebody who asks no query finds, in the latest state of the file."""
        return look() if self.store is None else self.store.following.looked(look)

    def is_suspended_here(self) -> bool:
        """Whether async calls are under way in this thread's event loop, which waiting here would keep from going on."""
        return bool(self.suspended.get(threading.get_ident()))

    def refresh(self) -> bool:
        """Take over what other processes have committed; True when inputs have changed by that. Waits for running queries.

        Happens by itself whenever something is written, committed, or asked that is not at hand.
        """
        before = self.revision
        with self.exclusive:
            return self.revision != before

    # -- writing

    def write(self) -> Exclusive:
        """A context in which several changes make one revision; no query may be asked inside.

        An exception that leaves the context keeps the changes made so far: each was complete.
        """
        return self.exclusive

    def begin_revision(self) -> None:
        """Consequences of a new revision: what the store has to hear of at once, and those of every revision."""
        if self.store is not None:
            self.store.after_write()
        self.renew()

    def renew(self) -> None:
        """What every revision begins with, whoever made it: values over capacity go, untracked reads are due again."""
        for table in self.ingredients:
            if table.lru is not None:
                eviction.evict(self, table)
        if self.untracked.dependents is not None:
            self.untracked.changed_at = self.revision
            mark(self, self.untracked)

    def find_input(self, cls: type[InputT], key: tuple[Any, ...]) -> InputT | None:
        """The input of a key, in memory or in the store."""
        found = self.input_table(cls).handles.get(distinct(key))
        if found is None and self.store is not None:
            found = self.store.inputs.find(cls, key)
        return found  # type: ignore[return-value]  # the table is of this class

    def input_created(self, handle: Input) -> None:
        """Tell the store of a new input."""
        if self.store is not None:
            self.store.inputs.created(handle)

    def input_deleted(self, handle: Input, cells: tuple[Cell, ...]) -> None:
        """Tell the store that an input is gone."""
        if self.store is not None:
            self.store.inputs.deleted(handle, cells)

    def adopt(self, declaration: Declaration, memo: Memo) -> Memo:
        """Put a memo into its table, unless one of its key is there: returns the one that is."""
        table = self.ingredients[declaration.index]
        if declaration.handles:
            table.register(memo)
        return table.entries.setdefault(declaration.key(memo.args), memo)

    def find_memo(self, declaration: Declaration, args: Any) -> Memo:
        """The memo of (bare or tupled) arguments, in memory, from the store, or empty."""
        return fetch.find_or_make(self, declaration.index, declaration.key(args), args)

    # -- lazy cells

    def set_loader(self, cls: type[Input], field: str, load: Callable[[Any], Any]) -> None:
        """Say how to load a lazy field of an input class: `load(handle)` returns the value whose fingerprint the cell holds."""
        if field not in cls._fields or not cls._fields[field].is_lazy:
            raise ArgumentError(f"{cls.__name__}.{field} is no lazy field. Annotate it as Lazy[…].")
        self.loaders[cls, field] = load

    def load_cell(self, handle: Input, field: str) -> Any:
        """The value of a lazy cell."""
        for cls in type(handle).__mro__:
            load = self.loaders.get((cls, field))
            if load is not None:
                return load(handle)
        raise ArgumentError(
            f"{handle!r}.{field} is not loaded, and nothing says how to. Call db.set_loader({type(handle).__name__}, {field!r}, …)."
        )

    # -- handles

    def is_alive(self, handle: Any) -> bool:
        """Whether the input or struct behind a handle still exists."""
        return handle._cells is not None and handle._facets is not None

    def refuse_dead(self, handle: Any) -> None:
        """Raise for a handle whose input or struct is gone."""
        if not self.is_alive(handle):
            raise DeletedHandle(
                f"{handle!r} stands for nothing any more: it was deleted, or its query did not create it again. Look it up again."
            )

    # -- queries

    def report_untracked_read(self) -> None:
        """Say that the running query read something the database cannot see: it is due again in every later revision."""
        frame = current()
        if frame is not None:
            frame.reads[self.untracked] = None

    # -- introspection

    def explain(self, query: Any, *args: Any) -> Explanation:
        """Why a call last ran, or did not: a path from the changed input (see `Explanation`)."""
        declaration: Declaration = query.declaration
        values = args[0] if declaration.arity == 1 else args
        entries = self.ingredients[declaration.index].entries
        if declaration.key(values) not in entries and self.store is not None:
            self.looked(lambda: load_held_call(self.store, declaration, values))
        memo = entries.get(declaration.key(values))
        return explain(self, memo, declaration.describe(values))

    def verify(self, sample: float = 1.0) -> list[Mismatch]:
        """Run the bodies of a share of what is remembered again, and list what differs: queries that are not pure, or memos not true."""
        return outermost_call(self, lambda: recheck(self, sample))

    def dependency_graph(self) -> Graph:
        """The memos in memory and what they read, as a networkx graph; edges run dependent -> dependency."""
        return dependency_graph(self)

    def stats(self) -> dict[str, QueryStats]:
        """What is held and what was done, by the query's name; queries that were never asked are left out."""
        return {
            table.name: QueryStats(len(table.entries), table.executed, table.validated, table.reused)
            for table in self.ingredients
            if table.entries or table.executed
        }

    def executions(self) -> dict[str, int]:
        """How often each query's body ran in this database, by the query's name; those that never ran are left out."""
        counts: defaultdict[str, int] = defaultdict(int)
        for table in self.ingredients:
            if table.executed:
                counts[table.name] += table.executed
        return dict(counts)
