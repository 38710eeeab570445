"""Query graph: a world of keyed values that become inputs, and a program of queries over them: the harness for users' own graphs.

```python
graph = QueryGraph(
    "words",
    inputs={"a.txt": "one two", "b.txt": "three"},
    put=lambda db, path, text: SourceFile(db, path=path, text=text),
    remove=lambda db, path: SourceFile.get(db, path=path).delete(),
    change=lambda text, random: f"{text} {random.random()}",
    ask=total,
)
table = compare(graph, graph.ways(), Path(folder))
```
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from blake3 import blake3

from lestockage.testing.benchmark.database_session import DatabaseSession
from lestockage.testing.benchmark.peers import peer_ways
from lestockage.testing.benchmark.way import four_ways
from lestockage.testing.benchmark.world import Edit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lestockage.database import Database
    from lestockage.testing.benchmark.peers import Memoize
    from lestockage.testing.benchmark.way import Session, Way

K = TypeVar("K")
V = TypeVar("V")


class _Gone:
    """What an edit gives for a key that it removes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "GONE"


GONE: Final = _Gone()
_BRANCH = 0.05
"""The share of inputs in which the other branch differs."""


_Change = Callable[[Mapping[K, V], random.Random], Mapping[K, V | _Gone]]
"""How a world is edited: what its values should be from now on, by key."""


class QueryGraph(Generic[K, V]):
    """Values by key, and what is asked of them.

    * `inputs`: the first state. `put(db, key, value)` makes or sets the input of a key, `remove(db, key)` deletes it.
    * `ask(db)`: asks the queries and returns what is compared; `plain(world, memoize)`, if given, returns the same from the values
      alone, with the pure functions that it calls passed through `memoize` (`peers`): so memoizers can be measured too.
    * `change(value, random)`: a new value: gives the kinds "one input", "1 %", "10 %" and "every input", "same value", "branch switch".
      `add(world, random)`: a new key and its value; with `remove`, keys are also taken away.
    * `edits`: further kinds by name, `edit(world, random) -> {key: new value, or GONE}`; an empty answer: nothing to edit.
      `branch`, of the same shape: how the other branch differs; without it, a twentieth of all values is changed there.

    Equal arguments and seeds make equal edits. Values should have a `repr` that is theirs alone: it tells states apart.
    """

    def __init__(  # noqa: PLR0913  # what a program is made of, by name
        self,
        name: str,
        *,
        inputs: Mapping[K, V],
        put: Callable[[Database, K, V], object],
        ask: Callable[[Database], object],
        remove: Callable[[Database, K], object] | None = None,
        change: Callable[[V, random.Random], V] | None = None,
        add: Callable[[Mapping[K, V], random.Random], tuple[K, V]] | None = None,
        edits: Mapping[str, _Change[K, V]] | None = None,
        branch: _Change[K, V] | None = None,
        plain: Callable[[Mapping[K, V], Memoize], object] | None = None,
        seed: int = 0,
    ) -> None:
        self.name = name
        self.ask = ask
        self.plain = plain
        self.values: dict[K, V] = dict(inputs)
        self._base = dict(inputs)
        self._put = put
        self._remove = remove
        self._change = change
        self._random = random.Random(seed)  # noqa: S311  # reproducible, not secret
        self._other: dict[K, V] | None = None
        self.log: list[tuple[K, V | _Gone]] = []
        self.seen: dict[Path, int] = {}
        """How much of the log the file in a folder has been told."""
        self._edits = self._standard(add, branch) + [Edit(kind, self._made(edit)) for kind, edit in (edits or {}).items()]

    @property
    def edits(self) -> Sequence[Edit]:
        """Every kind that the given functions make possible."""
        return self._edits

    def ways(self, *, peers: bool = True) -> tuple[Way, ...]:
        """The four ways of a durable database, and those memoizers that are installed, where there is a `plain` program for them."""
        found = four_ways(self.open)
        return found + peer_ways(self, self.plain) if peers and self.plain is not None else found

    def open(self, folder: Path) -> Session:
        """Open a database in a folder."""
        return DatabaseSession(self, folder)

    def changes_since(self, position: int | None) -> dict[K, V | _Gone]:
        """The last value of every key that was edited since a position in the log; all there is for None."""
        return dict(self.values) if position is None else dict(self.log[position:])

    def set_input(self, db: Database, key: K, value: V | _Gone) -> None:
        """Tell a database of one key's value.

        Raises:
            TypeError: a key is gone, and nothing says how to delete an input.
        """
        if not isinstance(value, _Gone):
            self._put(db, key, value)
        elif self._remove is None:
            raise TypeError(f"{self.name}: an edit removed {key!r}, and there is no `remove`")
        else:
            self._remove(db, key)

    def reset(self) -> None:
        """Go back to the first state."""
        self._go_to(self._base)

    def digest(self) -> str:
        """The digest of all keys and values as they print."""
        lines = sorted(f"{key!r}: {value!r}" for key, value in self.values.items())
        return blake3("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()

    def facts(self) -> dict[str, int]:
        """How many inputs there are."""
        return {"inputs": len(self.values)}

    def _standard(self, add: Callable[[Mapping[K, V], random.Random], tuple[K, V]] | None, branch: _Change[K, V] | None) -> list[Edit]:
        found = []
        change = self._change
        if change is not None and self._base:
            found += [
                Edit("one input", self._made(self._some(change, 0)), 1 / len(self._base)),
                Edit("1 % of inputs", self._made(self._some(change, 0.01)), 0.01),
                Edit("10 % of inputs", self._made(self._some(change, 0.1)), 0.1),
                Edit("every input", self._made(self._some(change, 1)), 1.0),
                Edit("same value", self._made(lambda world, chance: {key: world[key] for key in chance.sample([*world], 1)})),
            ]
            branch = branch or self._some(change, _BRANCH)
        if branch is not None:
            found.append(Edit("branch switch", self._switch, None, lambda: self._go_to_branch(branch)))
        if add is not None:
            found.append(Edit("add input", self._made(lambda world, chance: dict([add(world, chance)]))))
        if self._remove is not None:
            found.append(Edit("remove input", self._made(lambda world, chance: {chance.choice([*world]): GONE} if world else {})))
        return found

    def _some(self, change: Callable[[V, random.Random], V], share: float) -> _Change[K, V]:
        """An edit of a share of all values, at least one."""

        def edit(world: Mapping[K, V], chance: random.Random) -> dict[K, V | _Gone]:
            return {key: change(world[key], chance) for key in chance.sample([*world], max(1, round(share * len(world))))}

        return edit

    def _made(self, edit: _Change[K, V]) -> Callable[[], str | None]:
        """An edit that takes place, and says which keys it changed."""

        def make() -> str | None:
            changes = edit(self.values, self._random)
            self._apply(changes)
            return _told(changes)

        return make

    def _go_to_branch(self, branch: _Change[K, V]) -> None:
        """Make the other branch, and go there."""
        self._apply(branch(self.values, self._random))
        self._other = dict(self.values)

    def _switch(self) -> str | None:
        """Go to the branch where the world is not."""
        if self._other is None:
            return None
        is_there = self.values == self._other
        self._go_to(self._base if is_there else self._other)
        return "to the first branch" if is_there else "to the other branch"

    def _go_to(self, state: Mapping[K, V]) -> None:
        missing: Any = object()
        changes: dict[K, V | _Gone] = {key: GONE for key in self.values if key not in state}
        changes.update({key: value for key, value in state.items() if self.values.get(key, missing) != value})
        self._apply(changes)

    def _apply(self, changes: Mapping[K, V | _Gone]) -> None:
        for key, value in changes.items():
            if isinstance(value, _Gone):
                del self.values[key]
            else:
                self.values[key] = value
            self.log.append((key, value))


def _told(changes: Mapping[Any, Any]) -> str | None:
    """Which keys an edit changed; None for none."""
    if not changes:
        return None
    first = ", ".join(f"{key}" for key in list(changes)[:2])
    return first if len(changes) <= 2 else f"{first} and {len(changes) - 2:,} more"
