"""Frame: one query that is being verified or executed, and which one the running code belongs to.

The current frame lives in a context variable, so threads and asyncio tasks each see their own; docs/decisions/0002 has the figures.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from lestockage.engine.cycle import Group
    from lestockage.engine.node import Memo, Node
    from lestockage.engine.runtime import Engine


class Effects:
    """What an execution leaves beside its value; most executions leave nothing and never make one."""

    __slots__ = ("created", "ordinals", "pushed", "specified")

    def __init__(self) -> None:
        self.pushed: list[Any] = []
        """Accumulated values in the order they were pushed."""
        self.created: dict[Any, Any] = {}
        """Tracked structs by identity."""
        self.ordinals: dict[Any, int] = {}
        """How many tracked structs of one class and key were created so far."""
        self.specified: dict[Memo, Any] = {}
        """Memos whose value this execution specified."""


class Frame:
    """A claimed memo on its way to green.

    `reads` are the nodes read so far, in order of first read. `caller` is the frame that asked, None for the outermost; `root` is the
    outermost frame of the same line of calls. `group` is set once the frame turns out to take part in a cycle.
    """

    __slots__ = ("caller", "db", "depth", "effects", "group", "memo", "reads", "root")

    def __init__(self, db: Engine, memo: Memo, caller: Frame | None) -> None:
        self.db = db
        self.memo = memo
        self.caller = caller
        self.reads: dict[Node, None] = {}
        self.effects: Effects | None = None
        self.group: Group | None = None
        if caller is None:
            self.root = self
            self.depth = 0
        else:
            self.root = caller.root
            self.depth = caller.depth + 1

    def left(self) -> Effects:
        """The frame's side outputs, made on first use."""
        if self.effects is None:
            self.effects = Effects()
        return self.effects


_CURRENT: Final[ContextVar[Frame | None]] = ContextVar("lestockage_frame", default=None)
current = _CURRENT.get
"""The frame of the query whose body is running in this thread or task, or None."""
enter = _CURRENT.set
"""Make a frame the current one; the token that it returns leads back."""
leave = _CURRENT.reset
"""Make the frame before `enter` the current one again."""


def stack(frame: Frame | None) -> list[Frame]:
    """The frames from the given one outwards."""
    frames = []
    while frame is not None:
        frames.append(frame)
        frame = frame.caller
    return frames
