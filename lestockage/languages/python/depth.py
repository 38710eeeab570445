"""Depth: room for source that is nested more deeply than Python's default stack allows."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

A = TypeVar("A")
R = TypeVar("R")

LEVELS = 100_000
STACK_BYTES = 512 * 1024 * 1024  # address space; the system provides pages as they are touched

_ONE_AT_A_TIME = threading.Lock()  # the recursion limit and the size of new stacks belong to the whole process


def with_room(work: Callable[[A], R], argument: A) -> R:
    """Return `work(argument)`, run in a thread with a large stack under a high recursion limit; whatever it raises is raised here.

    Parsing recurses in C, so a higher limit alone would crash the process. Costs a thread, so it is for the rare file that needs it.
    Raises RecursionError where even that is not enough, or where the system grants no such thread.
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
        try:
            threading.stack_size(STACK_BYTES)
            thread = threading.Thread(target=run, name="deep source", daemon=True)
            sys.setrecursionlimit(max(limit, LEVELS))
            thread.start()
            thread.join()
        except (RuntimeError, ValueError) as error:
            raise RecursionError("no thread with a stack large enough") from error
        finally:
            threading.stack_size(stack)
            sys.setrecursionlimit(limit)
    if failure:
        raise failure[0]
    return outcome[0]
