"""Process identity: how a process on this machine is told from every other, and whether it still lives.

Process numbers are given again, and mean different processes in different namespaces: a number counts only together with the machine's
boot, its namespace and the moment the process started. Where the system does not say (no `/proc`), only the number is left.
"""

from __future__ import annotations

import contextlib
import functools
import os
from typing import Final

_START_FIELD: Final = 19
"""Which field after the closing parenthesis of `/proc/PID/stat` is the moment of the start (field 22 in proc(5))."""


@functools.cache
def machine() -> str:
    """Return what tells the space of process numbers that this process lives in from every other."""
    parts = []
    with contextlib.suppress(OSError), open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
        parts.append(file.read().strip())
    with contextlib.suppress(OSError):
        parts.append(os.readlink("/proc/self/ns/pid"))
    return " ".join(parts) or os.uname().nodename


def started(pid: int) -> int | None:
    """Return when a process started, in ticks since the boot: 0 where the system does not say, None when there is no such process."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
    except FileNotFoundError:
        return None if os.path.exists("/proc/self/stat") else _ask_for(pid)
    except OSError:
        return None
    return None if fields[0] in (b"Z", b"X") else int(fields[_START_FIELD])


def _ask_for(pid: int) -> int | None:
    """Ask the system whether a process is there, without a `/proc`."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        return 0
    return 0


def is_alive(pid: int, since: int) -> bool:
    """Tell whether the process of that number that started then is still running."""
    return started(pid) == since
