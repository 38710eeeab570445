"""Conftest: how the processes that run the tests look for cyclic garbage, and that they hear Ctrl-C."""

from __future__ import annotations

import gc
import signal
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


def pytest_configure() -> None:
    """Collect garbage less often, and have Ctrl-C interrupt.

    With Python's own thresholds a sixth of a run goes into walks over all that thousands of tests import and leave behind. A shell that
    starts a run in the background has it ignore Ctrl-C, and those who are told to ignore it pass that on to what they start.
    """
    gc.set_threshold(10_000, 10, 10)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def heap_aside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have a benchmark, which collects garbage around each step, walk what its test makes, and not all that was there before."""
    gc.freeze()
    # It sets aside what other ways have made, and puts everything back. By name: a worker measures coverage of what it imports after this file.
    monkeypatch.setattr(
        "lestockage.testing.benchmark.comparison.gc", SimpleNamespace(collect=gc.collect, freeze=lambda: None, unfreeze=lambda: None)
    )
    yield
    gc.unfreeze()
