"""Watch: the command that keeps a database in step with a tree while it is edited, and says what each burst of saves came to."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.message import say
from lestockage.cli.progress_line import end_waiting
from lestockage.cli.table import quantity, table
from lestockage.errors import PathNotFound, UnusableCommand

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lestockage.languages.symbol_changes import SymbolChange
    from lestockage.workspace.watching import Reason, Saved

_SHOWN = 12
"""How many symbols and tests are named for people; `--json` has them all."""


def answer(  # noqa: PLR0913  # one parameter an option
    *,
    path: str,
    db: str | None = None,
    project: str | None = None,
    jobs: int = 1,
    run: str | None = None,
    as_json: bool = False,
) -> str:
    """Write what each burst of saves came to until interrupted, and run `run` after each; nothing is left to return.

    Raises:
        PathNotFound: nothing is there; no database is made.
        UnusableCommand: `run` cannot be split into words, or names no program.
        MissingExtra: watchfiles is not installed.
    """
    if not os.path.isdir(path):
        raise PathNotFound(path)
    words = _words(run)
    from lestockage.workspace.walk import Failure  # noqa: PLC0415  # a mistyped path needs none of it
    from lestockage.workspace.watching import Watcher  # noqa: PLC0415  # as above

    try:
        with Watcher(database_path(db), path, project=project, jobs=jobs) as watcher:
            first = watcher.first
            say(f"{first.project}: {quantity(first.files, 'file')}, {quantity(first.nodes, 'symbol')}; watching {path} (Ctrl-C ends).")
            for saved in watcher.saves():
                if isinstance(saved, Failure):
                    say(f"{saved.path} cannot be read: {saved.reason} It is waited for.")
                    continue
                _write(json_text(_object(saved)).replace("\n", "") + "\n" if as_json else _text(saved))
                if words:
                    _run(words, saved)
    except KeyboardInterrupt:
        say("Stopped: everything that was written stands.")
    return ""


def _words(command: str | None) -> list[str]:
    """Split a command as a shell would, without running one."""
    if command is None:
        return []
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise UnusableCommand(command, str(error).lower()) from error
    if not words:
        raise UnusableCommand(command, "it is empty")
    return words


def _run(words: Sequence[str], saved: Saved) -> None:
    """Run a command and wait for it, so that two never overlap; what was saved meanwhile is the next burst."""
    facts = {
        "LESTOCKAGE_FILES": saved.files,
        "LESTOCKAGE_SYMBOLS": [_place_name(change) for change in saved.changes if not change.is_from_members],
        "LESTOCKAGE_TESTS": [test.id for test in saved.tests],
    }
    environment = {**os.environ, **{name: "\n".join(values) for name, values in facts.items()}}
    try:
        status = subprocess.run(words, env=environment, check=False).returncode  # noqa: S603  # the user's own command, without a shell
    except OSError as error:
        raise UnusableCommand(shlex.join(words), (error.strerror or str(error)).lower()) from error
    if status:
        say(f"{words[0]} ended with status {status}.")


def _write(text: str) -> None:
    end_waiting()
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
    sys.stdout.flush()


def _text(saved: Saved) -> str:
    """Spell a burst for people: files, symbols, what ran because of what, and what is affected."""
    names = ", ".join(saved.files[:3]) + (f" and {len(saved.files) - 3} more" if len(saved.files) > 3 else "")
    lines = [f"{time.strftime('%H:%M:%S')} {quantity(len(saved.files), 'file')} saved: {names} ({saved.report.seconds:.2f} s)\n"]
    shown = [change for change in saved.changes if not change.is_from_members]
    lines += [table([_cells(change) for change in shown[:_SHOWN]], "  ") if shown else "  no symbol differs\n", _more(shown)]
    lines += [f"  ran {_counts(reason.executed)}: {reason.cause}\n" for reason in saved.reasons[:_SHOWN]]
    if saved.reached:
        near = ", ".join(each.node.qualified_name for each in saved.reached[:_SHOWN])
        lines.append(f"  can affect {quantity(len(saved.reached), 'symbol')}: {near}{', …' if len(saved.reached) > _SHOWN else ''}\n")
    if saved.tests:
        lines += [f"  affected tests: {len(saved.tests):,}\n", *[f"    {test.id}\n" for test in saved.tests[:_SHOWN]], _more(saved.tests)]
    lines += [f"  failed: {failure.path}: {failure.reason}\n" for failure in saved.report.failed if failure.path in saved.files]
    return "".join(lines)


def _more(given: Sequence[object]) -> str:
    return f"    and {len(given) - _SHOWN:,} more\n" if len(given) > _SHOWN else ""


def _counts(executed: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in executed.items())


def _cells(change: SymbolChange) -> tuple[str, str, str]:
    return change.change, change.kind, _place_name(change) + (f" ({', '.join(change.parts)})" if change.parts else "")


def _place_name(change: SymbolChange) -> str:
    place = change.new or change.old
    assert place is not None  # noqa: S101  # a change has one of them
    return place.qualified_name


def _object(saved: Saved) -> dict[str, object]:
    return {
        "files": list(saved.files),
        "changes": [
            {
                **change._asdict(),
                "old": change.old and change.old._asdict(),
                "new": change.new and change.new._asdict(),
            }
            for change in saved.changes
        ],
        "executed": [_reason(reason) for reason in saved.reasons],
        "affected": [
            {"qualified_name": each.node.qualified_name, "file_path": each.node.file_path, "distance": each.distance}
            for each in saved.reached
        ],
        "tests": [test.id for test in saved.tests],
        "failed": [failure._asdict() for failure in saved.report.failed],
        "seconds": round(saved.report.seconds, 3),
    }


def _reason(reason: Reason) -> dict[str, object]:
    return {"cause": reason.cause, "queries": reason.executed}
