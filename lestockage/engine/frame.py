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
    outermost frame of the same line of calls, None once that is over. `group` is set once the frame turns out to take part in a cycle.
    Made by `new_frame`: a call of `__init__` would cost as much as the rest, and wrappers spell its lines out.
    """

    __slots__ = ("caller", "db", "depth", "effects", "group", "memo", "reads", "root")

    db: Engine
    memo: Memo
    caller: Frame | None
    reads: dict[Node, None]
    effects: Effects | None
    group: Group | None
    root: Frame | None
    depth: int

    def left(self) -> Effects:
        """The frame's side outputs, made on first use."""
        if self.effects is None:
            self.effects = Effects()
        return self.effects


def new_frame(db: Engine, memo: Memo, caller: Frame | None) -> Frame:
    """A frame that has read nothing yet."""
    frame = Frame()
    frame.db = db
    frame.memo = memo
    frame.caller = caller
    frame.reads = {}
    frame.effects = frame.group = None
    if caller is None:
        frame.root = frame
        frame.depth = 0
    else:
        frame.root = caller.root
        frame.depth = caller.depth + 1
    return frame


_CURRENT: Final[ContextVar[Frame | None]] = ContextVar("lestockage_frame", default=None)
current = _CURRENT.get
"""The frame of the query whose body is running in this thread or task, or None."""
enter = _CURRENT.set
"""Make a frame the current one, or none: first that whose body is to run, inside the block that makes the one before it current again."""


def stack(frame: Frame | None) -> list[Frame]:
    """The frames from the given one outwards."""
    frames = []
    while frame is not None:
        frames.append(frame)
        frame = frame.caller
    return frames
