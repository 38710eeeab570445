"""Prefetch: have task results computed elsewhere, by any executor, and keep them here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from lestockage.engine.prefetch_leases import PrefetchLeases
from lestockage.engine.task import Known, learn

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from lestockage.engine.runtime import Engine

Work = Callable[[Any], Iterable[Known]]
"""What a worker runs for one argument: a function (importable by name) that yields the results it has found out."""

_IN_FLIGHT = 4
"""Arguments that wait in an executor's queue, a worker: enough to keep it busy, few enough to hold in memory."""


def run(work: Work, argument: Any) -> list[Known]:
    """Run the work for one argument; what an executor is given."""
    declaration = getattr(work, "declaration", None)
    if declaration is not None:
        value = declaration.function(argument)
        return [work.known(value, argument)]  # type: ignore[attr-defined]  # a task
    return list(work(argument))


def prefetch(
    db: Engine, work: Work, arguments: Iterable[Any], *, executor: Executor | None, progress: Callable[[Any], None] | None = None
) -> int:
    """Run `work` for every argument on an executor (in this thread without one) and keep what it found out; returns how many results.

    `work` is a task of one argument, or a function that yields `some_task.known(value, argument)`. `progress` is called with each argument
    when it is done. When a worker dies, what it and the others had not finished is computed here. Of a task, what other processes on the
    same file are at work on is left to them, and not counted.

    Raises:
        Whatever the work raises; results that arrived before are kept.
    """
    count = 0
    leases = PrefetchLeases(db, work)

    def keep(argument: Any, results: list[Known]) -> int:
        for known in results:
            learn(db, known)
        leases.finished(argument)
        if progress is not None:
            progress(argument)
        return len(results)

    try:
        for argument, results in _results(work, leases.mine(arguments), executor):
            count += keep(argument, results)
        for argument in leases.left:
            count += keep(argument, [] if leases.was_found(argument) else run(work, argument))
    finally:
        leases.give_back()
    return count


def _results(work: Work, arguments: Iterable[Any], executor: Executor | None) -> Iterator[tuple[Any, list[Known]]]:
    if executor is None:
        yield from ((argument, run(work, argument)) for argument in arguments)
        return
    limit = _IN_FLIGHT * (getattr(executor, "_max_workers", None) or 4)
    remaining = iter(arguments)
    running: dict[Future[list[Known]], Any] = {}
    lost: list[Any] = []
    try:
        for argument in remaining:
            running[executor.submit(run, work, argument)] = argument
            if len(running) >= limit:
                yield from _finished(running, lost)
            if lost:
                break
        while running:
            yield from _finished(running, lost)
    except RuntimeError:
        # The executor takes no more work: one of its processes died. The argument at hand is the one not submitted.
        lost.append(argument)
        while running:
            yield from _finished(running, lost)
    finally:
        for future in running:
            future.cancel()
    yield from ((argument, run(work, argument)) for argument in lost)
    yield from ((argument, run(work, argument)) for argument in remaining)


def _finished(running: dict[Future[list[Known]], Any], lost: list[Any]) -> Iterator[tuple[Any, list[Known]]]:
    """Wait for at least one result; arguments whose worker died go to `lost`."""
    from concurrent.futures import FIRST_COMPLETED, wait  # noqa: PLC0415  # whoever made the executor has paid for it

    done, _ = wait(running, return_when=FIRST_COMPLETED)
    for future in done:
        argument = running.pop(future)
        error = future.exception()
        if error is None:
            yield argument, future.result()
        elif isinstance(error, RuntimeError) and type(error).__name__.startswith("Broken"):
            lost.append(argument)
        else:
            raise error
