"""Word graph: a small program of queries over texts, right or sabotaged, that benchmarks are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage import Database, Input, Key, query
from lestockage.testing.benchmark import QueryGraph

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

    from lestockage.testing.benchmark.peers import Memoize

unseen: dict[str, int] = {}
"""What the sabotaged query reads behind the database's back."""


class Text(Input):
    """One text."""

    path: Key[str]
    text: str


def count(text: str) -> int:
    """The number of words."""
    return len(text.split())


@query
def words(db: Database, file: Text) -> int:
    """The number of words of a text."""
    return count(file.text)


@query
def total(db: Database) -> int:
    """The number of words of all texts."""
    return sum(words(db, file) for file in Text.all(db))


@query
def sabotaged(db: Database) -> int:
    """A total that reads what no database sees: stale as soon as it changes."""
    return total(db) + sum(unseen.values()) + len(Text.all(db))


def plain(world: Mapping[str, str], memoize: Memoize) -> int:
    """The total without a database."""
    counted = memoize(count)
    return sum(counted(text) for text in world.values())


def remove(db: Database, path: str) -> None:
    """Delete a text."""
    file = Text.get(db, path=path)
    assert file is not None
    file.delete()


def more(text: str, chance: random.Random) -> str:
    """A text with a new word."""
    return f"{text} {chance.randrange(10**9)}"


def fresh(world: Mapping[str, str], chance: random.Random) -> tuple[str, str]:
    """A new text."""
    return f"new-{len(world)}-{chance.randrange(10**9)}", "one two"


def graph(size: int = 40, **other: Any) -> QueryGraph[str, str]:
    """Texts of 1 to 5 words, and their total."""
    given: dict[str, Any] = {"ask": total, "remove": remove, "change": more, "add": fresh, "plain": plain, **other}
    return QueryGraph(
        "words",
        inputs={f"{number:03}": "word " * (1 + number % 5) for number in range(size)},
        put=lambda db, path, text: Text(db, path=path, text=text),
        **given,
    )
