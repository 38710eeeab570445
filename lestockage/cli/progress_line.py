"""Progress line: where a long run is, on a terminal's standard error and nowhere else.

Rich is imported when there is something to show and the run has lasted long enough for a person to wonder; a quick run never pays for it.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress, TaskID

PATIENCE = 0.2
"""Seconds after which a run is worth a line."""


class ProgressLine:
    """A context in which progress may be reported by calling it (`workspace.progress.Progress`); the line is gone afterwards."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._bars: Progress | None = None
        self._stages: dict[str, TaskID] = {}

    @staticmethod
    def is_wanted() -> bool:
        """Whether somebody could be watching: standard error is a terminal."""
        return sys.stderr is not None and sys.stderr.isatty()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show that `done` of `total` pieces of a stage are done; a total of 0 is one that is not known."""
        if self._bars is None:
            if time.monotonic() - self._started < PATIENCE:
                return
            self._bars = _bars()
            self._bars.start()
        if stage not in self._stages:
            self._stages[stage] = self._bars.add_task(stage, total=total or None)
        self._bars.update(self._stages[stage], completed=done, total=total or None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bars is not None:
            self._bars.stop()


def _bars() -> Progress:
    """Return Rich's display, which leaves nothing behind when it stops."""
    from rich.console import Console  # noqa: PLC0415  # 60 ms, for those who wait anyway
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
