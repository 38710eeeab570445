"""Benchmark of your queries: what an edit costs, against a rebuild and memoizers; `python -m examples.benchmark_your_queries`.

A few texts, the words in each, and which words they share: those depend on all texts, so a memoizer looks at every text after every edit.
An edit that changes no set of words (another order) stops there.
"""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from lestockage import Database, Input, Key, query
from lestockage.testing.benchmark import QueryGraph, compare
from lestockage.testing.benchmark.text_report import text_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lestockage.testing.benchmark.peers import Memoize

WORDS = tuple(f"word{number}" for number in range(500))


class Text(Input):
    """One text."""

    path: Key[str]
    text: str


def words_of(text: str) -> frozenset[str]:
    """The different words of a text: the pure part, which a memoizer can remember too."""
    return frozenset(text.split())


@query
def words(db: Database, file: Text) -> frozenset[str]:
    """The different words of one text."""
    return words_of(file.text)


@query
def common(db: Database) -> frozenset[str]:
    """The words that are in every text."""
    found = [words(db, file) for file in Text.all(db)]
    return frozenset.intersection(*found) if found else frozenset()


def plain(world: Mapping[str, str], memoize: Memoize) -> frozenset[str]:
    """The same without a database: every text is looked at after every edit."""
    remembered = memoize(words_of)
    found = [remembered(text) for text in world.values()]
    return frozenset.intersection(*found) if found else frozenset()


def written(chance: random.Random) -> str:
    """A text of a few thousand words."""
    return " ".join(chance.choices(WORDS, k=3_000))


def reworded(text: str, chance: random.Random) -> str:
    """A text with a word more."""
    return f"{text} new{chance.randrange(10**6)}"


def shuffled(world: Mapping[str, str], chance: random.Random) -> dict[str, str]:
    """An edit that changes no result: the words of one text in another order."""
    path = chance.choice([*world])
    found = world[path].split()
    chance.shuffle(found)
    return {path: " ".join(found)}


def remove(db: Database, path: str) -> None:
    """Delete a text."""
    file = Text.get(db, path=path)
    if file is not None:
        file.delete()


def graph(texts: int = 100) -> QueryGraph[str, str]:
    """The texts, how they are edited, and what is asked."""
    chance = random.Random(1)  # noqa: S311  # reproducible, not secret
    return QueryGraph(
        "common words",
        inputs={f"{number}.txt": written(chance) for number in range(texts)},
        put=lambda db, path, text: Text(db, path=path, text=text),
        remove=remove,
        change=reworded,
        add=lambda world, chance: (f"added{len(world)}.txt", written(chance)),
        ask=common,
        plain=plain,
        edits={"same words": shuffled},
    )


def main(texts: int = 100, edits: int = 5, kinds: Sequence[str] | None = None) -> None:
    """Measure all kinds of edits, or some, and print the table."""
    world = graph(texts)
    with tempfile.TemporaryDirectory() as folder:
        print(text_table(compare(world, world.ways(), Path(folder), edits=edits, kinds=kinds)), end="")


if __name__ == "__main__":
    main()
