"""Perform: run one command, write its answer, and tell by the exit status how it went."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from lestockage.cli.json_text import json_text
from lestockage.cli.message import say
from lestockage.cli.progress_line import waiting
from lestockage.cli.verdict import Verdict
from lestockage.errors import AmbiguousSymbol, LestockageError, UnknownSymbol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

DONE = 0
NOT_FOUND = 1
REFUSED = 2
INTERRUPTED = 130
_READER_GONE = 141  # what a shell reports for a process that a closed pipe ended


def perform(command: str, arguments: Mapping[str, object]) -> int:
    """Run a command's `answer` with its arguments and write it to standard output; return the exit status.

    An error is one line on standard error, and with the argument `as_json` also an object on standard output: `error`, and `candidates`
    where a symbol is unknown or ambiguous.
    """
    as_json = bool(arguments.get("as_json"))
    try:
        answer: Callable[..., str | Iterable[str] | Verdict] = import_module(f"lestockage.cli.{command}").answer
        with waiting(command):
            found = answer(**arguments)
        return _write(found.text, found.status) if isinstance(found, Verdict) else _write(found, DONE)
    except (UnknownSymbol, AmbiguousSymbol) as error:
        return _complain(error, NOT_FOUND, as_json=as_json, candidates=list(error.candidates))
    except LestockageError as error:
        return _complain(error, REFUSED, as_json=as_json)
    except KeyboardInterrupt:
        say("Interrupted: the last commit stands.")
        return INTERRUPTED


def _complain(error: LestockageError, status: int, *, as_json: bool, **facts: object) -> int:
    """Say what went wrong, in one line whatever the names in it hold."""
    message = " ".join(str(error).split())
    say(message)
    if not as_json:
        return status
    return _write(json_text({"error": message, **facts}), status)


def _write(text: str | Iterable[str], status: int) -> int:
    """Write an answer, whole or piece by piece, and return the status; what the terminal's encoding lacks is escaped."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        for piece in [text] if isinstance(text, str) else text:
            sys.stdout.write(piece.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
        return _READER_GONE
    except OSError as error:
        _drop_output()
        say(f"The answer could not be written: {(error.strerror or str(error)).lower()}.")
        return REFUSED
    return status


def _drop_output() -> None:
    """Send what is still buffered nowhere, or the interpreter would fail on it once more at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, sys.stdout.fileno())
    finally:
        os.close(nowhere)
