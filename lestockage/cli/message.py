"""Message: one line to the person at the keyboard, on standard error."""

from __future__ import annotations

import contextlib
import sys

from lestockage.cli.progress_line import end_waiting


def say(message: str) -> None:
    """Write a line to standard error, as far as anyone listens; what its encoding lacks is escaped, and line ends become spaces."""
    end_waiting()
    line = " ".join(message.split())
    encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
    with contextlib.suppress(OSError):
        sys.stderr.write(f"lestockage: {line}\n".encode(encoding, "backslashreplace").decode(encoding))
        sys.stderr.flush()
