"""Worker: how a process that reads files for another begins, and when it ends."""

from __future__ import annotations

import gc
import os
import signal
import threading
from multiprocessing import parent_process


def begin() -> None:
    """Prepare this process to read files.

    It outlives no one: Ctrl-C is answered by the process it works for, whose death, however sudden, is its own. Trees hold no cycles that
    matter, so the cyclic garbage collector would only look at them.
    """
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    """Wait for the end of the process that started this one, and end at once: a queue without a reader would hold this one for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
