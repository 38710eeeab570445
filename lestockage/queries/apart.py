"""Apart: a project linked for the first time in another process, which says what calls lead to, and then gives the pages of its linker."""

from __future__ import annotations

import os
import signal
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, TypeVar

from lestockage.languages.python.linker.linker import Linker
from lestockage.languages.python.linker.results import file_calls
from lestockage.languages.python.linker.targets import encode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor, Future

    from lestockage.languages.python.linker.kept import PageNumber
    from lestockage.languages.python.linker.program import FileShape, Key

    Page = tuple[int, PageNumber, bytes]

T = TypeVar("T")

_BATCH: Final = 1 << 22
"""Bytes of pages that are sent together."""


class LostWorkerError(Exception):
    """The other process died; caught by who has it work."""


class Apart:
    """Linking that another process is at work on: the only one of an executor, which is shut down when it is done."""

    def __init__(self, executor: Executor, shapes: dict[str, FileShape], order: list[str], flows: dict[Key, bytes]) -> None:
        """Begin to link files by their shapes and the summaries of their units; `order` as for `Linker.update`."""
        self._executor = executor
        with _broken():
            self._process = executor.submit(os.getpid)
            self._calls = executor.submit(_link, shapes, order, flows)
            self._head = executor.submit(_give_head)
            self._next = executor.submit(_give_pages)

    def calls(self) -> dict[str, bytes]:
        """Wait for what calls of each file lead to, encoded.

        Raises:
            LostWorkerError: the other process died.
        """
        return _result(self._calls)

    def head(self) -> bytes:
        """Return the head of the linker.

        Raises:
            LostWorkerError: the other process died.
        """
        return _result(self._head)

    def pages(self) -> Iterator[Page]:
        """Give all pages of the linker, and end the other process.

        Raises:
            LostWorkerError: the other process died.
        """
        try:
            while batch := _result(self._next):
                with _broken():
                    self._next = self._executor.submit(_give_pages)
                yield from batch
        finally:
            self._executor.shutdown(wait=False)

    def close(self) -> None:
        """End the other process, whatever it is at work on: nobody asks for the rest."""
        self._executor.shutdown(wait=False, cancel_futures=True)
        if self._process.done() and not self._process.cancelled() and self._process.exception() is None:
            with suppress(ProcessLookupError):
                os.kill(self._process.result(), signal.SIGTERM)


@contextmanager
def _broken() -> Iterator[None]:
    """Say of an executor whose process died that the worker is lost."""
    try:
        yield
    except BrokenExecutor:
        raise LostWorkerError from None


def _result(future: Future[T]) -> T:
    with _broken():
        return future.result()


_linkers: list[Linker] = []
_pages: list[Iterator[Page]] = []


def _link(shapes: dict[str, FileShape], order: list[str], flows: dict[Key, bytes]) -> dict[str, bytes]:
    """Link, in the other process."""
    linker = Linker()
    linker.update(shapes, (), order, flows.__getitem__)
    _linkers.append(linker)
    _pages.append(linker.changed_pages())
    return {path: encode(file_calls(linker, path)) for path in shapes}


def _give_head() -> bytes:
    return _linkers[0].head()


def _give_pages() -> list[Page]:
    """Return the next pages; none when there are no more."""
    batch: list[Page] = []
    size = 0
    for page in _pages[0]:
        batch.append(page)
        size += len(page[2])
        if size >= _BATCH:
            break
    return batch
