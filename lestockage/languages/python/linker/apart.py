"""Apart: a project linked for the first time in another process, which sends back what is to be kept."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, NamedTuple

from lestockage.languages.python.linker.linker import Linker
from lestockage.languages.python.linker.results import file_calls
from lestockage.languages.python.linker.targets import encode

if TYPE_CHECKING:
    from lestockage.languages.python.linker.kept import PageNumber
    from lestockage.languages.python.linker.program import FileShape, Key


class Linked(NamedTuple):
    """What calls of each file lead to, encoded, and the state with which a linker goes on: its head and all pages."""

    calls: dict[str, bytes]
    head: bytes
    pages: list[tuple[int, PageNumber, bytes]]


def link_apart(shapes: dict[str, FileShape], order: list[str], flows: dict[Key, bytes]) -> Linked:
    """Link files by their shapes and the summaries of their units; `order` as for `Linker.update`."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        linker = Linker()
        linker.update(shapes, (), order, flows.__getitem__)
        calls = {path: encode(file_calls(linker, path)) for path in shapes}
        return Linked(calls, linker.head(), list(linker.changed_pages()))
    finally:
        if was_enabled:
            gc.enable()
