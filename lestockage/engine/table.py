"""Table: what one database holds of one declared query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.engine.annotations import refuse
from lestockage.engine.handle import Handle
from lestockage.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.engine.declaration import Declaration
    from lestockage.engine.node import Memo
    from lestockage.engine.runtime import Engine


def _refuse(_db: Engine, _args: Any) -> Any:
    """Stand for an async body where plain code would have to run it."""
    raise EngineError("an async query has to run again, and plain code cannot await it. Await the query first, or ask from an async query.")


class Table:
    """The memos of one query in one database, by key, and how often its body ran.

    The declaration is shared by all databases and holds no value; each database makes its own table from it.
    """

    __slots__ = (
        "copy",
        "cost",
        "declaration",
        "entries",
        "executed",
        "invoke",
        "is_equal",
        "lru",
        "may_be_stored",
        "reused",
        "timed",
        "used",
        "validated",
    )

    def __init__(self, declaration: Declaration) -> None:
        self.declaration = declaration
        self.entries: dict[Any, Memo] = {}
        self.invoke: Callable[[Engine, Any], Any] = _refuse if declaration.is_async else declaration.invoke
        self.is_equal: Callable[[Any, Any], bool] = declaration.is_equal
        self.copy: Callable[[Any], Any] | None = declaration.copy
        self.lru: int | None = declaration.lru
        self.used: dict[Memo, None] = {}
        """With a capacity: the memos that hold a value, the least recently used first."""
        self.may_be_stored = True
        """Whether the store may hold memos of this query that are not in memory."""
        self.cost = 0.0
        """Seconds that a body takes on average, callees not counted, as far as bodies were timed."""
        self.timed = 0
        self.executed = 0
        self.validated = 0
        self.reused = 0

    @property
    def name(self) -> str:
        """The query's stable name, `module.qualname`."""
        return self.declaration.name

    def register(self, memo: Memo) -> None:
        """Note a new memo with the handles among its arguments, so that it goes when they do; one of another class, or dead, is refused."""
        declaration = self.declaration
        args = declaration.tupled(memo.args)
        for index, classes in declaration.handles:
            argument = args[index]
            if not isinstance(argument, classes):
                parameter = declaration.parameters[index]
                raise refuse(f"{declaration.name}({parameter.name}=…)", parameter.check(argument) or "it is of another class")
            if isinstance(argument, Handle):
                argument._db.refuse_dead(argument)
                if declaration.arity > 1:
                    if argument._keyed is None:
                        argument._keyed = []
                    argument._keyed.append(memo)

    def describe(self, args: Any) -> str:
        """A call as people write it: `words(SourceFile(path='a.txt'))`."""
        return self.declaration.describe(args)

    def key(self, args: Any) -> Any:
        """The key under which a memo of these (bare or tupled) arguments is kept."""
        return self.declaration.key(args)
