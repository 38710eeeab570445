"""Progress line: where a long run is, on a terminal's standard error and nowhere else.

Rich is imported when the run has lasted long enough for a person to wonder; a quick run never pays for it. A command that lasts and reports
nothing has a line without an end (`waiting`), until it reports or says something.
"""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from rich.progress import Progress, TaskID

PATIENCE = 0.2
"""Seconds after which a run is worth a line."""
SHOWN = 6
"""Stages on the screen at once, as far as they are done."""
LONG = 1.0
"""Seconds after which one that reports nothing is."""


class ProgressLine:
    """A context in which progress may be reported by calling it (`workspace.progress.Progress`); the line is gone afterwards."""

    def __init__(self, patience: float | None = None) -> None:
        self._patience = PATIENCE if patience is None else patience
        self._lock = threading.Lock()
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._stages: dict[str, tuple[int, int]] = {}
        self._timer: threading.Timer | None = None
        self._is_over = False

    @staticmethod
    def is_wanted() -> bool:
        """Whether somebody could be watching: standard error is a terminal."""
        return sys.stderr is not None and sys.stderr.isatty()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show that `done` of `total` pieces of a stage are done; a total of 0 is one that is not known."""
        with self._lock:
            self._stages[stage] = (done, total)
            self._draw(stage)

    def _show(self) -> None:
        """Begin to draw: what was reported, and from now on what is."""
        bars = _bars()
        with self._lock:
            if not self._is_over:
                self._bars = bars
                for stage in self._stages:
                    self._draw(stage)

    def _draw(self, stage: str) -> None:
        if self._bars is None or self._is_over:
            return
        if not self._tasks:
            _end_waiting(self)
            self._bars.start()
        done, total = self._stages[stage]
        if stage not in self._tasks:
            self._make_room()
            self._tasks[stage] = self._bars.add_task(stage, total=total or None)
        self._bars.update(self._tasks[stage], completed=done, total=total or None)

    def _make_room(self) -> None:
        """Take away stages that are done, the oldest first: what is under way stays on the screen."""
        for stage in list(self._tasks):
            done, total = self._stages[stage]
            if len(self._tasks) >= SHOWN and 0 < total <= done and self._bars is not None:
                self._bars.remove_task(self._tasks.pop(stage))

    def end(self) -> None:
        """Take the line away, or never draw it."""
        if self._timer is not None:
            self._timer.cancel()
        with self._lock:
            self._is_over = True
            if self._bars is not None and self._tasks:
                self._bars.stop()

    def __enter__(self) -> Self:
        if not self.is_wanted():
            return self
        if self._patience <= 0:
            self._show()
        else:
            self._timer = threading.Timer(self._patience, self._show)
            self._timer.daemon = True  # an interrupt does not wait for it
            self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.end()


_waiting: ProgressLine | None = None


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Draw a line without an end for a block that lasts, unless something else is drawn or said by then."""
    global _waiting  # noqa: PLW0603  # a process has one terminal
    if not ProgressLine.is_wanted():
        yield
        return
    with ProgressLine(LONG) as line:
        line(what, 0, 0)
        _waiting = line
        try:
            yield
        finally:
            _waiting = None


def end_waiting() -> None:
    """Take away the line of a command that waits, before something is written where it stands."""
    _end_waiting(None)


def _end_waiting(drawn: ProgressLine | None) -> None:
    if _waiting is not None and _waiting is not drawn:
        _waiting.end()


def _bars() -> Progress:
    """Return Rich's display, which leaves nothing behind when it stops."""
    from rich.console import Console  # noqa: PLC0415  # 60 ms, for those who wait anyway
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, Task, TextColumn, TimeElapsedColumn  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415  # as above

    class Counted(MofNCompleteColumn):
        """How much is done of how much; nothing where neither is known."""

        def render(self, task: Task) -> Text:
            return super().render(task) if task.total or task.completed else Text()

    columns = (TextColumn("{task.description}"), BarColumn(), Counted(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
