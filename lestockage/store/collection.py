"""Collection: one garbage collection of a memo store, slice by slice; readers and writers go on in between."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from lestockage.store.epochs import epoch_before
from lestockage.store.memo_garbage import MemoGarbage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from lestockage.store.connection import StoreFile

_SLICES_AT_ONCE: Final = 16


class Collected(NamedTuple):
    """What a collection took out: rows of memos and of deleted inputs, results of earlier states, values; the file's size in bytes."""

    memos: int
    traces: int
    values: int
    bytes_before: int
    bytes_after: int


class Collection:
    """A collection of one file. `writing` begins its transactions, and says whether others have to hear of it; `keep` holds rows back."""

    def __init__(self, file: StoreFile, writing: Callable[[bool], AbstractContextManager[None]], keep: Callable[[int], bool]) -> None:
        self._file = file
        self._garbage = MemoGarbage(file)
        self._writing = writing
        self._keep = keep
        self._memos = 0
        self._traces = 0
        self._values = 0

    def run(self, gone: Sequence[int], *, max_age: float | None, max_traces: int | None, max_bytes: int | None) -> Collected:
        """Take out what belongs to the names that are gone, and what is over the limits: seconds, results of earlier states, bytes."""
        garbage = self._garbage
        before = garbage.bytes_in_all()
        if gone:
            self._drop_all(lambda after: garbage.of_names(gone, after))
        epoch = None if max_age is None else epoch_before(self._file, max_age)
        if epoch is not None:
            while self._drop_traces(garbage.traces(epoch.revision)):
                pass
            for candidates in (garbage.dirty, garbage.cells_of_deleted, garbage.of_tasks):
                self._drop_all(partial(candidates, before=epoch))
        if max_traces is not None:
            while (excess := garbage.count_traces() - max_traces) > 0:
                self._drop_traces(garbage.traces()[:excess])
        self._drop_values()
        if max_bytes is not None:
            self._fit(max_bytes)
        garbage.give_back()
        return Collected(self._memos, self._traces, self._values, before, garbage.bytes_in_all())

    def _fit(self, max_bytes: int) -> None:
        """Take out what is not needed, the least needed first, until no more bytes are used."""
        garbage = self._garbage
        while garbage.bytes_used() > max_bytes and any(self._drop_traces(garbage.traces()) for _ in range(_SLICES_AT_ONCE)):
            self._drop_values()
        for candidates in (garbage.dirty, garbage.cells_of_deleted, garbage.of_tasks):
            after: int | None = 0
            while after is not None and garbage.bytes_used() > max_bytes:
                after = self._drop_all(candidates, after, slices=_SLICES_AT_ONCE)
                self._drop_values()

    def _drop_traces(self, traces: Sequence[tuple[int, int]]) -> bool:
        """Take out results of earlier states; False when there were none."""
        if traces:
            with self._writing(False):
                self._garbage.drop_traces(traces)
            self._traces += len(traces)
        return bool(traces)

    def _drop_all(self, candidates: Callable[[int], list[int]], after: int = 0, slices: int = -1) -> int | None:
        """Take out the candidates of some slices, or all; where the next begins, None at the end. Without candidates nothing is written."""
        while slices:
            ids = candidates(after)
            if not ids:
                return None
            if not all(map(self._keep, ids)):
                with self._writing(True):
                    going = [number for number in candidates(after) if number <= ids[-1] and not self._keep(number)]
                    self._garbage.drop(going)
                self._memos += len(going)
            after = ids[-1]
            slices -= 1
        return after

    def _drop_values(self) -> None:
        """Take out the values that no row names; the rows are read again whenever somebody has written since, as theirs may name one."""
        with self._file.snapshot():
            stamp = self._stamp()
            referenced = self._garbage.referenced()
        after = b""
        while hashes := self._garbage.values(after):
            after = hashes[-1]
            if all(_is_among(referenced, found) for found in hashes):
                continue
            with self._writing(False):
                if self._stamp() != stamp:
                    referenced = self._garbage.referenced()
                gone = [found for found in hashes if not _is_among(referenced, found)]
                self._garbage.drop_values(gone)
                stamp = self._stamp()
            self._values += len(gone)

    def _stamp(self) -> tuple[int, int]:
        """Changes when anybody writes to the file, in this process or another."""
        return self._file.foreign_commits(), self._file.total_changes


def _is_among(referenced: set[int], found: bytes) -> bool:
    """Whether a value is one that rows name, as far as eight bytes of its hash tell."""
    return int.from_bytes(found[:8], "big") in referenced
