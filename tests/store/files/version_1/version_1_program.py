"""The program whose memos are in `version-1.db`; imported by the test that opens the file, under this very name."""

from __future__ import annotations

from lestockage import Database, Input, Key, query, task


class Leaf(Input):
    """One number."""

    i: Key[int]
    v: int


@query
def doubled(db: Database, leaf: Leaf) -> int:
    """A small result."""
    return leaf.v * 2


@query
def described(db: Database, leaf: Leaf) -> dict[str, str]:
    """A result that is longer than a hash."""
    return {"text": f"the leaf {leaf.i} doubled is {doubled(db, leaf)}" * 3}


@query
def total(db: Database) -> int:
    """A result with many dependencies."""
    return sum(doubled(db, leaf) for leaf in Leaf.all(db))


@task
def squared(n: int) -> int:
    """A result that depends on its argument only."""
    return n * n


def ask(db: Database) -> dict[str, object]:
    """Every answer of the program."""
    return {
        "total": total(db),
        "described": [described(db, leaf) for leaf in sorted(Leaf.all(db), key=lambda leaf: leaf.i)],
        "squared": [squared(db, n) for n in range(3)],
    }
