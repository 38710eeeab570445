"""Api: what type checkers must see of the public surface; checked by mypy and pyright in test_api.py, and never run.

A line that must be refused carries `# type: ignore[code]`: both checkers are told to report an ignore that ignores nothing.
"""

from __future__ import annotations

from collections.abc import Callable  # noqa: TC003  # as users write it
from typing import assert_type

from lestockage import Accumulator, Database, Input, Interned, Key, Lazy, Tracked, query, task, unloaded


class File(Input):
    path: Key[str]
    text: str
    size: int = 0
    data: Lazy[bytes] = b""

    @query
    def words(self, db: Database, at_least: int = 1) -> int:
        """A method as a query."""
        return len(self.text.split()) + at_least


class Name(Interned):
    text: str


class Symbol(Tracked):
    name: Key[str]
    line: int


class Problem(Accumulator):
    message: str


@query
def length(db: Database, file: File, *, factor: int = 1) -> int:
    return len(file.text) * factor


@query(lru=10, cycle_initial=lambda db, name: "", version=2)
def shown(db: Database, name: Name) -> str:
    return name.text


@task
def split(text: str) -> list[str]:
    return text.split()


@query
async def fetched(db: Database, file: File) -> str:
    return file.text


db = Database()

# constructors, through dataclass_transform
file = File(db, path="a", text="b")
File(db, path="a", text="b", size=3, data=unloaded(b"digest"))
File(db, path="a")  # type: ignore[call-arg]
File(db, path=1, text="b")  # type: ignore[arg-type]
File(db, path="a", text="b", colour="red")  # type: ignore[call-arg]
Name(db, text="x")
Name(db, text=b"x")  # type: ignore[arg-type]
Symbol(db, name="x", line=1)
Symbol(db, name="x")  # type: ignore[call-arg]
Problem(message="x").push(db)
Problem(massage="x")  # type: ignore[call-arg]

# fields
assert_type(file.path, str)
assert_type(file.data, bytes)
file.text = "c"
file.text = 3  # type: ignore[assignment]
Name(db, text="x").text = "y"  # type: ignore[misc]
Symbol(db, name="x", line=1).line = 2  # type: ignore[misc]

# class methods
assert_type(File.get(db, path="a"), File | None)
assert_type(File.all(db), tuple[File, ...])

# a query keeps its parameters and its return type
assert_type(length(db, file), int)
assert_type(length(db, file, factor=2), int)
assert_type(shown(db, Name(db, text="x")), str)
length(db)  # type: ignore[call-arg]
length(db, "a")  # type: ignore[arg-type]
length(db, file, 2)  # type: ignore[call-arg]
length(db, file, factor="2")  # type: ignore[arg-type]
length(file)  # type: ignore[call-arg, arg-type]
text: str = length(db, file)  # type: ignore[assignment]

# methods bind
assert_type(file.words(db), int)
assert_type(file.words(db, at_least=2), int)
assert_type(File.words(file, db), int)
file.words()  # type: ignore[call-arg]
file.words(db, "2")  # type: ignore[arg-type]

# what else a query can do
assert_type(length.accumulated(Problem, db, file), tuple[Problem, ...])
length.accumulated(Problem, db)  # type: ignore[call-arg]
length.accumulated(int, db, file)  # type: ignore[type-var]
length.specify(db, file, value=3)
shown.set_lru(db, 3)
shown.set_lru(db, "3")  # type: ignore[arg-type]

# tasks take a database in front
assert_type(split(db, "a b"), list[str])
split("a b")  # type: ignore[call-arg, arg-type]
split(db, 3)  # type: ignore[arg-type]


async def asynchronous() -> None:
    """An async query is awaited."""
    assert_type(await fetched(db, file), str)


# the database
with Database("memo.db", on_event=print) as opened:
    assert_type(opened, Database)
with db.write():
    file.size = 2
counting: Callable[[Database, File], int] = length


@query(unknown=True)  # type: ignore[call-overload, untyped-decorator]
def misdeclared(db: Database) -> int:
    return 0
