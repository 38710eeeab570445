"""Depth: room for source that is nested more deeply than Python's default stack allows."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

A = TypeVar("A")
R = TypeVar("R")

# On Python 3.11 the parser recurses in C, bounded by three times the recursion limit, at less than 100 bytes a level (measured).
LEVELS = 100_000  # the recursion limit while there is room
STACK_BYTES = 64 * 1024 * 1024  # twice what LEVELS can use; address space, the system provides pages as they are touched
SAFE_LIMIT = 10_000  # the highest recursion limit under which no source overflows an ordinary stack of 8 MB

_ONE_AT_A_TIME = threading.Lock()  # the recursion limit and the size of new stacks belong to the whole process


def is_safe_here() -> bool:
    """Tell whether source of any depth can be parsed on the calling thread: it ends in RecursionError there, never in a crash.

    Not so under a recursion limit that somebody has raised: it no longer protects the C stack.
    """
    return sys.getrecursionlimit() <= SAFE_LIMIT


def with_room(work: Callable[[A], R], argument: A) -> R:
    """Return `work(argument)`, run in a thread with a large stack and a recursion limit to match; whatever it raises is raised here.

    Costs a thread, so it is for what needs it. Raises RuntimeError where the system grants no such thread.
    """
    outcome: list[R] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(work(argument))
        except BaseException as error:  # noqa: BLE001  # carried to the caller's thread and raised there
            failure.append(error)

    with _ONE_AT_A_TIME:
        limit = sys.getrecursionlimit()
        stack = threading.stack_size()
        thread = threading.Thread(target=_limited(run), name="deep source", daemon=True)
        try:
            threading.stack_size(STACK_BYTES)
            thread.start()
            thread.join()
        finally:
            threading.stack_size(stack)
            if sys.getrecursionlimit() == LEVELS:  # nobody else has set it meanwhile
                sys.setrecursionlimit(limit)
    if failure:
        raise failure[0]
    return outcome[0]


def _limited(run: Callable[[], None]) -> Callable[[], None]:
    def start() -> None:
        sys.setrecursionlimit(LEVELS)  # from here, since a limit can't be set below the depth of the thread that sets it
        run()

    return start
