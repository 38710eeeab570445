"""Depth: continue a deep chain of calls on a fresh stack, so that it is bounded by memory and not by the interpreter.

CPython bounds recursion per thread, and a C stack overflow kills the process. When half of the recursion limit is used, the next query
runs in a new thread while this one waits; the limit that the user set is left alone, and no segment's C stack gets near its end.
"""

from __future__ import annotations

import sys
import threading
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

CHECK_EVERY = 16
"""Queries between two looks at the stack: with the default limit of 1,000, up to 30 Python frames a query fit between them."""


def is_deep() -> bool:
    """Whether half of this thread's recursion limit is used."""
    try:
        sys._getframe(sys.getrecursionlimit() // 2)  # the one way to ask without walking in Python
    except ValueError:
        return False
    return True


def on_fresh_stack(call: Callable[..., T], *args: Any, interrupted: Callable[[], None]) -> T:
    """Run `call(*args)` in a new thread with this one's context, wait, and return what it returned or raise what it raised.

    An exception that arrives while waiting (Ctrl-C) calls `interrupted`, waits for the other thread to stop, and goes on.
    """
    results: list[T] = []
    failures: list[BaseException] = []
    done = threading.Event()
    # Taken by the new thread when it begins, or by this one to keep it from beginning: an interrupt may arrive while it is being started.
    permission = threading.Lock()

    def run() -> None:
        if not permission.acquire(blocking=False):
            return
        try:
            results.append(call(*args))
        except BaseException as error:  # noqa: BLE001  # raised again in the waiting thread
            failures.append(error)
        finally:
            done.set()

    context = copy_context()
    try:
        threading.Thread(target=context.run, args=(run,), name="lestockage-stack", daemon=True).start()
        done.wait()
    except BaseException:
        if not permission.acquire(blocking=False):
            interrupted()
            done.wait()
        raise
    if failures:
        try:
            raise failures[0]
        finally:
            failures.clear()
    return results[0]
