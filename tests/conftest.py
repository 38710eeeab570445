"""Conftest: how the processes that run the tests look for cyclic garbage, measure coverage, and hear Ctrl-C."""

from __future__ import annotations

import gc
import signal
import sys
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator


def pytest_configure() -> None:
    """Collect garbage less often, and have Ctrl-C interrupt.

    With Python's own thresholds a sixth of a run goes into walks over all that thousands of tests import and leave behind. A shell that
    starts a run in the background has it ignore Ctrl-C, and those who are told to ignore it pass that on to what they start.
    """
    gc.set_threshold(10_000, 10, 10)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what takes long first, so that no process is at work on it when the others have nothing left to take over."""
    items.sort(key=lambda item: item.get_closest_marker("no_cover") is None)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Trace no line of a test that is marked `no_cover`.

    In a process of xdist's, pytest-cov has two measurements, one within the other: the mark ends the inner one, and the outer goes on.
    """
    if item.get_closest_marker("no_cover") is None:
        return (yield)
    found, in_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(found)
        threading.settrace(in_threads)


@pytest.fixture
def swept() -> Iterator[None]:
    """Collect what a test has left, where that is so much that every later walk over the heap would take seconds."""
    yield
    gc.collect()


@pytest.fixture
def heap_aside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have a benchmark, which collects garbage around each step, walk what its test makes, and not all that was there before."""
    gc.collect()  # how much is frozen is counted object by object, garbage too
    gc.freeze()
    # A benchmark sets aside what its other ways have made, and then puts everything back.
    left = SimpleNamespace(collect=gc.collect, freeze=lambda: None, unfreeze=lambda: None)
    # By name: this file is imported before a worker begins to measure coverage.
    monkeypatch.setattr("lestockage.testing.benchmark.comparison.gc", left)
    yield
    gc.unfreeze()
