"""File events: bursts of changes of source files below a folder, as the operating system tells them.

Wait for them with `bursts`. Which files matter is decided by name only: what an event says may be out of date when it is read, so whoever
waits looks at the tree itself.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from lestockage.errors import MissingExtra
from lestockage.languages.python.module_names import PROJECT_FILES
from lestockage.workspace.ignore import IGNORE_FILE, SUFFIXES

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

_LEFT_OUT: Final = frozenset({".git", ".hg", ".lestockage", ".venv", "__pycache__", "node_modules"})
_QUIET_MS: Final = 50
"""A burst has ended when nothing happened for this long."""
_LONGEST_MS: Final = 1_600
"""A burst that does not end is cut here."""
_TURN_MS: Final = 500
"""How long one wait lasts, so that a root that is gone, or a wish to stop, is noticed."""


def is_relevant(root: str, path: str) -> bool:
    """Tell whether a change of a path below `root` can change an index: source, ignore and project files, and folders' own events.

    An editor's own files are not: swap files and backups have other suffixes, locks of Emacs begin with `.#`.
    """
    parts = os.path.relpath(path, root).split(os.sep)
    name = parts[-1]
    if not _LEFT_OUT.isdisjoint(parts) or name.startswith(".#"):
        return False
    return name.endswith(SUFFIXES) or name == IGNORE_FILE or name in PROJECT_FILES or "." not in name


def bursts(root: str, stop: threading.Event) -> Iterator[bool]:
    """Yield when something below `root` may have changed: True after events, and after each time that watching begins; ends with `stop`.

    False is yielded now and then between, so that the caller has its turn. A root that goes away is waited for.

    Raises:
        MissingExtra: watchfiles is not installed.
    """
    try:
        from watchfiles import watch  # noqa: PLC0415  # an extra, and only for this
    except ImportError as error:
        raise MissingExtra("lestockage watch", "watch") from error
    while not stop.is_set():
        if not os.path.isdir(root):
            stop.wait(_TURN_MS / 1000)
            yield False
            continue
        is_new = True
        events = watch(
            root,
            watch_filter=lambda _kind, path: is_relevant(root, path),
            debounce=_LONGEST_MS,
            step=_QUIET_MS,
            rust_timeout=_TURN_MS // 5,
            yield_on_timeout=True,
            stop_event=stop,
            raise_interrupt=True,
            ignore_permission_denied=True,
        )
        for changes in events:
            # What was saved while nobody watched sends no event: hence a look after each beginning.
            yield bool(changes) or is_new
            is_new = False
            if not os.path.isdir(root):
                break
