"""Durable nodes: stored rows as nodes in memory, loaded when they are asked for.

Opening loads nothing. A memo comes out of the store when it is first asked for; its dependencies stay there. A dirty memo's suspects are
loaded when it is verified, but for those that were found to hold by then.
"""

from __future__ import annotations

from bisect import bisect_left
from operator import attrgetter
from typing import TYPE_CHECKING

from lestockage.engine import events, record, registry, sides
from lestockage.engine.handle_codec import decode_for
from lestockage.engine.node import Facet, Memo, Node, new_memo
from lestockage.engine.publish import replace_edges
from lestockage.engine.stored import GONE, UNLOADED, Stored
from lestockage.errors import CodecError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lestockage.engine.declaration import Declaration
    from lestockage.engine.durable import Durable
    from lestockage.engine.memostore import Dep, Row, Suspect

_place = attrgetter("place")
_AHEAD = 256
"""Rows of dependencies that are read together."""


class DurableNodes:
    """The stored nodes that are in memory, and how others get there."""

    def __init__(self, durable: Durable) -> None:
        self._durable = durable
        self.by_id: dict[int, Node] = {}
        self._ahead: dict[int, Row] = {}
        """Rows that were read together with others and have not been asked for yet."""
        self._suspects: dict[int, list[Suspect]] = {}
        """All that made a node dirty, where it is known without looking, until the next commit."""
        self._cone: list[int] = []
        """The nodes of those, in order: rows are read with their neighbours there."""
        self.has_unlinked = False
        """Whether a memo was loaded without its dependencies, so that only the store knows what reaches it."""

    def forget_ahead(self) -> None:
        """The store has changed: what was read ahead may not hold any more."""
        self.forget_rows()
        self._suspects.clear()
        self._cone.clear()

    def forget_rows(self) -> None:
        """Rows have changed, and nothing more dirt than what is told with `swept`."""
        self._ahead.clear()

    def swept(self, found: list[Suspect]) -> None:
        """The store has dirtied a cone: why, is known from here."""
        fresh = {suspect.dependent for suspect in found if not suspect.was_dirty and suspect.dependent not in self._suspects}
        for suspect in found:
            known = self._suspects.get(suspect.dependent)
            if known is not None:
                if suspect not in known:
                    known.append(suspect)
            elif suspect.dependent in fresh:
                self._suspects[suspect.dependent] = [suspect]
        for number in {suspect.dependent for suspect in found}:
            self._suspects.get(number, []).sort(key=_place)
        self._cone = sorted({*self._cone, *fresh})

    # -- memos

    def adopt(self, memo: Memo, row: Row, *, is_asked: bool) -> None:
        """Make a memo what its row says; nobody else sees it yet. Its value is loaded only if somebody asks for it."""
        number, _, _, digest, changed_at, verified_at, is_dirty, _, effects, _, _, data, is_sound = row
        durable = self._durable
        db = durable.db
        durable.sweeping.settle()
        memo.stored = Stored(number, digest)
        memo.changed_at = changed_at
        memo.verified_at = verified_at if verified_at > 0 else 1
        if not memo.table.declaration.is_task:
            self.has_unlinked = True
            self.by_id[number] = memo
        db.counts.loaded += 1
        if is_dirty or number in durable.sweeping.dirt:
            memo.suspects = UNLOADED
        if effects is not None:
            self._adopt_effects(memo, effects)
        if not is_sound:
            self._durable.values.found_damage(memo)
        if memo.suspects is None and (not is_asked or self._durable.values.restore(memo, data)) and db.on_event is not None:
            db.on_event(events.DidLoad(memo))

    def _adopt_effects(self, memo: Memo, effects: bytes) -> None:
        """Take over what a memo's execution made."""
        memo.stored.effects = effects
        try:
            record.restore(self._durable, memo, effects)
        except record.Unrecordable:
            memo.suspects = GONE  # what it pushed is of a class that is gone: it runs again

    def _memo(self, declaration: Declaration, row: Row) -> Node:
        codec = self._durable.key_codec(declaration)
        if codec is None:
            return GONE
        try:
            values = decode_for(self._durable.db, codec, row.key)
        except CodecError:
            return GONE
        args = values[0] if declaration.arity == 1 else values
        db = self._durable.db
        memo = new_memo(db.ingredients[declaration.index], args)
        made = db.adopt(declaration, memo)
        if made is memo:
            self.adopt(memo, row, is_asked=False)
        elif made.stored is None and not made.verified_at and made.dependents is None:  # who has read it may have read something else
            self.adopt(made, row, is_asked=False)
        return made

    def again(self, memo: Memo) -> Memo | None:
        """The memo that stands now for one that was discarded: what it was keyed on may be back."""
        key = self._durable.key(memo)
        return None if key is None else self.of_key(memo.table.declaration, key)

    def of_key(self, declaration: Declaration, key: bytes) -> Memo | None:
        """The memo of an encoded key; None when it speaks of what is not there."""
        durable = self._durable
        codec = durable.key_codec(declaration)
        if codec is None:
            return None
        try:
            values = decode_for(durable.db, codec, key)
        except CodecError:
            return None
        return durable.db.find_memo(declaration, values[0] if declaration.arity == 1 else values)

    # -- nodes by id

    def node_of(self, dep: Dep, ahead: Sequence[Node | Dep] = ()) -> Node | None:
        """The node of a stored dependency; None when it is gone. Rows of those `ahead` may be read with it."""
        self._durable.flush()
        number = dep if type(dep) is int else dep[0]  # type: ignore[index]  # a side, by exclusion
        if number not in self.by_id and number not in self._ahead:
            near = [number]
            near += [other if type(other) is int else other[0] for other in ahead[:_AHEAD] if not isinstance(other, Node)]  # type: ignore[index]
            self._read_ahead(near)
        node = self._node(number)
        if type(dep) is not int and node is not GONE:
            node = self._side(node, dep[1])  # type: ignore[index]
        return None if node is GONE else node

    def nodes_of(self, ids: Sequence[int]) -> list[Node]:
        """The nodes of rows, without those that are gone."""
        self._read_ahead(ids)
        return [node for node in map(self._node, ids) if node is not GONE]

    def _read_ahead(self, ids: Iterable[int]) -> None:
        absent = [number for number in dict.fromkeys(ids) if number and number not in self.by_id and number not in self._ahead]
        rows = self._durable.following.read(lambda: self._durable.store.rows(absent)) if absent else ()
        self._ahead.update((row.id, row) for row in rows)

    def _read_ahead_in_cone(self, ids: Iterable[int]) -> None:
        """Make sure of rows, and read those of the dirty nodes near them with the same look."""
        absent = [number for number in ids if number and number not in self.by_id and number not in self._ahead]
        near: list[int] = []
        for number in absent:
            place = bisect_left(self._cone, number)
            if place < len(self._cone) and self._cone[place] == number:
                near += self._cone[place : place + _AHEAD]
                break
        if absent:
            self._read_ahead([*absent, *near])

    def _node(self, number: int) -> Node:
        found = self.by_id.get(number)
        if found is not None:
            return found
        row = self._ahead.pop(number, None)
        if row is None or not row.is_sound or row.name in self._durable.names.detached:
            return GONE
        declared = self._durable.names.declared(row.name)
        if declared is None:
            return GONE
        if not isinstance(declared, registry.Declared):
            return self._durable.inputs.node(declared, row)
        return self._memo(declared.declaration, row)

    def _side(self, node: Node, side: bytes) -> Node:
        found = sides.facet_of(self._durable, node, side) if isinstance(node, Memo) else None
        return GONE if found is None else found

    def facet_of(self, memo: Memo, facet: Facet) -> Node | None:
        """The same side of another memo."""
        side = sides.side_of(self._durable, facet)
        return None if side is None else sides.facet_of(self._durable, memo, side)

    # -- dependencies

    def first_specified(self, memo: Memo) -> Facet | None:
        """What a memo whose dependencies are in the store read first, if that is whether its value is specified."""
        with self._durable.lock:
            deps = self._durable.following.read(lambda: self._durable.store.deps([memo.stored.id])).get(memo.stored.id, ())
            first = deps[0] if deps else None
            if type(first) is not tuple or not sides.is_specified(first[1]):
                return None
            node = self.node_of(first)
            return node if isinstance(node, Facet) else None

    def load_suspects(self, memo: Memo) -> dict[Node, None]:
        """The nodes that made a stored memo dirty, in the order in which it read them."""
        with self._durable.lock:
            self._durable.flush()
            sweeping = self._durable.sweeping
            sweeping.settle()
            number = memo.stored.id
            suspects = sweeping.dirt.of(number)
            self._read_ahead([suspect.dep for suspect in suspects])
            if number not in sweeping.dirt or sweeping.dirt.is_stored(number):
                suspects = sorted({suspect.dep: suspect for suspect in (*self._stored_suspects(number), *suspects)}.values(), key=_place)
            elif not suspects:
                cause = self.by_id.get(sweeping.dirt.causes.get(number, 0))
                if cause is not None:
                    self._durable.db.reasons[memo] = (0, cause)
                return {}  # all that it had to look at is as it was
            nodes: dict[Node, None] = {}
            for suspect in suspects:
                sweeping.suspected(memo, suspect.dep)
                if suspect.has_sides:
                    nodes.update(dict.fromkeys(self._read_sides(memo, suspect.dep)))
                else:
                    nodes[self._node(suspect.dep)] = None
            return nodes or {GONE: None}

    def _stored_suspects(self, number: int) -> list[Suspect]:
        """What made a node dirty in the store; the rows of that are at hand then."""
        if number not in self._suspects:
            below = self._durable.following.read(lambda: self._durable.store.suspects(number))
            known = {suspect.dependent for suspect in below if suspect.dependent in self._suspects}
            for suspect in below:
                if suspect.dependent not in known:
                    self._suspects.setdefault(suspect.dependent, []).append(suspect)
            self._read_ahead([suspect.dep for suspect in below])
        found = self._suspects.get(number, [])
        self._read_ahead_in_cone([suspect.dep for suspect in found])
        return found

    def _read_sides(self, memo: Memo, number: int) -> list[Node]:
        """Every side of a node that a stored memo read; GONE for one that has come to something else since."""
        owner = self._node(number)
        kept = self._durable.store.present(memo.stored.id)
        if kept is None or owner is GONE:
            return [GONE]
        found: list[Node] = []
        for dep, read in zip(kept.deps, kept.reads, strict=True):
            if (dep if type(dep) is int else dep[0]) != number:  # type: ignore[index]
                continue
            node = owner if type(dep) is int else self._side(owner, dep[1])  # type: ignore[index]
            is_same = node is owner or (isinstance(node, Facet) and self._durable.values.came_to(node) == read)
            found.append(node if is_same else GONE)
        return found

    def link(self, memo: Memo) -> None:
        """Bring the dependencies of a loaded green memo into memory too, for those who follow the calls."""
        with self._durable.lock:
            deps = self._durable.following.read(lambda: self._durable.store.deps([memo.stored.id])).get(memo.stored.id, ())
            self._read_ahead([dep if type(dep) is int else dep[0] for dep in deps])  # type: ignore[index]
            nodes = [self.node_of(dep) or GONE for dep in deps]
            with self._durable.db.lock:
                replace_edges(self._durable.db, memo, dict.fromkeys(nodes))
            memo.stored.is_linked = True
